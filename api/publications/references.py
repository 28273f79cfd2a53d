"""Fills the references of a document with what is published at the moment of reading."""

import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any

from api.json_text import dump
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


#: A reference in a document that is JSON text. Within the document's own words the quotes have backslashes.
_REFERENCE = re.compile(r'\{"\$ref":(\d+),"as":"(\w+)"\}')
_LINK = re.compile(r'<a href=\\"ostriv:page/(\d+)\\">(.*?)</a>')


def fill_text(document: str, teasers: Mapping[int, str]) -> str:
    """What ``fill`` does, of and to JSON text as ``dump`` writes it."""

    def link(match: re.Match[str]) -> str:
        teaser = teasers.get(int(match[1]))
        address = json.dumps(escape(str(json.loads(teaser)["url"])), ensure_ascii=False)[1:-1] if teaser else ""
        return f'<a href=\\"{address}\\">{match[2]}</a>' if teaser else match[2]

    def teaser_of(match: re.Match[str]) -> str:
        if match[2] != "teaser":
            return dump(_fill_one(json.loads(match[0]), {int(match[1]): json.loads(teasers[int(match[1])])}))
        return teasers[int(match[1])]

    found = [int(match[1]) for match in _REFERENCE.finditer(document)]
    if document.count('"$ref":') != len(found) or not set(found) <= teasers.keys():
        # What is missing is left out of a list, commas and all; a reference may have words of its own.
        return dump(fill(json.loads(document), {pk: json.loads(teaser) for pk, teaser in teasers.items()}))
    return _REFERENCE.sub(teaser_of, _LINK.sub(link, document))


def _is_reference(item: Any) -> bool:
    return isinstance(item, dict) and "$ref" in item


def _fill_one(ref: dict[str, Any], teasers: Teasers) -> Any:
    teaser = teasers.get(ref["$ref"])
    if teaser is None:
        return None
    if ref["as"] == "campaign":
        return {"slug": teaser["slug"], "headline": teaser["headline"], "url": teaser["url"]}
    return {**teaser, **ref.get("with", {})}
