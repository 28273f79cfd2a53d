"""What the parameters of a list of content mean: each adds to a selection."""

from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from api import parameters
from api.publications.cursor import Order
from api.publications.features import FEATURES, HAS, SOURCE, source_key
from api.publications.filters import KeyFilter, MomentFilter, parameters_of, plugin_filters
from api.publications.selection import Selection
from api.publications.shelves import AUTHOR, SECTION, TAG
from api.search.question import queries_of, terms_of
from cms.content.models import ContentPage
from cms.content.types import content_types
from cms.registry.owners import owner_of
from cms.registry.states import is_active

Filter = Callable[[Selection, QueryDict, str], None]


def active_types() -> dict[str, type[ContentPage]]:
    """The content types whose plugin is not switched off."""
    return {name: model for name, model in content_types().items() if is_active(owner_of(model))}


def plugin_parameters() -> list[str]:
    """The names of the parameters that active plugins' filters take."""
    keys, moments = plugin_filters()
    every: list[KeyFilter | MomentFilter] = [*keys, *moments]
    return [name for each in every if is_active(owner_of(each.model)) for name in parameters_of(each)]


def known_types(query: QueryDict, name: str) -> list[str]:
    """The content types that a parameter names; empty where it names none. Raises ValidationError."""
    types = parameters.words(query, name)
    active = active_types() if types else {}
    if unknown := sorted(set(types) - set(active)):
        known = ", ".join(active)
        raise ValidationError({name: f"There is no type {', '.join(unknown)[:60]}. Types: {known}."})
    return types


def selection_of(query: QueryDict) -> Selection:
    """What the filters of this query ask for. Raises ValidationError."""
    selection = Selection(locales=parameters.locales(query) or (parameters.DEFAULT_LOCALE,))
    for name in query:
        if name in FILTERS:
            FILTERS[name](selection, query, name)
    if unknown := [name for name in query if name not in FILTERS]:
        _plugins(selection, query, unknown)
    selection.order = _order(selection, query)
    return selection


# --- the core's filters -----------------------------------------------------------------------------------------


def _types(selection: Selection, query: QueryDict, name: str) -> None:
    if types := known_types(query, name):
        selection.of_types(each for each in types if each not in _excluded_types(query))


def _without_types(selection: Selection, query: QueryDict, name: str) -> None:
    if not known_types(query, "type") and (excluded := _excluded_types(query)):
        listed = [each for each, model in active_types().items() if model.listed]
        selection.of_types(each for each in listed if each not in excluded)


def _excluded_types(query: QueryDict) -> list[str]:
    return known_types(query, "exclude_type") if "exclude_type" in query else []


def _shelved(selection: Selection, query: QueryDict, name: str) -> None:
    if not (values := parameters.words(query, name)):
        return
    excluded = parameters.words(query, _EXCLUDING[name]) if name in _EXCLUDING else []
    # All that stands on a shelf which is excluded too would be walked along, in search of what can't be there.
    selection.on_shelf(name, (each for each in values if each not in excluded))


#: The parameters that exclude what another asks for.
_EXCLUDING = {SECTION: "exclude_section", TAG: "exclude_tag"}


def _has(selection: Selection, query: QueryDict, name: str) -> None:
    # Unlike other filters: all of them, so each is a question of its own.
    for value in parameters.choices(query, name, FEATURES):
        selection.all_of.append(f"{HAS}={value}")


def _source(selection: Selection, query: QueryDict, name: str) -> None:
    if values := parameters.words(query, name):
        selection.on_shelf(SOURCE, [source_key(value) for value in values])


def _bound(column: str, comparison: str) -> Filter:
    def bound(selection: Selection, query: QueryDict, name: str) -> None:
        if moment := parameters.moment(query, name):
            selection.bound(column, comparison, moment)

    return bound


def _ids(selection: Selection, query: QueryDict, name: str) -> None:
    if ids := parameters.page_ids(query, name):
        selection.where("p.page_id = ANY(%s::bigint[])", ids, finds=True)


def _without_ids(selection: Selection, query: QueryDict, name: str) -> None:
    if ids := parameters.page_ids(query, name):
        selection.where("p.page_id <> ALL(%s::bigint[])", ids)


def _without_sections(selection: Selection, query: QueryDict, name: str) -> None:
    if slugs := parameters.words(query, name):
        selection.where("p.section <> ALL(%s::text[])", slugs)


def _without_tags(selection: Selection, query: QueryDict, name: str) -> None:
    if slugs := parameters.words(query, name):
        selection.where("NOT p.tags && %s::varchar[]", slugs)


def _words(selection: Selection, query: QueryDict, name: str) -> None:
    if text := parameters.text(query, name):
        asked = queries_of(terms_of(text, list(selection.locales)), []).every
        # What excludes words only, or holds none, finds nothing, as in search.
        matches = "SELECT 1 FROM api_searchentry s WHERE s.page_id = p.page_id AND s.vector @@ %s::tsquery"
        selection.where(f"EXISTS ({matches})", asked, finds=True) if asked else selection.find_nothing()


def _nothing(selection: Selection, query: QueryDict, name: str) -> None:
    """Says something else than what is found."""


#: What each parameter of the core's means for what is found.
FILTERS: dict[str, Filter] = {
    "type": _types,
    SECTION: _shelved,
    AUTHOR: _shelved,
    TAG: _shelved,
    HAS: _has,
    SOURCE: _source,
    "published_after": _bound("published_at", ">="),
    "published_before": _bound("published_at", "<"),
    "updated_after": _bound("updated_at", ">="),
    "updated_before": _bound("updated_at", "<"),
    "ids": _ids,
    "exclude_ids": _without_ids,
    "exclude_type": _without_types,
    "exclude_section": _without_sections,
    "exclude_tag": _without_tags,
    "q": _words,
    **dict.fromkeys(("locale", "order", "page_size", "cursor", "fields", "expand"), _nothing),
}


def _order(selection: Selection, query: QueryDict) -> Order:
    """The order asked for; else of updates where updates are asked for, and of publication everywhere else."""
    default = Order.LATEST_UPDATE if "updated_at" in selection.moments else Order.NEWEST
    if "order" not in query:
        return default
    return Order(parameters.choice(query, "order", [each.value for each in Order]) or default)


# --- plugins' filters -------------------------------------------------------------------------------------------


def _plugins(selection: Selection, query: QueryDict, names: list[str]) -> None:
    """What plugins' filters ask for; a 400 for what is nobody's."""
    parameters.only(query, {*FILTERS, *plugin_parameters()})
    keys, moments = plugin_filters()
    for each in keys:
        if each.name in names and (values := _values(each, query)):
            selection.on_shelf(each.name, values)
    for each_moment in moments:
        after, before = parameters_of(each_moment)
        if after in names or before in names:
            _moment(selection, query, each_moment, after, before)


def _values(each: KeyFilter, query: QueryDict) -> list[str]:
    return (
        parameters.choices(query, each.name, allowed)
        if (allowed := each.allowed)
        else parameters.words(query, each.name)
    )


def _moment(selection: Selection, query: QueryDict, each: MomentFilter, after: str, before: str) -> None:
    own: Any = each.model.get_type_name()
    selection.of_types([own] if not selection.types or own in selection.types else [])
    for name, comparison in ((after, ">="), (before, "<")):
        if moment := parameters.moment(query, name):
            selection.where(f"p.moment {comparison} %s::timestamptz", moment, finds=True)
