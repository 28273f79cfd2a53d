"""What plugins may read of what is public: whole documents of theirs, and teasers of anything."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.publications import reading
from api.publications.models import Publication


@dataclass(frozen=True)
class Published:
    """One public page: the keys that it is found by, and its documents as plain data."""

    page_id: int
    type: str
    locale: str
    slug: str
    published_at: datetime
    updated_at: datetime
    teaser: dict[str, Any]
    detail: dict[str, Any]


def published(*, type: str, slug: str, locale: str | None = None) -> Published | None:
    """The public page of this type and slug with its references filled; None if nothing public has it.

    Without a locale a slug that several languages share is the newsroom's first language's. One query.
    """
    row = reading.row_of(type=type, slug=slug, locale=locale)
    return _published(row) if row else None


def published_details(
    *, type: str, page_ids: Iterable[int] | None = None, locale: str | None = None, limit: int = 100
) -> list[Published]:
    """Public pages of this type, the newest first, their references filled. One query, whatever they refer to.

    ``page_ids`` narrows them to these pages; ``limit`` is at most 1,000.
    """
    rows = Publication.objects.visible().filter(type=type)
    if page_ids is not None:
        rows = rows.filter(pk__in=list(page_ids))
    if locale:
        rows = rows.filter(locale=locale)
    newest = rows.order_by("-published_at", "-pk")[: min(limit, 1000)]
    return [_published(row) for row in reading.with_references(newest)]


def published_teasers(page_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The public teasers of those of these pages that have one, by page id. One query."""
    return reading.teasers(page_ids)


def is_published(page_id: int) -> bool:
    """Whether readers can see this page now."""
    return Publication.objects.visible().filter(pk=page_id).exists()


def _published(row: Any) -> Published:
    return Published(
        page_id=row.pk,
        type=row.type,
        locale=row.locale,
        slug=row.slug,
        published_at=row.published_at,
        updated_at=row.updated_at,
        teaser=json.loads(row.teaser),
        detail=json.loads(reading.assemble(row)),
    )
