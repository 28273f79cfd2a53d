"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from typing import Any

from api.feeds.channels import Channel
from api.feeds.items import Item
from api.feeds.xml import address, clean, line
from api.json_text import dump
from api.times import utc

CONTENT_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def write(channel: Channel, address_of_itself: str) -> bytes:
    """The channel as a JSON Feed that stands at this absolute address."""
    document = {
        "version": VERSION,
        "title": line(channel.title),
        "home_page_url": address(channel.url),
        "feed_url": address_of_itself,
        "description": line(channel.description),
        "language": channel.locale,
        "authors": [{"name": line(channel.publisher)}],
        "items": [_item(item) for item in channel.items],
    }
    return dump(document).encode()


def _item(item: Item) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": item.guid,
        "url": address(item.url),
        "title": line(item.headline),
        # One of the two has to be there.
        **({"content_html": clean(item.html)} if item.html else {"content_text": clean(item.lede or item.headline)}),
        "date_published": utc(item.published_at),
        "date_modified": utc(item.updated_at),
    }
    if item.lede:
        found["summary"] = clean(item.lede)
    if item.picture:
        found["image"] = address(item.picture.url)
    if item.authors:
        found["authors"] = [{"name": line(person.name), "url": address(person.url)} for person in item.authors]
    if item.categories:
        # Each stands once: a section and a tag may have the same name.
        found["tags"] = list(dict.fromkeys(line(category.name) for category in item.categories))
    return found
