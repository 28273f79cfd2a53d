"""Atom 1.0 (RFC 4287, https://www.rfc-editor.org/rfc/rfc4287)."""

from datetime import UTC, datetime
from typing import Any

from lxml import etree

from api.feeds.channels import Channel
from api.feeds.items import Item
from api.feeds.xml import ATOM, MEDIA, add, add_picture, address, document, line
from api.times import utc

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
XML = "http://www.w3.org/XML/1998/namespace"
#: A feed has to say when it changed, also one in which nothing ever stood.
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def write(channel: Channel, address_of_itself: str) -> bytes:
    """The channel as an Atom document that stands at this absolute address, which is its id too."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "media": MEDIA})
    root.set(f"{{{XML}}}lang", channel.locale)
    _add(root, "id", address_of_itself)
    _add(root, "title", line(channel.title))
    _add(root, "subtitle", line(channel.description))
    _add(root, "updated", utc(channel.updated_at or _NEVER))
    # The author of entries that name none (RFC 4287, 4.2.1).
    _add(_add(root, "author"), "name", line(channel.publisher))
    _add(root, "link", rel="self", type="application/atom+xml", href=address_of_itself)
    _add(root, "link", rel="alternate", type="text/html", hreflang=channel.locale, href=address(channel.url))
    _add(root, "generator", "Ostriv")
    for item in channel.items:
        _write_entry(_add(root, "entry"), item)
    return document(root)


def _write_entry(into: Any, item: Item) -> None:
    _add(into, "id", item.guid)
    _add(into, "title", line(item.headline))
    _add(into, "link", rel="alternate", type="text/html", href=address(item.url))
    _add(into, "published", utc(item.published_at))
    _add(into, "updated", utc(max(item.updated_at, item.published_at)))
    for person in item.authors:
        author = _add(into, "author")
        _add(author, "name", line(person.name))
        _add(author, "uri", address(person.url))
    for category in item.categories:
        _add(into, "category", term=category.slug, label=line(category.name))
    # Entries without content have to have a summary where the link is all that they offer (4.1.1.1 and 4.1.2).
    if item.lede or not item.html:
        _add(into, "summary", item.lede or item.headline)
    if item.html:
        _add(into, "content", item.html, type="html")
    if item.picture:
        add_picture(into, item.picture)


def _add(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    return add(parent, f"{{{ATOM}}}{tag}", text, **attributes)
