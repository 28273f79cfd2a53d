"""Fields that say more in the schema than DRF's own can."""

from typing import Any

from drf_spectacular.drainage import get_override
from rest_framework import serializers


class ConstField(serializers.CharField):
    """Always this one text: what a union of shapes is told apart by."""

    def __init__(self, value: str, **kwargs: Any) -> None:
        self.value = value
        super().__init__(**kwargs)


class HtmlField(serializers.CharField):
    """Clean HTML: only the elements of running text, links with absolute addresses."""


class JsonLdField(serializers.DictField):
    """Structured data of https://schema.org, ready for a ``<script type="application/ld+json">``."""


def answered_by_method(field: serializers.SerializerMethodField) -> Any:
    """The field that describes what this field's method answers, as ``extend_schema_field`` has it; else None."""
    shape = get_override(getattr(field.parent, field.method_name or "", None), "field")
    return shape() if isinstance(shape, type) else shape
