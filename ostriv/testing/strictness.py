"""Schemas as tests mean them: no key that isn't described, and faults that name the place.

What the document allows for the future (keys that are added) is a fault today. Unions are asked by what tells their
members apart, so that a fault is that of the one member that was meant and not of them all.
"""

import json
from typing import Any

Json = dict[str, Any]
_REFERENCE = "#/components/schemas/"
#: What the name of a schema ends with where it may have more keys: those of what it is put together with.
_OPEN = "~open"


def strict(schema: Json, schemas: dict[str, Json], *, is_sparse: bool = False) -> Json:
    """This schema and all that it may refer to. ``is_sparse``: of a document of which only some keys were asked for."""
    change = _Change(schemas, is_sparse)
    components = {name: change.closed(each) for name, each in schemas.items()}
    components |= {f"{name}{_OPEN}": change.opened(each) for name, each in schemas.items()}
    return {**change.closed(schema), "components": {"schemas": components}}


class _Change:
    def __init__(self, schemas: dict[str, Json], is_sparse: bool) -> None:
        self.is_sparse = is_sparse
        unions = [each for each in schemas.values() if "discriminator" in each]
        self.discriminators = {json.dumps(each["oneOf"]): each["discriminator"] for each in unions}

    def closed(self, schema: Any) -> Any:
        """With no keys but those described."""
        if not isinstance(schema, dict):
            return schema
        if "allOf" in schema and all(isinstance(each, dict) for each in schema["allOf"]):
            return {**self._inside(schema, {"allOf"}), **self._parts(schema), "unevaluatedProperties": False}
        changed = self._inside(schema)
        if "properties" in schema and "additionalProperties" not in schema:
            changed["additionalProperties"] = False
        return changed

    def opened(self, schema: Json) -> Json:
        """With other keys beside them, which belong to another part of the same thing."""
        if "$ref" in schema:
            return {**schema, "$ref": f"{schema['$ref']}{_OPEN}"}
        if "oneOf" in schema and (known := self.discriminators.get(json.dumps(schema["oneOf"]))):
            return self._chosen({**schema, "discriminator": known}, _OPEN)
        return {**self._inside(schema, {"allOf"}), **self._parts(schema)}

    def _parts(self, schema: Json) -> Json:
        return {"allOf": [self.opened(each) for each in schema["allOf"]]} if "allOf" in schema else {}

    def _inside(self, schema: Json, without: set[str] = frozenset()) -> Json:  # type: ignore[assignment]
        if "discriminator" in schema:
            return self._chosen(schema, "")
        if one := _or_null(schema):
            return {"if": {"type": "null"}, "else": self.closed(one)}
        left_out = {*without, *({"required"} if self.is_sparse else ())}
        changed: Json = {}
        for key, value in schema.items():
            if key in left_out or key in ("example", "examples", "default", "description", "title"):
                continue
            if key == "properties":
                changed[key] = {name: self.closed(each) for name, each in value.items()}
            elif key in ("items", "additionalProperties"):
                changed[key] = self.closed(value)
            elif key in ("oneOf", "anyOf"):
                # Without what they require, members of a choice are no longer told apart: it may be several.
                changed["anyOf" if self.is_sparse else key] = [self.closed(each) for each in value]
            else:
                changed[key] = value
        return changed

    def _chosen(self, schema: Json, ending: str) -> Json:
        """By what tells the members apart."""
        key, mapping = schema["discriminator"]["propertyName"], schema["discriminator"]["mapping"]
        branches = [
            {
                "if": {"properties": {key: {"const": kind}}, "required": [key]},
                "then": {"$ref": f"{reference}{ending}"},
            }
            for kind, reference in mapping.items()
        ]
        # The keys are judged by the branch; it evaluates them for whatever is put together with this.
        chosen: Json = {"type": "object", "properties": {key: {"enum": list(mapping)}}, "allOf": branches}
        if not self.is_sparse:
            return {**chosen, "required": [key]}
        # What tells them apart may not have been asked for: then it must be like one of them.
        members = [{"$ref": f"{reference}{ending}"} for reference in mapping.values()]
        return {**chosen, "if": {"not": {"required": [key]}}, "then": {"anyOf": members}}


def _or_null(schema: Json) -> Json | None:
    """The schema beside null, where that is the choice."""
    choices = schema.get("oneOf", [])
    return choices[0] if len(choices) == 2 and choices[1] == {"type": "null"} else None
