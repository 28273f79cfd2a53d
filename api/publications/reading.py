"""Reads publications: the only way from the database to anything public."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, OuterRef
from django.db.models.functions import JSONObject

from api.publications import references
from api.publications.front import FRONT
from api.publications.models import Publication, PublicationQuerySet
from api.publications.rendering import dump

Document = dict[str, Any]


def teasers(page_ids: Iterable[int]) -> dict[int, Document]:
    """The public teasers of those of these pages that have one."""
    return _teasers(Publication.objects.visible().filter(pk__in=list(page_ids)).exclude(type=FRONT))


def _teasers(rows: PublicationQuerySet) -> dict[int, Document]:
    return {pk: json.loads(teaser) for pk, teaser in rows.values_list("pk", "teaser")}


def row_of(*, type: str, slug: str, locale: str | None = None) -> Any:
    """The publication of this type and slug with what it refers to at hand; None if there is none. One query."""
    rows = Publication.objects.visible().filter(type=type, slug=slug).exclude(type=FRONT)
    if locale:
        rows = rows.filter(locale=locale)
    found = list(with_references(rows)[:10])
    found.sort(key=lambda row: row.locale != settings.LANGUAGE_CODE)
    return found[0] if found else None


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
