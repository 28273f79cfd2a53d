"""A teaser as a union: one schema a content type, told apart by ``type``."""

from functools import cache
from typing import Any

from api.serializers.content import DetailSerializer, TeaserSerializer, teaser_serializer
from api.serializers.fields import ConstField
from cms.content.models import ContentPage
from cms.content.types import content_types
from cms.registry.owners import owner_of

Schema = dict[str, Any]
Teaser = type[TeaserSerializer]


def is_teaser(serializer: Any) -> bool:
    """Whether this class is a teaser, and no detail."""
    is_class = isinstance(serializer, type) and issubclass(serializer, TeaserSerializer)
    return is_class and not issubclass(serializer, DetailSerializer)


class Union:
    """The teaser of any type."""

    name = "Teaser"

    def __init__(self, models: list[type[ContentPage]]) -> None:
        self.models = models

    def schema(self, auto_schema: Any, direction: Any) -> Schema:
        resolved = {
            model.get_type_name(): auto_schema.resolve_serializer(documented_teaser(model)(), direction).ref
            for model in self.models
        }
        return {
            "description": "The one shape of content in every list. Every type has these keys, some add their own.",
            "oneOf": list(resolved.values()),
            "discriminator": {
                "propertyName": "type",
                "mapping": {name: reference["$ref"] for name, reference in resolved.items()},
            },
        }


class OfType:
    """The teaser of one type."""

    def __init__(self, serializer: Teaser, model: type[ContentPage]) -> None:
        self.serializer, self.model = serializer, model
        self.name = f"{model.__name__.removesuffix('Page')}Teaser"

    def schema(self, auto_schema: Any, direction: Any) -> Schema:
        schema: Schema = auto_schema._map_basic_serializer(self.serializer(), direction)
        name = self.model.get_type_name()
        schema["properties"]["type"] = {"type": "string", "const": name}
        own = set(schema["properties"]) - set(TeaserSerializer().fields)
        if owner_of(self.model) and own:
            # While a plugin fails to make its teasers, readers get the common ones.
            schema["required"] = [each for each in schema["required"] if each not in own]
        return schema


class WithMore:
    """The teaser of any type with something of the list that it is in."""

    def __init__(self, serializer: Teaser) -> None:
        self.serializer = serializer
        self.name = serializer.__name__.removesuffix("Serializer")

    def schema(self, auto_schema: Any, direction: Any) -> Schema:
        mapped: Schema = auto_schema._map_basic_serializer(self.serializer(), direction)
        common = set(TeaserSerializer().fields)
        more = {key: value for key, value in mapped["properties"].items() if key not in common}
        added = {
            "type": "object",
            "properties": more,
            "required": [each for each in mapped.get("required", []) if each in more],
        }
        # The members and no reference to the union: openapi-typescript takes what has a discriminator for a base class.
        union = Union(list(content_types().values())).schema(auto_schema, direction)
        teaser = {"oneOf": union["oneOf"]}
        description = {"description": mapped["description"]} if mapped.get("description") else {}
        return {**description, "allOf": [teaser, added]}


@cache
def teaser_component(serializer: Teaser) -> Union | OfType | WithMore:
    """What the schema says in the place of this serializer."""
    models = list(content_types().values())
    if serializer is TeaserSerializer:
        return Union(models)
    for model in models:
        if serializer is documented_teaser(model) or serializer is teaser_serializer(model):
            return OfType(serializer, model)
    return WithMore(serializer)


def documented_teaser(model: type[ContentPage]) -> Teaser:
    """The serializer that describes this type's teaser: its own, or the common one under the type's name."""
    registered = teaser_serializer(model)
    return _named(model.get_type_name(), model.__name__) if registered is TeaserSerializer else registered


@cache
def _named(type_name: str, class_name: str) -> Teaser:
    return type(f"{class_name}Teaser", (TeaserSerializer,), {"type": ConstField(type_name), "__doc__": ""})
