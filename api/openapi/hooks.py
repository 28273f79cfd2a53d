"""The last hand on the document: names, answers, headers, links, examples."""

import re
from collections.abc import Iterator
from typing import Any

from api.openapi import drafts, examples, links, responses
from api.openapi.references import reference_to
from api.serializers.content import COMMON_FIELDS

Schema = dict[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")
_EMPTY = {"type": "string", "maxLength": 0}

#: What the groups of operations are, in the order of the documentation.
TAGS = {
    "content": "Articles and everything else that is published, as lists and as single documents.",
    "search": "Full-text search.",
    "front": "The front page.",
    "resolve": "What stands at a path of the site.",
    "site": "The newsroom itself.",
    "sections": "What content is filed under.",
    "authors": "Those who write.",
    "tags": "What content is about.",
    "types": "The content types of this newsroom and their JSON Schemas.",
    "changes": "Everything that was published, changed and taken away, in order: for static sites and mirrors.",
    "campaigns": "Donation campaigns.",
    "donations": "What became of a donation.",
    "newsletters": "Newsletters, and subscribing to them.",
    "preview": "Drafts, for as long as a token opens them.",
    "drafts": "Drafts, for keys that may read them.",
    "gateways": "Where payment providers report.",
    "x": "What plugins answer themselves.",
}


def describe(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """drf-spectacular's postprocessing hook."""
    _tidy(result)
    _rename(result)
    drafts.describe(result["components"]["schemas"], {*COMMON_FIELDS, "translations"})
    result["components"]["schemas"] = dict(sorted(result["components"]["schemas"].items()))
    operations = dict(_operations(result))
    for (path, method), operation in operations.items():
        _introduce(operation)
        responses.complete(path, method, operation)
        operation.pop("x-private", None)
    links.link({operation["operationId"]: operation for operation in operations.values()})
    for kind, shared in responses.components().items():
        result["components"].setdefault(kind, {}).update(shared)
    examples.add(result)
    used = {tag for operation in operations.values() for tag in operation.get("tags", [])}
    result["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in used]
    return result


def _operations(result: Schema) -> Iterator[tuple[tuple[str, str], Schema]]:
    for path, item in result["paths"].items():
        for method in _METHODS:
            if method in item:
                yield (path, method), item[method]


def _introduce(operation: Schema) -> None:
    """The first sentence of a description is what menus show."""
    words = " ".join(operation.get("description", "").split())
    if words and "summary" not in operation:
        operation["summary"] = re.split(r"(?<=[.?!])\s", words)[0].rstrip(".")


def _tidy(value: Any) -> None:
    """Take away what says nothing to a reader of answers: they are all read-only, and choices have no ids."""
    if isinstance(value, dict):
        for key in ("readOnly", "x-spec-enum-id"):
            if value.get(key) is not None and not isinstance(value[key], dict):
                del value[key]
        if len(value.get("allOf", [])) == 1 and set(value["allOf"][0]) == {"$ref"}:
            # What drf-spectacular writes for the sake of OpenAPI 3.0.
            value.update(value.pop("allOf")[0])
        if _EMPTY in value.get("oneOf", []):
            # To a validator that takes formats for remarks, "" is an address too: it may be both.
            value["anyOf"] = value.pop("oneOf")
        for item in value.values():
            _tidy(item)
    elif isinstance(value, list):
        for item in value:
            _tidy(item)


def _rename(result: Schema) -> None:
    """Class names of ours say what they are to us: `ImageShape` is an `Image` to a frontend."""
    schemas = result.get("components", {}).get("schemas", {})
    names: dict[str, str] = {}
    for name in schemas:
        short = re.sub(r"RequestRequest$", "Request", name).removesuffix("Shape").removesuffix("Fields")
        if short != name and short not in schemas and short not in names.values():
            names[name] = short
    result["components"]["schemas"] = {
        names.get(name, name): schema for name, schema in sorted(schemas.items(), key=lambda e: names.get(e[0], e[0]))
    }
    _point(result, {reference_to(old): reference_to(new) for old, new in names.items()})


def _point(value: Any, names: dict[str, str]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str) and item in names:
                value[key] = names[item]
            else:
                _point(item, names)
    elif isinstance(value, list):
        for item in value:
            _point(item, names)
