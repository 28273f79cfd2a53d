"""Details whose rich text is Markdown. Which of their values are rich text is what the schema says of them."""

from functools import cache
from typing import Any

from rest_framework import serializers

from api.publications.blocks import declared_schemas
from api.publications.markdown import to_markdown
from api.serializers.blocks import VALUES
from api.serializers.content import BodyRepresentation
from api.serializers.fields import HtmlField, answered_by_method
from api.serializers.schema import detail_document_schema
from cms.content.models import ContentPage
from cms.registry.blocks import plugin_blocks

Json = Any
Document = dict[str, Any]


def in_markdown(document: Document, model: type[ContentPage]) -> Document:
    """This detail of a page of this type, with Markdown for its rich text. Blocks of plugins that say nothing of
    their values, and players of embedded things, stay as they are.
    """
    converted: Document = _converted(document, detail_document_schema(model)())
    return converted


def _converted(value: Json, field: Any) -> Json:
    if value is None:
        return None
    if isinstance(field, HtmlField):
        return to_markdown(value) if isinstance(value, str) else value
    if isinstance(field, BodyRepresentation):
        return [_block(block) for block in value]
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        return [_converted(item, field.child) for item in value] if isinstance(value, list) else value
    if isinstance(field, serializers.Serializer) and isinstance(value, dict):
        shown = _fields(type(field))
        return {key: _converted(item, shown[key]) if key in shown else item for key, item in value.items()}
    if isinstance(field, serializers.SerializerMethodField):
        return _converted(value, answered_by_method(field))
    return value


@cache
def _fields(shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    return dict(shape().fields)


def _block(block: Document) -> Document:
    shape = _shape_of(block["type"])
    return {**block, "value": _converted(block["value"], shape)} if shape is not None else block


def _shape_of(kind: str) -> Any:
    own = plugin_blocks().get(kind)
    shape = own.declared.schema if own else declared_schemas.get(kind, VALUES.get(kind))
    return shape() if isinstance(shape, type) else shape
