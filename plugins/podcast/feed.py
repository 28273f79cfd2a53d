"""A show's RSS feed, made of published documents and nothing else.

RSS 2.0 (https://www.rssboard.org/rss-specification), Apple's tags
(https://podcasters.apple.com/support/823-podcast-requirements) and Podcasting 2.0
(https://github.com/Podcastindex-org/podcast-namespace).
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from django.utils.encoding import iri_to_uri
from lxml import etree

from api.contract import Published
from plugins.podcast.models import Person

CONTENT_TYPE = "application/rss+xml; charset=utf-8"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
_PREFIXES = {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM, "content": CONTENT}
#: Apple's limit for a description, in bytes.
_DESCRIPTION = 4000
# https://www.w3.org/TR/xml/#charsets: what a document may hold. The rest can't be written, not even escaped.
_NO_PLACE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: The group of each role in the taxonomy that the specification names; without one, apps take everybody for the cast.
#: https://github.com/Podcastindex-org/podcast-namespace/blob/main/taxonomy.json
_GROUPS = {
    Person.Role.HOST: "cast",
    Person.Role.CO_HOST: "cast",
    Person.Role.GUEST: "cast",
    Person.Role.REPORTER: "cast",
    Person.Role.NARRATOR: "cast",
    Person.Role.PRODUCER: "creative direction",
    Person.Role.EDITOR: "writing",
    Person.Role.COMPOSER: "audio post-production",
}

Document = dict[str, Any]


def write(show: Published, episodes: Iterable[Published]) -> bytes:
    """The feed of a published show with these published episodes, in their order."""
    root = etree.Element("rss", nsmap=_PREFIXES, version="2.0")
    channel = _add(root, "channel")
    episodes = [each for each in episodes if each.detail["audio"]]
    newest = max(each.updated_at for each in (show, *episodes))
    _write_channel(channel, show.detail, newest)
    for each in episodes:
        _write_item(_add(channel, "item"), each)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return written


def _write_channel(channel: Any, show: Document, newest: datetime) -> None:
    _add(channel, "title", show["headline"])
    _add(channel, "link", _address(show["url"]))
    _add(channel, "description", _short(show["lede"] or show["headline"]))
    _add(channel, "language", show["locale"])
    _add(channel, "lastBuildDate", _moment(newest))
    _add(channel, "generator", "Ostriv")
    _add(channel, f"{{{ATOM}}}link", href=show["feed_url"], rel="self", type="application/rss+xml")
    if show["copyright"]:
        _add(channel, "copyright", show["copyright"])
    if show["artwork"]:
        picture = _add(channel, "image")
        _add(picture, "url", _address(show["artwork"]["url"]))
        _add(picture, "title", show["headline"])
        _add(picture, "link", _address(show["url"]))
        _add(channel, f"{{{ITUNES}}}image", href=_address(show["artwork"]["url"]))
    if show["author"]:
        _add(channel, f"{{{ITUNES}}}author", show["author"])
    if show["owner"]:
        owner = _add(channel, f"{{{ITUNES}}}owner")
        _add(owner, f"{{{ITUNES}}}name", show["owner"]["name"])
        _add(owner, f"{{{ITUNES}}}email", show["owner"]["email"])
    for category in show["categories"]:
        outer = _add(channel, f"{{{ITUNES}}}category", text=category["name"])
        if category["subcategory"]:
            _add(outer, f"{{{ITUNES}}}category", text=category["subcategory"])
    _add(channel, f"{{{ITUNES}}}explicit", _truth(show["explicit"]))
    _add(channel, f"{{{ITUNES}}}type", show["kind"])
    _add(channel, f"{{{PODCAST}}}guid", show["guid"])
    owner_mail = {"owner": show["owner"]["email"]} if show["owner"] else {}
    _add(channel, f"{{{PODCAST}}}locked", "yes" if show["locked"] else "no", **owner_mail)
    _add(channel, f"{{{PODCAST}}}medium", "podcast")
    if show["funding"]:
        _add(channel, f"{{{PODCAST}}}funding", show["funding"]["text"], url=_address(show["funding"]["url"]))
    _write_people(channel, show["people"])


def _write_item(item: Any, episode: Published) -> None:
    shown = episode.detail
    audio = shown["audio"]
    _add(item, "title", shown["headline"])
    _add(item, "link", _address(shown["url"]))
    _add(item, "guid", shown["guid"], isPermaLink="false")
    _add(item, "pubDate", _moment(episode.published_at))
    _add(item, "enclosure", url=_address(audio["url"]), length=str(audio["size"]), type=audio["mime"])
    if shown["lede"]:
        _add(item, "description", escape(_short(shown["lede"]), quote=False))
    if notes := notes_as_html(shown["body"]):
        _add(item, f"{{{CONTENT}}}encoded", notes)
    _add(item, f"{{{ITUNES}}}duration", str(audio["duration"]))
    _add(item, f"{{{ITUNES}}}explicit", _truth(shown["explicit"]))
    _add(item, f"{{{ITUNES}}}episodeType", shown["episode_type"])
    if shown["artwork"]:
        _add(item, f"{{{ITUNES}}}image", href=_address(shown["artwork"]["url"]))
    for name in ("season", "episode"):
        if shown[name] is not None:
            for space in (ITUNES, PODCAST):
                _add(item, f"{{{space}}}{name}", str(shown[name]))
    if shown["chapters_url"]:
        _add(item, f"{{{PODCAST}}}chapters", url=shown["chapters_url"], type="application/json+chapters")
    if shown["transcript"] and shown["transcript"]["url"]:
        _add(
            item, f"{{{PODCAST}}}transcript", url=shown["transcript"]["url"], type="text/vtt",
            language=shown["locale"], rel="captions",
        )  # fmt: skip
    _write_people(item, shown["people"])


def _write_people(into: Any, people: Iterable[Document]) -> None:
    for person in people:
        attributes = {"href": _address(person["url"])} if person["url"] else {}
        role = person["role"]
        _add(into, f"{{{PODCAST}}}person", person["name"], role=role, group=_GROUPS.get(role, "cast"), **attributes)


def notes_as_html(body: Iterable[Document]) -> str:
    """What podcast apps show of an episode's text: its words and links. Pictures and players are the site's."""
    return "".join(_block_as_html(block["type"], block["value"]) for block in body)


def _block_as_html(kind: str, value: Any) -> str:
    if kind == "paragraph":
        return str(value)
    if kind == "heading":
        return f"<h{value['level']}>{escape(value['text'])}</h{value['level']}>"
    if kind == "quote":
        said_by = ", ".join(filter(None, (value["attribution"], value["role"])))
        words = f"<p>{escape(value['text'])}</p>" + (f"<p>{escape(said_by)}</p>" if said_by else "")
        return f"<blockquote>{words}</blockquote>"
    if kind == "pullout":
        return f"<h3>{escape(value['title'])}</h3>{value['text']}" if value["title"] else str(value["text"])
    return ""


def _add(parent: Any, tag: str, text_: str | None = None, **attributes: str) -> Any:
    """Append an element; lxml escapes what it holds."""
    cleaned = {name: _NO_PLACE.sub("", value) for name, value in attributes.items()}
    element = etree.SubElement(parent, tag, cleaned)
    if text_ is not None:
        element.text = _NO_PLACE.sub("", text_).strip()
    return element


def _address(url: str) -> str:
    """An address with every letter that is not ASCII escaped (RFC 3986)."""
    return iri_to_uri(url) or ""


def _short(text: str) -> str:
    return text.encode()[:_DESCRIPTION].decode(errors="ignore")


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _moment(moment: datetime) -> str:
    """RFC 2822: ``Wed, 14 Jan 2026 14:30:00 GMT``."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
