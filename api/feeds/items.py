"""What feeds say of one publication, whatever the format that they are written in."""

import mimetypes
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings

from api.addresses import absolute_url, frontend_url


@dataclass(frozen=True)
class Person:
    """Somebody in a byline; ``url`` is their page on the frontend."""

    name: str
    url: str


@dataclass(frozen=True)
class Category:
    """A section or a tag."""

    slug: str
    name: str


@dataclass(frozen=True)
class Picture:
    """The largest rendition of the teaser's picture. ``type`` is its media type, empty where it can't be told."""

    url: str
    type: str
    width: int
    height: int
    alt: str
    credit: str


@dataclass(frozen=True)
class Item:
    """One publication as feeds show it. Addresses are absolute, times aware, ``lede`` is plain text.

    ``guid`` is a URN that stays the same for as long as the page exists, whatever its address becomes. ``html`` is the
    whole text, sanitised; empty in a feed of ledes.
    """

    guid: str
    url: str
    headline: str
    lede: str
    published_at: datetime
    updated_at: datetime
    authors: list[Person]
    categories: list[Category]
    picture: Picture | None
    html: str = ""


def item(row: Any, teaser: dict[str, Any], tag_names: dict[str, str], html: str = "") -> Item:
    """The publication in this row as an item. ``tag_names`` are the names of tags by slug."""
    # A plugin may have made the teaser, and what it left out must not cost the others their feed.
    section = teaser.get("section")
    return Item(
        guid=_guid(row.translation_key, row.pk),
        url=address_of(teaser),
        headline=teaser.get("headline") or "",
        lede=teaser.get("lede") or "",
        published_at=row.published_at,
        updated_at=row.updated_at,
        authors=[
            Person(author["name"], frontend_url("author", row.locale, author["slug"]))
            for author in teaser.get("authors") or ()
        ],
        categories=[
            *([Category(section["slug"], section["name"])] if section else ()),
            *(Category(slug, tag_names.get(slug, slug)) for slug in row.tags),
        ],
        picture=picture(teaser.get("image")),
        html=html,
    )


def address_of(teaser: dict[str, Any]) -> str:
    """What a click on this teaser opens."""
    return absolute_url(teaser["url"]) if teaser.get("url") else str(settings.FRONTEND_URL)


def picture(image: dict[str, Any] | None) -> Picture | None:
    """The largest rendition of an image of the API, as JPEG where there is one: every reader's program shows that."""
    renditions = (image or {}).get("renditions") or {}
    if not image or not renditions:
        return None
    largest = max(renditions.values(), key=lambda rendition: rendition["width"])
    url = (largest.get("formats") or {}).get("jpeg") or largest["url"]
    kind, _encoding = mimetypes.guess_type(url, strict=False)
    return Picture(
        url=absolute_url(url),
        type=kind or "",
        width=largest["width"],
        height=largest["height"],
        alt=image.get("alt") or "",
        credit=image.get("credit") or "",
    )


def _guid(translation_key: UUID, page_id: int) -> str:
    """Unlike anybody else's by the key, unlike its own translations' by the id."""
    return uuid5(translation_key, str(page_id)).urn
