"""What a feed says, whatever the format that it is written in: a channel, and its newest items."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from wagtail.models import Site

from api.addresses import absolute_url
from api.publications.models import Publication, PublicationQuerySet
from cms.content.models import NewsroomText, Section, Tag
from cms.content.types import content_types
from cms.registry import states
from cms.registry.owners import owner_of

#: Items of a feed, at most.
NEWEST = 50
_COLUMNS = ("pk", "translation_key", "published_at", "updated_at", "tags", "teaser")


@dataclass(frozen=True)
class Item:
    """One publication as feeds show it. Addresses are absolute, times aware, ``lede`` is plain text.

    ``guid`` is a URN that stays the same for as long as the page exists, whatever its address becomes. ``image`` is
    the picture of the teaser.
    """

    guid: str
    url: str
    headline: str
    lede: str
    published_at: datetime
    updated_at: datetime
    authors: list[str]
    categories: list[str]
    image: dict[str, Any] | None


@dataclass(frozen=True)
class Channel:
    """A feed: what it is called, where it is read, and its items, newest first.

    ``url`` is the page of the frontend that it belongs to. ``tags`` name what it shows, for caches that purge by tag.
    """

    locale: str
    title: str
    description: str
    url: str
    tags: list[str]
    items: list[Item] = field(default_factory=list)

    @property
    def updated_at(self) -> datetime | None:
        """When the newest of its items was changed."""
        return max((item.updated_at for item in self.items), default=None)


def everything(locale: str) -> Channel:
    """Everything that lists show in this language."""
    return _channel(locale, "", "", ["content"], _public(locale).filter(listed=True))


def of_section(locale: str, slug: str) -> Channel | None:
    """What lists show of one section; None if there is no such section in this language."""
    section = Section.objects.filter(locale__language_code=locale, slug=slug).first()
    if section is None:
        return None
    rows = _public(locale).filter(listed=True, section=slug)
    return _channel(locale, section.name, section.description, ["content", "sections"], rows)


def of_type(locale: str, name: str) -> Channel | None:
    """All of one content type, also one that other lists leave out; None if there is none, or it is switched off."""
    model = content_types().get(name)
    if model is None or not states.is_active(owner_of(model)):
        return None
    with translation.override(locale):
        words = capfirst(str(model._meta.verbose_name_plural))
    return _channel(locale, words, "", ["content"], _public(locale).filter(type=name))


def _public(locale: str) -> PublicationQuerySet:
    return Publication.objects.visible().filter(locale=locale)


def _channel(locale: str, part: str, description: str, tags: list[str], rows: PublicationQuerySet) -> Channel:
    name, tagline = _newsroom(locale)
    title = f"{name} · {part}" if part else name
    return Channel(
        locale=locale,
        title=title,
        description=description or tagline or title,
        url=f"{settings.FRONTEND_URL}/{locale}/",
        tags=["feeds", "site", *tags],
        items=_items(rows),
    )


def _newsroom(locale: str) -> tuple[str, str]:
    """The newsroom's name and tagline in this language."""
    text = NewsroomText.objects.filter(newsroom__site__is_default_site=True, locale__language_code=locale).first()
    if text is not None:
        return text.name, text.tagline
    site = Site.objects.filter(is_default_site=True).first()
    return (site.site_name if site else "") or settings.WAGTAIL_SITE_NAME, ""


def _items(rows: PublicationQuerySet) -> list[Item]:
    """The newest of these publications. Two queries: the rows, and the names of their tags."""
    found = list(rows.order_by("-published_at", "-pk").values_list(*_COLUMNS, named=True)[:NEWEST])
    slugs = {slug for row in found for slug in row.tags}
    names = dict(Tag.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return [_item(row, names) for row in found]


def _item(row: Any, tag_names: dict[str, str]) -> Item:
    # A plugin may have made the teaser, and what it left out must not cost the others their feed.
    teaser = json.loads(row.teaser)
    section = teaser.get("section")
    return Item(
        guid=_guid(row.translation_key, row.pk),
        url=absolute_url(teaser["url"]) if teaser.get("url") else settings.FRONTEND_URL,
        headline=teaser.get("headline") or "",
        lede=teaser.get("lede") or "",
        published_at=row.published_at,
        updated_at=row.updated_at,
        authors=[author["name"] for author in teaser.get("authors") or ()],
        categories=[*([section["name"]] if section else ()), *(tag_names.get(slug, slug) for slug in row.tags)],
        image=teaser.get("image"),
    )


def _guid(translation_key: UUID, page_id: int) -> str:
    """Unlike anybody else's by the key, unlike its own translations' by the id."""
    return uuid5(translation_key, str(page_id)).urn
