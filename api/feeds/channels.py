"""Which feeds there are, and what stands in them: a channel, and its newest items."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst

from api.addresses import frontend_url
from api.feeds import bodies
from api.feeds.items import Item, address_of, item
from api.newsroom import newsroom
from api.publications import details, stored
from api.publications.authors import published_authors
from api.publications.changes import last_taken_away
from api.publications.listing import listing
from api.publications.selection import Selection
from api.publications.shelves import AUTHOR, SECTION, TAG
from api.publications.stored import Stored
from cms.content.models import Author, Section, Tag
from cms.content.types import content_types
from cms.registry import states
from cms.registry.faults import contained
from cms.registry.owners import owner_of

#: Items of a feed, at most.
NEWEST = 50
#: Characters of whole texts in one feed, at most; the items behind them have their ledes. Readers' programs give up on
#: feeds of several megabytes.
MOST_TEXT = 2_000_000
_COLUMNS = "p.type, p.locale, p.updated_at, p.translation_key, p.tags, p.teaser"


@dataclass(frozen=True, slots=True)
class Entry:
    """One publication of a feed, as it is stored; ``teaser`` is JSON text."""

    pk: int
    published_at: datetime
    type: str
    locale: str
    updated_at: datetime
    translation_key: UUID
    tags: list[str]
    teaser: str


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
    return _channel(Selection((locale,)))


def of_section(locale: str, slug: str) -> Channel | None:
    """What lists show of one section; None if there is no such section in this language."""
    section = Section.objects.filter(locale__language_code=locale, slug=slug).first()
    if section is None:
        return None
    return _channel(
        Selection((locale,), shelved={SECTION: [slug]}),
        section.name,
        description=section.description,
        url=frontend_url("section", locale, slug),
        tag="sections",
    )


def of_author(locale: str, slug: str) -> Channel | None:
    """What lists show by one author; None if there is no such author in this language, or nothing published by them."""
    author = Author.objects.filter(locale__language_code=locale, slug=slug).first()
    if author is None:
        return None
    channel = _channel(
        Selection((locale,), shelved={AUTHOR: [slug]}),
        author.name,
        description=author.bio or author.role,
        url=frontend_url("author", locale, slug),
        tag="authors",
    )
    return channel if channel.items or published_authors(locale, [slug]) else None


def of_tag(locale: str, slug: str) -> Channel | None:
    """What lists show under one tag; None if there is no such tag."""
    tag = Tag.objects.filter(slug=slug).first()
    if tag is None:
        return None
    return _channel(Selection((locale,), shelved={TAG: [slug]}), tag.name, url=frontend_url("tag", locale, slug))


def of_type(locale: str, slug: str) -> Channel | None:
    """All of one content type, also one that other lists leave out; None if there is none, or it is switched off."""
    model = content_types().get(slug)
    if model is None or not states.is_active(owner_of(model)):
        return None
    with translation.override(locale):
        words = capfirst(str(model._meta.verbose_name_plural))
    return _channel(Selection((locale,), types=[slug]), words)


#: The feeds beside that of everything, by the word in their addresses.
KINDS: dict[str, Callable[[str, str], Channel | None]] = {
    "section": of_section,
    "author": of_author,
    "tag": of_tag,
    "type": of_type,
}


def _channel(selection: Selection, part: str = "", *, description: str = "", url: str = "", tag: str = "") -> Channel:
    (locale,) = selection.locales
    whose = newsroom(locale)
    title = f"{whose.name} · {part}" if part else whose.name
    items = _items(_newest(selection), full_text=whose.feeds_full_text)
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


def _newest(selection: Selection) -> list[Entry]:
    """What stands first in this list, in its order. One query: as many steps along an index as entries."""
    rows = listing(selection, size=NEWEST, columns=_COLUMNS).rows
    return [Entry(row.page_id, row.at, *row.columns) for row in rows]


def _items(entries: list[Entry], *, full_text: bool) -> list[Item]:
    """These publications as items. Two queries: the names of their tags, and the whole texts if they are wanted."""
    texts = {each.page_id: each for each in stored.by_id([entry.pk for entry in entries])} if full_text else {}
    slugs = {slug for entry in entries for slug in entry.tags}
    names = dict(Tag.objects.filter(slug__in=slugs).values_list("slug", "name"))
    room = MOST_TEXT if full_text else 0
    items = []
    for entry in entries:
        teaser = json.loads(entry.teaser)
        html = _whole_text(entry, texts[entry.pk], teaser) if room > 0 and entry.pk in texts else ""
        room -= len(html)
        items.append(item(entry, teaser, names, html if room >= 0 else ""))
    return items


def _whole_text(entry: Entry, found: Stored, teaser: dict[str, Any]) -> str:
    model = content_types().get(entry.type)
    # A plugin may have made the document in a shape of its own; that must not cost the others their feed.
    with contained(f"whole text of {entry.type} {found.slug}", owner_of(model) if model else ""):
        document = json.loads(details.filled(found).json)
        return bodies.as_html(document, language=entry.locale, address=address_of(teaser))
    return ""
