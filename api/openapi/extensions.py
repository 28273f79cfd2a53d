"""Teaches drf-spectacular the serializers and fields that say more than DRF's own. Importing it is enough."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import get_class
from rest_framework import serializers

from api.openapi.blocks import body_schema
from api.openapi.teasers import is_teaser, teaser_component
from api.serializers.content import BodyRepresentation, PageReference, TeaserSerializer, TypeFieldsSerializer
from api.serializers.fields import ConstField, HtmlField, JsonLdField
from api.serializers.schema import DetailDocument, RelatedContent

Schema = dict[str, Any]
EXAMPLE = "<p>Перші автомобілі поїдуть новим мостом <strong>до кінця весни</strong>.</p>"


class Teasers(OpenApiSerializerExtension):
    """The common teaser is the union of those of all types, each a schema of its own."""

    target_class = TeaserSerializer

    @classmethod
    def _matches(cls, target: Any) -> bool:
        return is_teaser(get_class(target))

    def get_name(self, auto_schema: Any = None, direction: Any = None) -> str:
        return teaser_component(get_class(self.target)).name

    def get_identity(self, auto_schema: Any, direction: Any) -> Any:
        return teaser_component(get_class(self.target)).name

    def map_serializer(self, auto_schema: Any, direction: Any) -> Schema:
        return teaser_component(get_class(self.target)).schema(auto_schema, direction)


class ModelFields(OpenApiSerializerExtension):
    """What comes from a model's fields is always there, whatever a form may leave empty."""

    target_class = TypeFieldsSerializer
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Schema:
        schema: Schema = auto_schema._map_basic_serializer(self.target, direction)
        declared, fields = self.target._declared_fields, self.target.fields
        schema["required"] = [
            name
            for name in schema.get("properties", {})
            if name not in declared or fields[name].required or fields[name].read_only
        ]
        return schema


class References(OpenApiSerializerFieldExtension):
    """A reference leaves as the teaser of what it refers to, or null."""

    target_class = PageReference

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Schema:
        component = auto_schema.resolve_serializer(TeaserSerializer(), direction)
        return {"oneOf": [component.ref, {"type": "null"}]}


class Related(OpenApiSerializerExtension):
    """A detail or a teaser. Both have a ``type`` of the same name: what tells them apart is whether there is a body."""

    target_class = RelatedContent
    priority = 1  # it is a teaser too

    def map_serializer(self, auto_schema: Any, direction: Any) -> Schema:
        choices = [auto_schema.resolve_serializer(each, direction).ref for each in (DetailDocument, TeaserSerializer())]
        return {"description": self.target.__doc__, "anyOf": choices}


class Bodies(OpenApiSerializerFieldExtension):
    target_class = BodyRepresentation

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Schema:
        return body_schema(auto_schema, self.target)


class Consts(OpenApiSerializerFieldExtension):
    target_class = ConstField

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Schema:
        return {"type": "string", "const": self.target.value}


class AddressesOrNone(OpenApiSerializerFieldExtension):
    """What a method answers: an address, or nothing. drf-spectacular says it of fields that stand in a serializer."""

    target_class = serializers.URLField

    @classmethod
    def _matches(cls, target: Any) -> bool:
        return isinstance(target, serializers.URLField) and target.allow_blank and target.parent is None

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Schema:
        return {"anyOf": [{"type": "string", "format": "uri"}, {"type": "string", "maxLength": 0}]}


class Html(OpenApiSerializerFieldExtension):
    target_class = HtmlField
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Schema:
        return {
            "type": "string",
            "description": "HTML; Markdown if `rich_text=markdown` asks for it",
            "examples": [EXAMPLE],
        }


class JsonLd(OpenApiSerializerFieldExtension):
    """Either one thing, or a graph of several that belong together."""

    target_class = JsonLdField

    def get_name(self) -> str:
        return "JsonLd"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Schema:
        context = {"type": "string", "const": "https://schema.org"}
        thing = {
            "type": "object",
            "properties": {"@context": context, "@type": {"type": "string"}},
            "required": ["@context", "@type"],
            "additionalProperties": True,
        }
        part = {
            "type": "object",
            "properties": {"@type": {"type": "string"}},
            "required": ["@type"],
            "additionalProperties": True,
        }
        graph = {
            "type": "object",
            "properties": {"@context": context, "@graph": {"type": "array", "items": part, "minItems": 1}},
            "required": ["@context", "@graph"],
            "additionalProperties": True,
        }
        return {
            "description": "Structured data of https://schema.org: put it as it is into a "
            '`<script type="application/ld+json">`.',
            "oneOf": [thing, graph],
        }
