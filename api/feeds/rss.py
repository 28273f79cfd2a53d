"""RSS 2.0 (https://www.rssboard.org/rss-specification), with the modules that readers' programs know."""

from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from lxml import etree

from api.feeds.channels import Channel
from api.feeds.items import Item
from api.feeds.xml import ATOM, MEDIA, add, add_picture, address, clean, document, line

CONTENT_TYPE = "application/rss+xml; charset=utf-8"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_PREFIXES = {"atom": ATOM, "content": CONTENT, "dc": DUBLIN_CORE, "media": MEDIA}


def write(channel: Channel, address_of_itself: str) -> bytes:
    """The channel as an RSS document that stands at this absolute address."""
    root = etree.Element("rss", nsmap=_PREFIXES, version="2.0")
    into = add(root, "channel")
    add(into, "title", line(channel.title))
    add(into, "link", address(channel.url))
    add(into, "description", line(channel.description))
    add(into, "language", channel.locale)
    if channel.updated_at:
        add(into, "lastBuildDate", _moment(channel.updated_at))
    add(into, "generator", "Ostriv")
    add(into, f"{{{ATOM}}}link", href=address_of_itself, rel="self", type="application/rss+xml")
    for item in channel.items:
        _write_item(add(into, "item"), item)
    return document(root)


def _write_item(into: Any, item: Item) -> None:
    add(into, "title", line(item.headline))
    add(into, "link", address(item.url))
    add(into, "guid", item.guid, isPermaLink="false")
    add(into, "pubDate", _moment(item.published_at))
    for author in item.authors:
        add(into, f"{{{DUBLIN_CORE}}}creator", line(author.name))
    for category in item.categories:
        add(into, "category", line(category.name))
    if item.lede:
        # Readers' programs show a description as HTML; the lede is plain text, and "<" in it is just that.
        add(into, "description", escape(clean(item.lede), quote=False))
    if item.html:
        add(into, f"{{{CONTENT}}}encoded", item.html)
    if item.picture:
        # No ``enclosure``: that has to tell the file's length, which nobody keeps.
        add_picture(into, item.picture)


def _moment(moment: datetime) -> str:
    """RFC 2822, as RSS wants it: ``Wed, 14 Jan 2026 14:30:00 GMT``."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
