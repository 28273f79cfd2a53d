"""The OpenAPI document as the conformance suite asks about it."""

from typing import Any

from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from ostriv.testing.contract import contract, document

Json = dict[str, Any]

__all__ = ["document", "faults", "faults_of_document", "operation_at"]


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
    return contract().operation_at(path)


def faults(path: str, answer: Any, media_type: str = "application/json") -> list[str]:
    """In which places a JSON answer of this path is not what the document says; each with what was found."""
    found = operation_at(path)
    if found is None:
        return [f"the document has no GET at {path}: describe the view with drf_spectacular's extend_schema"]
    _template, operation = found
    content = operation["responses"].get("200", {}).get("content", {})
    if media_type not in content:
        return [f"the document has no {media_type} answer 200 of {path}"]
    return contract().faults_of_body(content[media_type]["schema"], answer)
