"""Whole documents of publications: one statement for one document, whatever it refers to.

A stored detail is JSON text with references in it. They are filled in the text itself, which takes a hundredth of the
time that reading and writing it anew does.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from api.publications import references
from api.publications.database import fetch
from api.publications.front import FRONT
from api.publications.rendering import dump
from api.publications.visibility import VISIBLE, hidden_types

Document = dict[str, Any]
#: The newsroom's languages, its own first: in this order a slug is looked for where no language is asked for.
LOCALES = [settings.LANGUAGE_CODE, *(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]
_TRANSLATION = ("locale", "slug", "path", "url", "headline")

_COLUMNS = f"""
SELECT p.page_id, p.locale, p.slug, p.translation_key, p."references", p.detail,
    CASE WHEN p."references" <> '{{}}' THEN (
        SELECT array_agg(ARRAY[r.page_id::text, r.teaser]) FROM api_publication r
        WHERE r.page_id = ANY(p."references") AND {VISIBLE.format("r")} AND r.type <> ALL(%(hidden)s::text[])
    ) END,
    ARRAY(
        SELECT o.teaser FROM api_publication o
        WHERE o.translation_key = p.translation_key AND o.type = p.type AND o.page_id <> p.page_id
            AND {VISIBLE.format("o")} ORDER BY o.locale
    )
"""
_BY_SLUG = f"""{_COLUMNS} FROM (
    SELECT * FROM api_publication n
    WHERE n.type = %(type)s AND n.slug = %(slug)s AND n.locale = ANY(%(locales)s::text[]) AND {VISIBLE.format("n")}
    ORDER BY array_position(%(locales)s::text[], n.locale::text) LIMIT 1
) p"""
_BY_TRANSLATION = f"""{_COLUMNS} FROM (
    SELECT o.* FROM api_publication n
    JOIN api_publication o ON o.translation_key = n.translation_key AND o.type = n.type
    WHERE n.type = %(type)s AND n.slug = %(slug)s AND n.locale = ANY(%(all)s::text[]) AND {VISIBLE.format("n")}
        AND o.locale = ANY(%(locales)s::text[]) AND {VISIBLE.format("o")}
    ORDER BY array_position(%(locales)s::text[], o.locale::text), o.slug = n.slug DESC LIMIT 1
) p"""
_BY_ID = f"""{_COLUMNS} FROM api_publication p
WHERE p.page_id = ANY(%(ids)s::bigint[]) AND {VISIBLE.format("p")} AND p.type <> ALL(%(hidden)s::text[])
    AND p.type <> '{FRONT}'"""


@dataclass(frozen=True, slots=True)
class Detail:
    """One document with its references filled: JSON text, what page it is of, and the tags of what it shows."""

    page_id: int
    locale: str
    slug: str
    json: str
    tags: tuple[str, ...]


def detail(*, type: str, slug: str, locales: Sequence[str] = ()) -> Detail | None:
    """The detail of the content with this slug, in the first of these languages that has it; None if none has.

    It may be the slug of a translation: what it is a translation of is found too. Without languages any will do, the
    newsroom's own first, and no translation stands in. One statement, or two where the first language has it not.
    """
    hidden = hidden_types()
    if type in hidden or type == FRONT:
        return None
    asked = {"type": type, "slug": slug, "locales": list(locales or LOCALES), "all": LOCALES, "hidden": hidden}
    rows = fetch(_BY_SLUG, asked, walks=True)
    found = _detail(rows[0]) if rows else None
    if locales and (found is None or found.locale != locales[0]):
        rows = fetch(_BY_TRANSLATION, asked, walks=True)
        found = _better(found, _detail(rows[0]) if rows else None, locales)
    if found is None or (found.locale == asked["locales"][0] and found.slug == slug):
        return found
    # Something else may be published one day under this slug, in a language that is asked for before this one.
    return Detail(found.page_id, found.locale, found.slug, found.json, (*found.tags, "content"))


def details(page_ids: Sequence[int]) -> dict[int, Detail]:
    """The details of those of these pages that are public. One statement."""
    if not page_ids:
        return {}
    rows = fetch(_BY_ID, {"ids": list(page_ids), "hidden": hidden_types()}, walks=True)
    return {row[0]: _detail(row) for row in rows}


def _better(named: Detail | None, translated: Detail | None, locales: Sequence[str]) -> Detail | None:
    if named is None or translated is None:
        return named or translated
    return translated if locales.index(translated.locale) < locales.index(named.locale) else named


def _detail(row: tuple[Any, ...]) -> Detail:
    page_id, locale, slug, key, refers_to, stored, shown, others = row
    if refers_to:
        stored = references.fill_text(stored, {int(pk): teaser for pk, teaser in shown or ()})
    translations = dump([_translation(teaser) for teaser in others]) if others else "[]"
    return Detail(
        page_id,
        locale,
        slug,
        f'{stored[:-1]},"translations":{translations}}}',
        (*(f"page-{pk}" for pk in (page_id, *refers_to)), f"translation-{key}"),
    )


def _translation(teaser: str) -> Document:
    document = json.loads(teaser)
    return {key: document[key] for key in _TRANSLATION}
