"""What the tests of feeds read and write."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from wagtail.models import Site

from tests.api.feeds import validating
from tests.support.content import locale_of

RSS, ATOM, JSON = "/feeds/uk/rss.xml", "/feeds/uk/atom.xml", "/feeds/uk/feed.json"
TYPES = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json",
}
NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
    "x": "http://www.w3.org/1999/xhtml",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
#: Words that a careless writer of XML, JSON or HTML would stumble over, and what a reader sees of them.
NASTY = [
    ("Кінець ]]> тексту", "Кінець ]]> тексту"),
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("Том & Джері &amp; <b>жирно</b>", "Том & Джері &amp; <b>жирно</b>"),
    ("Дзвінок\x07 і\x0b край\x1f\ufffe\uffff", "Дзвінок і край"),
    ("Рибалка 🎣 «лапки» ’апостроф'", "Рибалка 🎣 «лапки» ’апостроф'"),
    ("\u202eسلام עולם\u202c \u0301", "\u202eسلام עולם\u202c \u0301"),
    ("<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;", None),
    ("<?xml version='1.0'?>", None),
    ("](javascript:alert(1)) [х](y)", None),
]


def get(client: Client, path: str) -> Any:
    """The answer at this address, which has to be there, of the type that its name tells."""
    response = client.get(path)
    assert response.status_code == 200, response.content
    kind = TYPES.get(path.rsplit("/", 1)[1])
    assert kind is None or response["Content-Type"] == kind
    return response


def rss(client: Client, path: str = RSS) -> Any:
    """The channel at this address, seen to be valid."""
    return validating.rss(get(client, path).content)


def atom(client: Client, path: str = ATOM) -> Any:
    """The Atom feed at this address, seen to be valid."""
    return validating.atom(get(client, path).content)


def json_feed(client: Client, path: str = JSON) -> dict[str, Any]:
    """The JSON Feed at this address, seen to be valid."""
    return validating.json_feed(get(client, path).content)


def titles(client: Client, place: str = "") -> list[str]:
    """The headlines of a feed in Ukrainian (``section/more``, or of everything), which every format has alike."""
    folder = f"/feeds/uk/{place}".rstrip("/")
    found = rss(client, f"{folder}/rss.xml").xpath("item/title/text()")
    assert atom(client, f"{folder}/atom.xml").xpath("atom:entry/atom:title/text()", namespaces=NS) == found
    assert [each["title"] for each in json_feed(client, f"{folder}/feed.json")["items"]] == found
    return found


def sitemap(client: Client, path: str = "/sitemap.xml") -> Any:
    """The sitemap or index at this address, seen to be valid."""
    response = get(client, path)
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return validating.sitemap(response.content, f"{settings.BASE_URL}{path}")


def part_paths(client: Client) -> list[str]:
    return [urlsplit(loc).path for loc in sitemap(client).xpath("s:sitemap/s:loc/text()", namespaces=NS)]


def addresses(client: Client) -> list[str]:
    """Every address in every part."""
    parts = [sitemap(client, path) for path in part_paths(client)]
    return [loc for part in parts for loc in part.xpath("s:url/s:loc/text()", namespaces=NS)]


def make_newsroom(name: str = "Острівні вісті", tagline: str = "", locale: str = "uk", **fields: Any) -> Any:
    """The newsroom with words in this language; ``fields`` are those of its settings."""
    from cms.content.models import NewsroomSettings, NewsroomText

    newsroom, _made = NewsroomSettings.objects.get_or_create(site=Site.objects.get(is_default_site=True))
    for key, value in fields.items():
        setattr(newsroom, key, value)
    newsroom.save()
    NewsroomText.objects.create(newsroom=newsroom, locale=locale_of(locale), name=name, tagline=tagline)
    return newsroom
