"""A body as a union of blocks: one schema a block type, told apart by ``type``."""

from typing import Any

from drf_spectacular.plumbing import ResolvedComponent, force_instance
from rest_framework import serializers
from wagtail.blocks import Block, StreamBlock

from api.openapi.derived import value_schema
from api.publications.blocks import declared_schemas, is_rendered
from api.serializers.blocks import VALUES
from cms.content.blocks import BodyBlock
from cms.content.kept import NEEDS_PLUGIN
from cms.content.models import ContentPage
from cms.registry.blocks import plugin_blocks

Schema = dict[str, Any]
#: What `value` is where its plugin doesn't say.
ANYTHING = {"description": "Its plugin doesn't say what this is made of"}


def body_schema(auto_schema: Any, field: serializers.Field[Any, Any, Any, Any]) -> Schema:
    """The schema of a stream: a list of the blocks that may be in it."""
    stream, name = _stream_of(field)
    return {"type": "array", "items": _union(auto_schema, stream, name)}


def _stream_of(field: serializers.Field[Any, Any, Any, Any]) -> tuple[StreamBlock, str]:
    """The stream that a field shows, and what the union of its blocks is called."""
    model = getattr(getattr(field.parent, "Meta", None), "model", ContentPage)
    stream = model._meta.get_field(field.source).stream_block
    if isinstance(stream, BodyBlock):
        return stream, "Block"
    kind = type(stream).__name__
    # A stream of blocks listed in the field itself has no name of its own.
    return stream, kind if kind != "StreamBlock" else f"{model.__name__}{_camel(str(field.source))}Block"


def _union(auto_schema: Any, stream: StreamBlock, name: str) -> Schema:
    members = {
        kind: _member(auto_schema, kind, block, name)
        for kind, block in stream.child_blocks.items()
        if kind != NEEDS_PLUGIN
    }
    union: Schema = {
        "description": "One block; what `value` is follows from `type`. Plugins add some: show what you don't know as "
        "well as you can, or leave it out.",
        "oneOf": list(members.values()),
        "discriminator": {
            "propertyName": "type",
            "mapping": {kind: member["$ref"] for kind, member in members.items()},
        },
    }
    return _component(auto_schema, name, union if members else {})


def _member(auto_schema: Any, kind: str, block: Block, union: str) -> Schema:
    value = _value(auto_schema, kind, block)
    schema: Schema = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "description": "Stays the same when the text is changed: a key for lists"},
            "type": {"type": "string", "const": kind},
            "value": value,
        },
        "required": ["id", "type", "value"],
    }
    if (own := plugin_blocks().get(kind)) and own.declared.html:
        schema["properties"]["html"] = {
            "type": "string",
            "description": "The plugin's own HTML of it, where it refers to no other content: for feeds, and for "
            "frontends that don't know the block",
        }
    if description := (type(block).__doc__ or "").strip().split("\n")[0]:
        schema["description"] = description if not _is_wagtails(block) else f"`{kind}`"
    return _component(auto_schema, _member_name(kind, union), schema)


def _member_name(kind: str, union: str) -> str:
    """A block has one shape wherever it stands; what a plugin lists in a field of its own may share its name only."""
    is_known = kind in plugin_blocks() or is_rendered(kind)
    return f"{_camel(kind)}Block" if is_known else f"{union.removesuffix('Block')}{_camel(kind)}Block"


def _value(auto_schema: Any, kind: str, block: Block) -> Schema:
    own = plugin_blocks().get(kind)
    if own and own.declared.schema is not None:
        return _mapped(auto_schema, own.declared.schema)
    if own and own.declared.api:
        return dict(ANYTHING)
    if kind in declared_schemas:
        return _mapped(auto_schema, declared_schemas[kind])
    if is_rendered(kind):
        return _mapped(auto_schema, VALUES[kind]) if kind in VALUES else dict(ANYTHING)
    return value_schema(block)


def _mapped(auto_schema: Any, shape: Any) -> Schema:
    found = auto_schema._map_serializer_field(force_instance(shape), "response")
    # drf-spectacular has nothing to say of a serializer without fields.
    return dict(found) if found else {"type": "object", "properties": {}}


def _component(auto_schema: Any, name: str, schema: Schema) -> Schema:
    component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, object=name, schema=schema)
    auto_schema.registry.register_on_missing(component)
    return dict(component.ref)


def _is_wagtails(block: Block) -> bool:
    return type(block).__module__.startswith("wagtail.")


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
