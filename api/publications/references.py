"""Fills the references of a document with what is published at the moment of reading."""

from collections.abc import Mapping
from typing import Any

from api.publications import rich_text

Teasers = Mapping[int, Mapping[str, Any]]


def collect(value: Any) -> set[int]:
    """The ids of all pages that this document refers to."""
    if isinstance(value, dict):
        if "$ref" in value:
            return {value["$ref"]}
        return set().union(*map(collect, value.values()))
    if isinstance(value, list):
        return set().union(*map(collect, value))
    if isinstance(value, str) and "ostriv:page/" in value:
        return rich_text.referenced_pages(value)
    return set()


def fill(value: Any, teasers: Teasers) -> Any:
    """The document with teasers in the place of references; in a list what is not public is left out, else null."""
    if isinstance(value, dict):
        if "$ref" in value:
            return _fill_one(value, teasers)
        return {key: fill(item, teasers) for key, item in value.items()}
    if isinstance(value, list):
        filled = ((item, fill(item, teasers)) for item in value)
        return [new for item, new in filled if new is not None or not _is_reference(item)]
    if isinstance(value, str) and "ostriv:page/" in value:
        return rich_text.resolve(value, teasers)
    return value


def _is_reference(item: Any) -> bool:
    return isinstance(item, dict) and "$ref" in item


def _fill_one(ref: dict[str, Any], teasers: Teasers) -> Any:
    teaser = teasers.get(ref["$ref"])
    if teaser is None:
        return None
    if ref["as"] == "campaign":
        return {"slug": teaser["slug"], "headline": teaser["headline"], "url": teaser["url"]}
    return {**teaser, **ref.get("with", {})}
