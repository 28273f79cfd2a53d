"""The OpenAPI document of this installation, and the JSON Schemas in it. Made once a process: it takes a second."""

from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer

from api.openapi.references import name_in
from cms.content.models import ContentPage

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def document() -> Schema:
    """The OpenAPI document. Plugins that are switched off are described too: they may be on a moment later."""
    # Descriptions are written in English; names of types and choices are not to follow whoever asks first.
    with translation.override("en"):
        found: Schema = SchemaGenerator().get_schema(request=None, public=True)
    return found


@cache
def rendered(*, is_json: bool) -> bytes:
    """The document as JSON or YAML."""
    renderer: Any = OpenApiJsonRenderer() if is_json else OpenApiYamlRenderer()
    return bytes(renderer.render(document(), renderer_context={}))


def detail_schema(model: type[ContentPage], address: str) -> Schema:
    """The JSON Schema of this type's detail, which needs nothing beside itself. ``address`` is where it is served."""
    union = document()["components"]["schemas"]["Detail"]
    root = name_in(union["discriminator"]["mapping"][model.get_type_name()])
    schema = self_contained(root, document()["components"]["schemas"])
    return {"$schema": DIALECT, "$id": address, "title": root, **schema}


def self_contained(root: str, schemas: dict[str, Schema]) -> Schema:
    """One of an OpenAPI document's schemas as a JSON Schema, with all that it refers to in ``$defs``."""
    needed: dict[str, Schema] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = _as_json_schema(schemas[name], waiting)
    return (
        {**needed.pop(root), "$defs": dict(sorted(needed.items()))}
        if root not in _referred(needed)
        else {
            "$ref": f"#/$defs/{root}",
            "$defs": dict(sorted(needed.items())),
        }
    )


def _as_json_schema(schema: Any, found: list[str]) -> Any:
    """Without OpenAPI's own words; the names that it refers to are put into ``found``."""
    if isinstance(schema, list):
        return [_as_json_schema(each, found) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str):
        name = name_in(schema["$ref"])
        found.append(name)
        return {**schema, "$ref": f"#/$defs/{name}"}
    return {key: _as_json_schema(value, found) for key, value in schema.items() if key not in ("discriminator",)}


def _referred(schemas: dict[str, Schema]) -> set[str]:
    found: list[str] = []

    def look(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                found.append(value["$ref"].removeprefix("#/$defs/"))
            for each in value.values():
                look(each)
        elif isinstance(value, list):
            for each in value:
                look(each)

    look(schemas)
    return set(found)
