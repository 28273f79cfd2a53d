"""What plugins may read of what is public: whole documents of theirs, and teasers of anything."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.publications import details, stored
from api.publications.models import Publication
from api.publications.stored import Stored

_COLUMNS = "p.type, p.published_at, p.updated_at, p.teaser"


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
    found = stored.by_slug(type, slug, [locale] if locale else (), columns=_COLUMNS)
    return _published(found) if found else None


def published_details(
    *, type: str, page_ids: Iterable[int] | None = None, locale: str | None = None, limit: int = 100
) -> list[Published]:
    """Public pages of this type, the newest first, their references filled. One query, whatever they refer to.

    ``page_ids`` narrows them to these pages; ``limit`` is at most 1,000.
    """
    newest = stored.newest(type, page_ids=page_ids, locale=locale, most=min(limit, 1000), columns=_COLUMNS)
    return [_published(each) for each in newest]


def published_teasers(page_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The public teasers of those of these pages that have one, by page id. One query."""
    return details.teasers(page_ids)


def is_published(page_id: int) -> bool:
    """Whether readers can see this page now."""
    return Publication.objects.visible().filter(pk=page_id).exists()


def _published(found: Stored) -> Published:
    type, published_at, updated_at, teaser = found.columns
    return Published(
        page_id=found.page_id,
        type=type,
        locale=found.locale,
        slug=found.slug,
        published_at=published_at,
        updated_at=updated_at,
        teaser=json.loads(teaser),
        detail=json.loads(details.filled(found).json),
    )
