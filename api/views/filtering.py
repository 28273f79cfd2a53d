"""Plugins' filters on lists of content, and the types that can be asked for now."""

from typing import Any

from rest_framework.exceptions import ValidationError

from api import parameters
from api.publications.filters import KeyFilter, MomentFilter, parameters_of, plugin_filters
from api.publications.models import PublicationQuerySet
from cms.content.models import ContentPage
from cms.content.types import content_types
from cms.registry.owners import owner_of
from cms.registry.states import is_active


def active_types() -> dict[str, type[ContentPage]]:
    """The content types whose plugin is not switched off."""
    return {name: model for name, model in content_types().items() if is_active(owner_of(model))}


def plugin_parameters() -> list[str]:
    """The names of the parameters that active plugins' filters take."""
    keys, moments = plugin_filters()
    every: list[KeyFilter | MomentFilter] = [*keys, *moments]
    return [name for each in every if is_active(owner_of(each.model)) for name in parameters_of(each)]


def narrowed(rows: PublicationQuerySet, query: Any) -> PublicationQuerySet:
    """These publications, narrowed by the plugins' filters that the query names."""
    keys, moments = plugin_filters()
    for each in keys:
        if values := parameters.words(query, each.name):
            _refuse_unknown(each, values)
            rows = rows.filter(keys__overlap=[f"{each.name}={value}" for value in values])
    for each_moment in moments:
        after, before = (parameters.moment(query, name) for name in parameters_of(each_moment))
        if after or before:
            rows = rows.filter(type=each_moment.model.get_type_name())
        if after:
            rows = rows.filter(moment__gte=after)
        if before:
            rows = rows.filter(moment__lt=before)
    return rows


def _refuse_unknown(each: KeyFilter, values: list[str]) -> None:
    allowed = each.allowed
    if allowed and (unknown := sorted(set(values) - set(allowed))):
        raise ValidationError({each.name: f"There is no {', '.join(unknown)[:60]}. Allowed: {', '.join(allowed)}."})
