"""What Wagtail's own API (v3) shows of content and lets its clients write, where that API is switched on.

Wagtail asks ``api_fields`` for that, which in Ostriv say what a type adds to the detail under ``/api/v1/``. What is
added here is marked as Wagtail's (``WagtailField``), and Ostriv's own API leaves it out.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from wagtail.api import APIField

from cms.content.models import (
    Author,
    ContentByline,
    ContentCorrection,
    ContentPage,
    ContentRelated,
    Section,
)
from cms.content.types import content_types


class WagtailField(APIField):
    """A field of Wagtail's API only, readable and writable."""

    def __init__(self, name: str) -> None:
        super().__init__(name, writable=True)


#: Of every content type, beside the title, the slug and the words for search engines, which Wagtail adds itself.
COMMON = [
    "lede",
    "body",
    "section",
    "bylines",
    "tags",
    "image",
    "published_at",
    "source_name",
    "source_url",
    "related_items",
    "corrections",
]
_OTHERS: dict[type[models.Model], list[str]] = {
    ContentByline: ["author"],
    ContentRelated: ["related"],
    ContentCorrection: ["made_at", "text"],
    Section: ["name", "slug", "description", "sort_order"],
    Author: ["name", "slug", "role", "bio", "photo"],
}


def expose() -> None:
    """Tell Wagtail's API of these fields. Called once, when all models are loaded and Wagtail's apps are not ready."""
    _take_references_by_their_names()
    for model in content_types().values():
        own = [_of_type(model, field) for field in _listed(model)]
        common = [WagtailField(name) for name in COMMON if name not in {field.name for field in own}]
        model.api_fields = [*common, *own]
    for other, names in _OTHERS.items():
        setattr(other, "api_fields", [WagtailField(name) for name in names])  # noqa: B010  (no such attribute so far)


def _take_references_by_their_names() -> None:
    """References are written under the names that they are read by: ``section`` as well as ``section_id``.

    Wagtail takes the second alone, and drops the first without a word.
    """
    from wagtail.api.v3.schemas import create_generator, patch_generator  # loaded only where that API is on

    for generator in (create_generator, patch_generator):
        generator.register_field_schema(models.ForeignKey, _by_either_name)


def _by_either_name(generator: Any, field: Any) -> Any:
    from ninja.orm.fields import get_schema_field
    from pydantic import AliasChoices, Field

    annotation, found = get_schema_field(field)
    names = AliasChoices(field.name, field.attname)
    described = Field(found.default, validation_alias=names, title=found.title, description=found.description)
    return annotation, described


def _listed(model: type[models.Model]) -> Iterable[APIField]:
    return APIField.get_fields_for_model(model)


def _is_known(field: Any) -> bool:
    """Whether Wagtail's API can say what is to be sent. Of amounts, which forms take as words, it can't."""
    from ninja.orm.fields import TYPES  # loaded only where that API is on

    return field.is_relation or field.get_internal_type() in TYPES


def _of_type(model: type[ContentPage], field: APIField) -> APIField:
    """A field that the type itself shows: writable too, if it is one that a form can fill."""
    try:
        found: Any = model._meta.get_field(field.name)
    except FieldDoesNotExist:
        return field  # a property
    is_plain = getattr(found, "concrete", False) and found.editable and _is_known(found)
    return APIField(field.name, field.serializer, writable=is_plain and field.serializer is None)
