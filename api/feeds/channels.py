"""Which feeds there are, and what stands in them: a channel, and its newest items."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.text import capfirst

from api.addresses import frontend_url
from api.feeds import bodies
from api.feeds.items import Item, address_of, item
from api.newsroom import newsroom
from api.publications import reading, shelves
from api.publications.changes import last_taken_away
from api.publications.database import fetch
from api.publications.models import Publication
from cms.content.models import Author, Section, Tag
from cms.content.types import content_types
from cms.registry import states
from cms.registry.declared import switched_off
from cms.registry.faults import contained
from cms.registry.owners import owner_of

#: Items of a feed, at most.
NEWEST = 50
#: Characters of whole texts in one feed, at most; the items behind them have their ledes. Readers' programs give up on
#: feeds of several megabytes.
MOST_TEXT = 2_000_000


@dataclass(frozen=True)
class Channel:
    """A feed: what it is called, whose it is, where it is read, and its items, newest first.

    ``publisher`` is the newsroom's name; ``url`` is the page of the frontend that the feed belongs to. ``updated_at``
    is when an item was last changed or something was taken away, None if there never was anything. ``tags`` name what
    it shows, for caches that purge by tag.
    """

    locale: str
    title: str
    description: str
    publisher: str
    url: str
    tags: list[str]
    updated_at: datetime | None = None
    items: list[Item] = field(default_factory=list)


def everything(locale: str, slug: str = "") -> Channel:
    """Everything that lists show in this language."""
    return _channel(locale, shelves.shelf(locale))


def of_section(locale: str, slug: str) -> Channel | None:
    """What lists show of one section; None if there is no such section in this language."""
    section = Section.objects.filter(locale__language_code=locale, slug=slug).first()
    if section is None:
        return None
    return _channel(
        locale,
        shelves.shelf(locale, name=shelves.SECTION, value=slug),
        section.name,
        description=section.description,
        url=frontend_url("section", locale, slug),
        tag="sections",
    )


def of_author(locale: str, slug: str) -> Channel | None:
    """What lists show by one author; None if there is no such author in this language."""
    author = Author.objects.filter(locale__language_code=locale, slug=slug).first()
    if author is None:
        return None
    return _channel(
        locale,
        shelves.shelf(locale, name=shelves.AUTHOR, value=slug),
        author.name,
        description=author.bio or author.role,
        url=frontend_url("author", locale, slug),
        tag="authors",
    )


def of_tag(locale: str, slug: str) -> Channel | None:
    """What lists show under one tag; None if there is no such tag."""
    tag = Tag.objects.filter(slug=slug).first()
    if tag is None:
        return None
    shelf = shelves.shelf(locale, name=shelves.TAG, value=slug)
    return _channel(locale, shelf, tag.name, url=frontend_url("tag", locale, slug))


def of_type(locale: str, slug: str) -> Channel | None:
    """All of one content type, also one that other lists leave out; None if there is none, or it is switched off."""
    model = content_types().get(slug)
    if model is None or not states.is_active(owner_of(model)):
        return None
    with translation.override(locale):
        words = capfirst(str(model._meta.verbose_name_plural))
    return _channel(locale, shelves.shelf(locale, slug), words)


#: The feeds beside that of everything, by the word in their addresses.
KINDS: dict[str, Callable[[str, str], Channel | None]] = {
    "section": of_section,
    "author": of_author,
    "tag": of_tag,
    "type": of_type,
}


def _channel(
    locale: str, shelf: str, part: str = "", *, description: str = "", url: str = "", tag: str = ""
) -> Channel:
    whose = newsroom(locale)
    title = f"{whose.name} · {part}" if part else whose.name
    items = _items(_newest(shelf), full_text=whose.feeds_full_text)
    moments = [*(each.updated_at for each in items), last_taken_away(locale)]
    return Channel(
        locale=locale,
        title=title,
        description=description or whose.tagline or title,
        publisher=whose.name,
        url=url or f"{settings.FRONTEND_URL}/{locale}/",
        tags=["feeds", "site", "content", "tags", *([tag] if tag else ())],
        updated_at=max((moment for moment in moments if moment), default=None),
        items=items,
    )


def _newest(shelf: str) -> list[int]:
    """The ids of what stands first on this shelf, in its order. One query: as many steps along an index as ids."""
    rows = fetch(
        """
        SELECT filing.page_id FROM api_filing AS filing
        JOIN api_publication AS page ON page.page_id = filing.page_id
        WHERE filing.shelf = %s::text AND (page.expires_at IS NULL OR page.expires_at > %s::timestamptz)
          AND page.type <> ALL(%s::text[])
        ORDER BY filing.published_at DESC, filing.page_id DESC LIMIT %s::int
        """,
        [shelf, timezone.now(), list(switched_off("content type")), NEWEST],
    )
    return [page_id for (page_id,) in rows]


def _items(page_ids: list[int], *, full_text: bool) -> list[Item]:
    """These publications in this order. Two queries: the rows with what they refer to, and the names of their tags."""
    wanted = Publication.objects.visible().filter(pk__in=page_ids)
    rows: Iterable[Any] = (
        reading.with_references(wanted)
        if full_text
        else wanted.only("translation_key", "locale", "published_at", "updated_at", "tags", "teaser")
    )
    place = {page_id: number for number, page_id in enumerate(page_ids)}
    found = sorted(rows, key=lambda row: place[row.pk])
    slugs = {slug for row in found for slug in row.tags}
    names = dict(Tag.objects.filter(slug__in=slugs).values_list("slug", "name"))
    room = MOST_TEXT if full_text else 0
    items = []
    for row in found:
        teaser = json.loads(row.teaser)
        html = _whole_text(row, teaser) if room > 0 else ""
        room -= len(html)
        items.append(item(row, teaser, names, html if room >= 0 else ""))
    return items


def _whole_text(row: Any, teaser: dict[str, Any]) -> str:
    model = content_types().get(row.type)
    # A plugin may have made the document in a shape of its own; that must not cost the others their feed.
    with contained(f"whole text of {row.type} {row.slug}", owner_of(model) if model else ""):
        return bodies.as_html(json.loads(reading.assemble(row)), language=row.locale, address=address_of(teaser))
    return ""
