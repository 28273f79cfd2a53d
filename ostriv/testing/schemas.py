"""Compares answers with the OpenAPI document: JSON Schema 2020-12, formats too."""

import re
import uuid
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator, FormatChecker

Json = dict[str, Any]
_formats = FormatChecker(formats=())


@_formats.checks("date-time", raises=ValueError)
def _is_moment(value: Any) -> bool:
    # RFC 3339 in UTC, as every time that leaves.
    return not isinstance(value, str) or (value.endswith("Z") and bool(datetime.fromisoformat(value)))


@_formats.checks("date", raises=ValueError)
def _is_date(value: Any) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@_formats.checks("uuid", raises=ValueError)
def _is_uuid(value: Any) -> bool:
    return not isinstance(value, str) or bool(uuid.UUID(value))


@_formats.checks("uri", raises=ValueError)
def _is_uri(value: Any) -> bool:
    return not isinstance(value, str) or value == "" or bool(urlsplit(value).scheme and urlsplit(value).netloc)


@cache
def document() -> Json:
    """The OpenAPI document of this installation."""
    with translation.override("en"):
        found: Json = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


def faults_of_document() -> list[str]:
    """What is wrong with the document itself, and what had to be guessed for it."""
    validate_schema(document())
    return [
        f"{message} ({count}×)"
        for kind in (GENERATOR_STATS._warn_cache, GENERATOR_STATS._error_cache)
        for message, count in kind.items()
    ]


def operation_at(path: str) -> tuple[str, Json] | None:
    """The address as the document writes it, and its GET operation; None if the document has none at this path."""
    fitting = [
        (template, item["get"])
        for template, item in document()["paths"].items()
        if "get" in item and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path)
    ]
    # The fewer arguments, the nearer.
    return min(fitting, key=lambda each: each[0].count("{")) if fitting else None


def faults(path: str, answer: Any, media_type: str = "application/json") -> list[str]:
    """In which places a JSON answer of this path is not what the document says; each with what was found."""
    found = operation_at(path)
    if found is None:
        return [f"the document has no GET at {path}: describe the view with drf_spectacular's extend_schema"]
    _template, operation = found
    content = operation["responses"].get("200", {}).get("content", {})
    if media_type not in content:
        return [f"the document has no {media_type} answer 200 of {path}"]
    schema = _chosen(content[media_type]["schema"], answer)
    validator = Draft202012Validator({**schema, "components": document()["components"]}, format_checker=_formats)
    wrong = [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(answer)]
    return wrong + _unknown_keys(schema, answer)


def _chosen(schema: Json, answer: Any) -> Json:
    """One of several, where a discriminator says which."""
    named = _followed(schema)
    discriminator = named.get("discriminator")
    if not discriminator or not isinstance(answer, dict):
        return schema
    return {"$ref": discriminator["mapping"][answer[discriminator["propertyName"]]]}


def _unknown_keys(schema: Json, answer: Any) -> list[str]:
    described = _followed(schema).get("properties")
    if not described or not isinstance(answer, dict):
        return []
    return [f"$.{key}: the document does not describe it" for key in answer if key not in described]


def _followed(schema: Json) -> Json:
    while reference := schema.get("$ref"):
        schema = document()["components"]["schemas"][reference.rsplit("/", 1)[1]]
    return schema
