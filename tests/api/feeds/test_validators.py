"""The validators themselves: each refuses what is broken, so that what passes them says something."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.api.feeds import validating

RSS = """<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<atom:link href="https://ostriv.example/feed" rel="self" type="application/rss+xml"/><title>Т</title><link>https://ostriv.example/</link><description>О</description>
<item><title>Н</title><link>https://ostriv.example/n/</link><guid isPermaLink="false">urn:newsroom:1</guid>
<pubDate>Wed, 14 Jan 2026 14:30:00 GMT</pubDate></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><id>https://ostriv.example/a</id><title>Т</title>
<link rel="self" href="https://ostriv.example/feed"/>
<updated>2026-01-14T14:30:00Z</updated><author><name>Острів</name></author><entry><id>urn:newsroom:1</id><title>Н</title>
<updated>2026-01-14T14:30:00Z</updated><link href="https://ostriv.example/n/"/><summary>О</summary></entry></feed>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Т",
    "items": [{"id": "1", "content_text": "Н", "tags": ["порт", "море"]}],
}
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://ostriv.example/n/</loc>
<lastmod>2026-01-14T14:30:00Z</lastmod></url></urlset>"""
JUST_NOW = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"  # what is older is no news
NEWS = f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://ostriv.example/n/</loc><lastmod>{JUST_NOW}</lastmod><news:news>
<news:publication><news:name>Острів</news:name><news:language>uk</news:language></news:publication>
<news:publication_date>{JUST_NOW}</news:publication_date><news:title>Н</news:title></news:news></url></urlset>
"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap>
<loc>https://ostriv.example/sitemaps/uk-1.xml</loc></sitemap></sitemapindex>"""
LLMS = "# Острів\n\n> Новини\n\n## API\n\n- [Schema](https://ostriv.example/): OpenAPI\n"
ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Н",
    "datePublished": "2026-01-14T14:30:00Z",
    "author": [{"@type": "Person", "name": "Олена"}],
}


def sitemap(text: str) -> Any:
    return validating.sitemap(text.encode(), "https://ostriv.example/sitemap.xml")


def json_feed(text: str) -> Any:
    return validating.json_feed(text.encode())


def schema_org(text: str) -> Any:
    return validating.schema_org(json.loads(text))


def llms(text: str) -> Any:
    return validating.llms(text)


def rss(text: str) -> Any:
    return validating.rss(text.encode())


def atom(text: str) -> Any:
    return validating.atom(text.encode())


def said_by_w3c(text: str) -> Any:
    return validating.w3c(f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode(), "https://ostriv.example/feed")


FEED, STRUCTURED = json.dumps(JSON, ensure_ascii=False), json.dumps(ARTICLE, ensure_ascii=False)
CASES = [
    (rss, RSS, "</item>", ""),
    (rss, RSS, 'version="2.0"', 'version="0.91"'),
    (atom, ATOM, "<id>urn:newsroom:1</id>", ""),
    (atom, ATOM, "<updated>2026-01-14T14:30:00Z</updated><link", "<updated>14.01.2026</updated><link"),
    (json_feed, FEED, '"id": "1", ', ""),
    (json_feed, FEED, '"море"', '"порт"'),
    (json_feed, FEED, '"title": "Т"', '"title": 7'),
    (sitemap, SITEMAP, "<loc>https://ostriv.example/n/</loc>", ""),
    (sitemap, SITEMAP, "https://ostriv.example/n/", "/n/"),
    (sitemap, SITEMAP, "2026-01-14T14:30:00Z", "14.01.2026"),
    (sitemap, NEWS, "<news:title>Н</news:title>", ""),
    (sitemap, NEWS, "<news:language>uk</news:language>", ""),
    (sitemap, INDEX, "<loc>https://ostriv.example/sitemaps/uk-1.xml</loc>", "<lastmod>2026-01-14</lastmod>"),
    (llms, LLMS, "# Острів\n\n", ""),
    (schema_org, STRUCTURED, '"NewsArticle"', '"NewsArtikel"'),
    (schema_org, STRUCTURED, '"headline"', '"heading"'),
    (schema_org, STRUCTURED, "2026-01-14T14:30:00Z", "vorgestern"),
    pytest.param(said_by_w3c, RSS, "14 Jan", "14 Січ", marks=validating.needs_w3c),
    pytest.param(said_by_w3c, RSS, "<description>О</description>", "", marks=validating.needs_w3c),
    pytest.param(said_by_w3c, ATOM, "<id>urn:newsroom:1</id>", "", marks=validating.needs_w3c),
]


@pytest.mark.parametrize(("check", "sound", "part", "instead"), CASES)
def test_a_broken_document_is_refused(check: Callable[[str], Any], sound: str, part: str, instead: str) -> None:
    check(sound)
    assert part in sound

    with pytest.raises(Exception):  # noqa: B017  (each validator has its own)
        check(sound.replace(part, instead))
