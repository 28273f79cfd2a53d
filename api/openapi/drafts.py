"""Drafts in the document: as the public documents are, and what nobody has written or published yet is null."""

from typing import Any

from api.openapi.references import name_in, reference_to

Schema = dict[str, Any]
UNION = "Draft"
#: What a page gets when it is saved and published for the first time.
_GIVEN_LATER = ("id", "published_at", "updated_at")
_NULL: Schema = {"type": "null"}


def describe(schemas: dict[str, Schema], common: set[str]) -> None:
    """Give every detail in the union of drafts a schema of its own. ``common`` are the keys that all types have."""
    union = schemas[UNION]
    mapping = union["discriminator"]["mapping"]
    for kind, reference in mapping.items():
        name = name_in(reference)
        if name.endswith("Detail"):
            draft = f"{name.removesuffix('Detail')}Draft"
            schemas[draft] = _draft_of(schemas[name], common)
            mapping[kind] = reference_to(draft)
    union["oneOf"] = [{"$ref": reference} for reference in mapping.values()]


def _draft_of(detail: Schema, common: set[str]) -> Schema:
    """A plugin that can't make anything of a half-written draft leaves the keys of all types."""
    properties = {
        key: _or_null(schema) if key in _GIVEN_LATER or key not in common else schema
        for key, schema in detail["properties"].items()
    }
    required = [key for key in detail["required"] if key in common]
    return {**detail, "properties": properties, "required": required}


def _or_null(schema: Schema) -> Schema:
    kind = schema.get("type")
    if kind == "null" or _NULL in schema.get("oneOf", []) or (isinstance(kind, list) and "null" in kind):
        return schema
    described = {key: schema[key] for key in ("description",) if key in schema}
    return {**described, "oneOf": [{key: value for key, value in schema.items() if key not in described}, dict(_NULL)]}
