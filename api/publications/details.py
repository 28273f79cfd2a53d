"""Whole documents of publications: one statement for one document, whatever it refers to.

A stored detail is JSON text with references in it. They are filled in the text itself, which takes a hundredth of the
time that reading and writing it anew does.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from api.json_text import dump
from api.publications import references, stored
from api.publications.stored import LOCALES, Stored

Document = dict[str, Any]
_TRANSLATION = ("locale", "slug", "path", "url", "headline")


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
    found = stored.by_slug(type, slug, locales)
    if locales and (found is None or found.locale != locales[0]):
        found = _better(found, stored.by_translation(type, slug, locales), locales)
    if found is None:
        return None
    # Something else may be published one day under this slug, in a language that is asked for before this one.
    is_settled = found.locale == (locales or LOCALES)[0] and found.slug == slug
    return filled(found, *(() if is_settled else ("content",)))


def details(page_ids: Sequence[int]) -> dict[int, Detail]:
    """The details of those of these pages that are public. One statement."""
    return {each.page_id: filled(each) for each in stored.by_id(page_ids)}


def filled(found: Stored, *more_tags: str) -> Detail:
    """The detail of what is stored, with its references filled and its translations behind it."""
    text = references.fill_text(found.detail, found.referenced) if found.references else found.detail
    others = dump([translation(json.loads(each.teaser)) for each in found.translations]) if found.translations else "[]"
    tags = (f"page-{pk}" for pk in (found.page_id, *found.references))
    return Detail(
        found.page_id,
        found.locale,
        found.slug,
        f'{text[:-1]},"translations":{others}}}',
        (*tags, f"translation-{found.translation_key}", *more_tags),
    )


def filled_draft(document: Document) -> Document:
    """A document that is not stored (a draft) with its references filled from what is published."""
    ids = references.collect(document)
    return references.fill(document, _read(stored.teasers(ids, with_fronts=True))) if ids else document


def teasers(page_ids: Iterable[int]) -> dict[int, Document]:
    """The public teasers of those of these pages that have one. One statement."""
    return _read(stored.teasers(page_ids))


def translation(teaser: Document) -> Document:
    """What a detail says of the same content in another language, by its teaser there."""
    return {key: teaser[key] for key in _TRANSLATION}


def _read(shown: dict[int, str]) -> dict[int, Document]:
    return {pk: json.loads(teaser) for pk, teaser in shown.items()}


def _better(named: Stored | None, translated: Stored | None, locales: Sequence[str]) -> Stored | None:
    if named is None or translated is None:
        return named or translated
    return translated if locales.index(translated.locale) < locales.index(named.locale) else named
