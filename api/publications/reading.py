"""Reads publications: the only way from the database to anything public."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, F, Func, OuterRef, Q
from django.db.models.functions import JSONObject

from api.publications import references
from api.publications.cursor import Cursor
from api.publications.models import Publication, PublicationQuerySet
from api.publications.rendering import FRONT, dump
from api.times import utc

Document = dict[str, Any]


def teasers(page_ids: Iterable[int]) -> dict[int, Document]:
    """The public teasers of those of these pages that have one."""
    return _teasers(Publication.objects.visible().filter(pk__in=list(page_ids)).exclude(type=FRONT))


def _teasers(rows: PublicationQuerySet) -> dict[int, Document]:
    return {pk: json.loads(teaser) for pk, teaser in rows.values_list("pk", "teaser")}


@dataclass(frozen=True)
class Listing:
    """One page of a list: ready-made teasers as JSON text, and the cursors around it."""

    teasers: list[str]
    next: Cursor | None
    previous: Cursor | None


def listing(rows: PublicationQuerySet, *, size: int, cursor: Cursor | None = None) -> Listing:
    """``size`` teasers of these publications, newest first, from the cursor on. One query."""
    backward = bool(cursor and cursor.backward)
    if cursor:
        rows = rows.filter(_beyond(cursor))
    order = ("published_at", "pk") if backward else ("-published_at", "-pk")
    found = list(rows.order_by(*order).values_list("teaser", "published_at", "pk")[: size + 1])
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    if not found:
        return Listing([], None, None)
    (_, first_at, first_id), (_, last_at, last_id) = found[0], found[-1]
    has_next, has_previous = (True, more) if backward else (more, cursor is not None)
    return Listing(
        teasers=[row[0] for row in found],
        next=Cursor(last_at, last_id) if has_next else None,
        previous=Cursor(first_at, first_id, backward=True) if has_previous else None,
    )


def _beyond(cursor: Cursor) -> Q:
    side = "gt" if cursor.backward else "lt"
    # The plain bound on the indexed column lets PostgreSQL start at the right place of the index.
    return Q(**{f"published_at__{side}e": cursor.published_at}) & (
        Q(**{f"published_at__{side}": cursor.published_at}) | Q(**{f"pk__{side}": cursor.page_id})
    )


def matching(rows: PublicationQuerySet, words: str) -> PublicationQuerySet:
    """Those that contain all of these words."""
    return rows.filter(search=SearchQuery(words, config="simple", search_type="websearch"))


@dataclass(frozen=True)
class Detail:
    """One document with its references filled: JSON text and the page that it is of."""

    page_id: int
    json: str


def detail(
    *, type: str, slug: str, locale: str | None = None, default_locale: str = settings.LANGUAGE_CODE
) -> Detail | None:
    """The detail of one page with related teasers and translations. One query.

    Without a locale a slug that several languages share is answered in the default one, else in any.
    """
    row = row_of(type=type, slug=slug, locale=locale, default_locale=default_locale)
    return Detail(row.pk, assemble(row)) if row else None


def row_of(*, type: str, slug: str, locale: str | None = None, default_locale: str = settings.LANGUAGE_CODE) -> Any:
    """The publication of this type and slug with what it refers to at hand; None if there is none. One query."""
    rows = Publication.objects.visible().filter(type=type, slug=slug).exclude(type=FRONT)
    if locale:
        rows = rows.filter(locale=locale)
    found = list(with_references(rows)[:10])
    found.sort(key=lambda row: row.locale != default_locale)
    return found[0] if found else None


def front(locale: str) -> Document | None:
    """The front page's document with its slots filled. One query."""
    row: Any = with_references(Publication.objects.visible().filter(type=FRONT, locale=locale)).first()
    if row is None:
        return None
    document = _fill(row)
    document["translations"] = [{key: each[key] for key in ("locale", "path")} for each in row.other_languages]
    document["updated_at"] = utc(row.updated_at)
    return document


def at_path(path: str) -> Publication | None:
    """The publication whose path this is, without its documents."""
    return Publication.objects.visible().filter(path=path).defer("teaser", "detail", "search_text").first()


def filled(document: Document) -> Document:
    """A document that is not stored (a draft) with its references filled from what is published."""
    ids = references.collect(document)
    return references.fill(document, _teasers(Publication.objects.visible().filter(pk__in=ids))) if ids else document


def with_references(rows: PublicationQuerySet) -> PublicationQuerySet:
    """Add the teasers of what each row refers to, and its other languages, so that one query brings all."""
    visible = Publication.objects.visible()
    is_referenced = Func(
        F("page_id"),
        OuterRef("references"),
        template="(%(expressions)s))",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )
    others = visible.filter(translation_key=OuterRef("translation_key"), type=OuterRef("type")).exclude(
        pk=OuterRef("pk")
    )
    return rows.annotate(
        referenced=ArraySubquery(visible.filter(is_referenced).values("teaser")),
        other_languages=ArraySubquery(
            others.order_by("locale").values(json=JSONObject(locale="locale", path="path", teaser="teaser"))
        ),
    )


def _fill(row: Any) -> Document:
    shown = {teaser["id"]: teaser for teaser in map(json.loads, row.referenced)}
    return references.fill(json.loads(row.detail), shown)


def assemble(row: Any) -> str:
    """The stored document as it is where it refers to nothing, else filled; its translations behind it. JSON text."""
    stored = dump(_fill(row)) if row.references else row.detail
    translations = dump([_translation(each) for each in row.other_languages])
    return f'{stored[:-1]},"translations":{translations}}}'


def _translation(other: Document) -> Document:
    teaser = json.loads(other["teaser"])
    return {key: teaser[key] for key in ("locale", "slug", "path", "url", "headline")}
