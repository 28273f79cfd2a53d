"""Feeds and sitemaps: what programs follow, valid by their specifications, and nothing that readers can't see."""

import re
import sys
import types
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, set_urlconf
from django.utils import timezone
from lxml import etree
from wagtail.models import Page, Site

from tests.support.content import (
    at,
    front_of,
    locale_of,
    make_article,
    make_author,
    make_folder,
    make_image,
    make_page,
    make_section,
    restrict,
)

pytestmark = pytest.mark.django_db

RSS = "/feeds/uk/rss.xml"
NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
W3C_DATETIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)"
RFC_2822 = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"


def rss(client: Client, path: str = RSS) -> Any:
    """The channel at this address, seen to be valid."""
    response = client.get(path)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    check_rss(response.content)
    return etree.fromstring(response.content)[0]


def titles(channel: Any) -> list[str]:
    return channel.xpath("item/title/text()")


def check_rss(body: bytes) -> None:
    """What https://www.rssboard.org/rss-specification and /rss-profile demand of the elements that we write."""
    parsed = feedparser.parse(body)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "rss20"
    root = etree.fromstring(body)
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    channel = root[0]
    for name in ("title", "link", "description", "language"):
        assert len(channel.findall(name)) == 1 and channel.findtext(name), name
    itself = channel.find("atom:link[@rel='self']", NS)
    assert urlsplit(itself.get("href")).scheme and itself.get("type") == "application/rss+xml"
    for moment in channel.xpath(".//pubDate | lastBuildDate"):
        assert re.fullmatch(RFC_2822, moment.text), moment.text
    guids = channel.xpath("item/guid/text()")
    assert len(set(guids)) == len(guids) == len(channel.findall("item"))
    for item in channel.findall("item"):
        for name in ("title", "link", "guid", "pubDate"):
            assert len(item.findall(name)) == 1 and item.findtext(name), name
        assert len(item.findall("description")) <= 1
        assert item.find("guid").get("isPermaLink") == "false"
        assert urlsplit(item.findtext("link")).netloc


def sitemap(client: Client, path: str = "/sitemap.xml") -> Any:
    """The sitemap or index at this address, seen to be valid by the protocol's schema (sitemap.xsd, siteindex.xsd)."""
    response = client.get(path)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    root = etree.fromstring(response.content)
    kind = {"urlset": "url", "sitemapindex": "sitemap"}[etree.QName(root).localname]
    assert etree.QName(root).namespace == NS["s"]
    assert len(root) <= 50_000
    for entry in root:
        assert entry.tag == f"{{{NS['s']}}}{kind}"
        loc, lastmod, *links = entry
        assert (loc.tag, lastmod.tag) == (f"{{{NS['s']}}}loc", f"{{{NS['s']}}}lastmod")
        assert 12 <= len(loc.text) <= 2048 and urlsplit(loc.text).scheme in ("http", "https") and loc.text.isascii()
        assert re.fullmatch(W3C_DATETIME, lastmod.text)
        assert all(link.tag == f"{{{NS['x']}}}link" and link.get("rel") == "alternate" for link in links)
        assert all(urlsplit(link.get("href")).netloc and link.get("hreflang") for link in links)
    return root


def part_paths(client: Client) -> list[str]:
    return [urlsplit(loc).path for loc in sitemap(client).xpath("s:sitemap/s:loc/text()", namespaces=NS)]


def addresses(client: Client) -> list[str]:
    """Every address in every part."""
    parts = [sitemap(client, path) for path in part_paths(client)]
    return [loc for part in parts for loc in part.xpath("s:url/s:loc/text()", namespaces=NS)]


def make_newsroom(name: str = "Острівні вісті", tagline: str = "", locale: str = "uk") -> None:
    from cms.content.models import NewsroomSettings, NewsroomText

    newsroom, _made = NewsroomSettings.objects.get_or_create(site=Site.objects.get(is_default_site=True))
    NewsroomText.objects.create(newsroom=newsroom, locale=locale_of(locale), name=name, tagline=tagline)


# --- what a feed says -------------------------------------------------------------------------------------------


def test_a_feed_says_who_publishes_it_and_where_it_stands(client: Client) -> None:
    make_newsroom("Острівні вісті", "Новини з річки")
    make_article("Новина")

    channel = rss(client)

    assert channel.findtext("title") == "Острівні вісті"
    assert channel.findtext("description") == "Новини з річки"
    assert channel.findtext("link") == f"{django_settings.FRONTEND_URL}/uk/"
    assert channel.findtext("language") == "uk"
    assert channel.find("atom:link", NS).get("href") == f"{django_settings.BASE_URL}{RSS}"


def test_an_item_is_all_that_its_teaser_says(client: Client) -> None:
    page = make_article(
        "Новий причал",
        lede="Його будували два роки.",
        section=make_section("Порт"),
        authors=[make_author("Олена Бриз"), make_author("Петро Хвиля")],
        tags=["Море"],
        image=make_image("Причал", credit="Фото: М. Мур", size=(1600, 1000)),
        published_at=at("2026-01-14T16:30:00+02:00"),
    )

    (item,) = rss(client).findall("item")

    assert item.findtext("title") == "Новий причал"
    assert item.findtext("link") == page.public_url
    assert item.findtext("pubDate") == "Wed, 14 Jan 2026 14:30:00 GMT"
    assert item.xpath("dc:creator/text()", namespaces=NS) == ["Олена Бриз", "Петро Хвиля"]
    assert item.xpath("category/text()") == ["Порт", "Море"]
    assert item.findtext("description") == "Його будували два роки."
    picture = item.find("media:content", NS)
    assert (picture.get("type"), picture.get("medium")) == ("image/webp", "image")
    assert (picture.get("width"), picture.get("height")) == ("1280", "800"), "the largest rendition"
    assert picture.get("url").startswith("http")
    assert picture.findtext("media:credit", namespaces=NS) == "Фото: М. Мур"
    assert picture.findtext("media:description", namespaces=NS) == "Причал здалеку"


def test_readers_programs_understand_it(client: Client) -> None:
    make_newsroom()
    make_article("Новина", lede="Підводка", authors=[make_author("Олена Бриз")], image=make_image())

    parsed = feedparser.parse(client.get(RSS).content)

    (entry,) = parsed.entries
    assert parsed.feed.title == "Острівні вісті"
    assert (entry.title, entry.summary, entry.author) == ("Новина", "Підводка", "Олена Бриз")
    assert entry.published_parsed and entry.media_content[0]["type"] == "image/webp"
    assert entry.guidislink is False


def test_an_item_without_lede_picture_or_author_is_valid_too(client: Client) -> None:
    make_article("Коротко")

    (item,) = rss(client).findall("item")

    assert [child.tag for child in item] == ["title", "link", "guid", "pubDate"]


def test_the_guid_of_an_item_stays_while_all_else_changes(client: Client) -> None:
    page, other = make_article("Перша назва"), make_article("Інша")

    def guid(headline: str) -> str:
        return rss(client).xpath(f"item[title='{headline}']/guid/text()")[0]

    before = guid("Перша назва")
    page.title, page.slug = "Друга назва", "druha"
    page.save_revision().publish()
    page.move(make_folder(), pos="last-child")

    assert guid("Друга назва") == before != guid("Інша")
    assert other.pk != page.pk


def test_the_newest_fifty_come_first(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.feeds import channels

    assert channels.NEWEST == 50
    monkeypatch.setattr(channels, "NEWEST", 3)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for n in (2, 0, 4, 1, 3):
        make_article(f"№{n}", published_at=start + timedelta(hours=n))

    assert titles(rss(client)) == ["№4", "№3", "№2"]


def test_a_newsroom_without_a_name_has_feeds_all_the_same(client: Client) -> None:
    Site.objects.update(site_name="")
    assert rss(client).findtext("title")

    Site.objects.update(site_name="Берег")
    assert rss(client).findtext("title") == "Берег"


def test_a_teaser_opens_what_it_is_for(client: Client) -> None:
    from cms.content.models import TeaserPage

    make_page(TeaserPage, "Деінде", target_url="https://elsewhere.example/стаття")

    (item,) = rss(client).findall("item")

    assert item.findtext("link") == "https://elsewhere.example/%D1%81%D1%82%D0%B0%D1%82%D1%82%D1%8F"


# --- which feeds there are --------------------------------------------------------------------------------------


def test_each_language_section_and_type_has_a_feed_of_its_own(client: Client) -> None:
    from tests.support.newsletters import make_edition, make_newsletter

    make_newsroom("Вісті")
    sea, town = make_section("Море"), make_section("Місто", description="Усе про місто")
    make_article("Про море", section=sea)
    make_article("Про місто", section=town)
    make_article("In English", locale="en")
    make_edition(make_newsletter(), title="Випуск")

    assert titles(rss(client)) == ["Про місто", "Про море"], "editions have a list of their own"
    assert titles(rss(client, "/feeds/en/rss.xml")) == ["In English"]
    section = rss(client, "/feeds/uk/section/misto/rss.xml")
    assert (titles(section), section.findtext("title")) == (["Про місто"], "Вісті · Місто")
    assert section.findtext("description") == "Усе про місто"
    editions = rss(client, "/feeds/uk/type/edition/rss.xml")
    assert (titles(editions), editions.findtext("title")) == (["Випуск"], "Вісті · Випуски розсилок")
    assert titles(rss(client, "/feeds/uk/type/article/rss.xml")) == ["Про місто", "Про море"]


def test_a_feed_of_what_is_not_there_yet_is_empty_and_valid(client: Client) -> None:
    make_section("Море")

    for path in (RSS, "/feeds/ru/rss.xml", "/feeds/uk/section/more/rss.xml", "/feeds/uk/type/campaign/rss.xml"):
        assert titles(rss(client, path)) == []


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/",
        "/feeds/de/rss.xml",
        "/feeds/uk/",
        "/feeds/uk/atom.xml/x",
        "/feeds/uk/section/nema/rss.xml",
        "/feeds/ru/section/more/rss.xml",
        "/feeds/uk/type/nema/rss.xml",
        "/feeds/uk/type/front/rss.xml",
        "/feeds/uk/type/%00/rss.xml",
        "/feeds/none/any.xml",
        "/sitemaps/uk-0.xml",
        "/sitemaps/uk-999999.xml",
        "/sitemaps/uk-999999999.xml",
        "/sitemaps/uk-99999999999999999999.xml",
        "/sitemaps/de-1.xml",
        "/sitemaps/",
    ],
)
def test_an_unknown_feed_is_not_found_in_plain_words(client: Client, path: str) -> None:
    make_section("Море")

    response = client.get(path)

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert "no feed or sitemap" in response.json()["detail"]


@pytest.mark.parametrize("path", [RSS, "/sitemap.xml"])
def test_feeds_are_only_read(client: Client, path: str) -> None:
    response = client.post(path)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


# --- hostile words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Кінець ]]> тексту", "Кінець ]]> тексту"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Том & Джері &amp; <b>жирно</b>", "Том & Джері &amp; <b>жирно</b>"),
        ("Дзвінок\x07 і\x0b край\x1f\ufffe\uffff", "Дзвінок і край"),
        ("Рибалка 🎣 «лапки» ’апостроф'", "Рибалка 🎣 «лапки» ’апостроф'"),
        ("<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;", None),
        ("<?xml version='1.0'?>", None),
    ],
)
def test_hostile_words_stay_words(client: Client, written: str, read: str | None) -> None:
    read = written if read is None else read
    make_newsroom(written, written)
    section = make_section(written, slug="r")
    author = make_author(written, slug="a")
    page = make_article(written, slug="s", lede=written, section=section, authors=[author], tags=[written[:90]])
    page.image = make_image(written, description=written, credit=written)
    page.save_revision().publish()

    channel = rss(client)

    (item,) = channel.findall("item")
    assert item.findtext("title") == channel.findtext("title") == channel.findtext("description") == read
    assert item.findtext("dc:creator", namespaces=NS) == item.findtext("category") == read
    assert item.findtext("media:content/media:credit", namespaces=NS) == read
    # A description is HTML to those who read it: what they show is what was written.
    assert etree.HTML(f"<p>{item.findtext('description')}</p>").xpath("string()") == read
    assert sitemap(client, "/sitemaps/uk-1.xml") is not None


def test_no_markup_of_a_lede_comes_to_life_in_a_readers_program(client: Client) -> None:
    make_article("Новина", lede="Пишуть: <img src=x onerror=alert(1)> & <b>годі</b>")

    (entry,) = feedparser.parse(client.get(RSS).content, sanitize_html=False).entries

    assert entry.summary == "Пишуть: &lt;img src=x onerror=alert(1)&gt; &amp; &lt;b&gt;годі&lt;/b&gt;"


def test_a_headline_is_one_line(client: Client) -> None:
    make_article("Два\r\nрядки\tй  пропуски")

    assert titles(rss(client)) == ["Два рядки й пропуски"]


# --- nothing that readers can't see -----------------------------------------------------------------------------


def draft(page: Page) -> None:
    page.unpublish()
    page.title = "Таємне, нова чернетка"
    page.save_revision()


def embargoed(page: Page) -> None:
    page.unpublish()
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision(approved_go_live_at=page.go_live_at).publish()


def expired(page: Page) -> None:
    from api.publications.models import Publication

    Publication.objects.filter(pk=page.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def in_a_private_folder(page: Page) -> None:
    folder = make_folder()
    restrict(folder)
    page.move(folder, pos="last-child")


def of_a_type_that_is_switched_off(page: Page) -> None:
    from cms.registry import states

    states.save_declared("absent", {"content type": ["article"]})


HIDDEN: list[Callable[[Any], object]] = [
    draft,
    embargoed,
    expired,
    restrict,
    in_a_private_folder,
    of_a_type_that_is_switched_off,
    lambda page: page.unpublish(),
    lambda page: page.delete(),
]


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__.strip("<>"))
def test_what_readers_can_not_see_is_in_no_feed_and_no_sitemap(client: Client, hide: Callable[[Any], object]) -> None:
    from cms.registry import states

    section = make_section("Море")
    page = make_article("Таємне", slug="taiemne", section=section, lede="таємне", tags=["таємне"])
    make_page(type_beside(), "Кампанія", slug="vidkryta", parent=make_folder(), goal=100_00)
    documents = [RSS, "/feeds/uk/section/more/rss.xml", "/feeds/uk/type/article/rss.xml", *part_paths(client)]
    shown = [path for path in documents if "taiemne" in client.get(path).content.decode()]
    assert len(shown) >= 4, "three feeds and a part of the sitemap"

    hide(type(page).objects.get(pk=page.pk))

    for path in documents:
        text = client.get(path).content.decode().lower()
        assert "taiemne" not in text and "таємне" not in text, path
    states.forget()


def type_beside() -> Any:
    """A type that stays when articles are switched off, so that the part of the sitemap does too."""
    from cms.campaigns.models import CampaignPage

    return CampaignPage


def test_a_draft_of_what_is_public_stays_at_home(client: Client) -> None:
    page = make_article("Відоме", slug="vidome")
    page.title, page.slug, page.lede = "Таємне", "taiemne", "таємне"
    page.save_revision()

    assert titles(rss(client)) == ["Відоме"]
    assert not any("taiemne" in each for each in addresses(client))


# --- sitemaps ---------------------------------------------------------------------------------------------------


def test_the_sitemap_leads_to_every_page_that_readers_can_open(client: Client) -> None:
    from cms.campaigns.models import CampaignPage
    from cms.content.models import TeaserPage
    from tests.support.newsletters import make_edition, make_newsletter

    article, english = make_article("Новина"), make_article("News", locale="en")
    campaign = make_page(CampaignPage, "Разом", parent=make_folder(), goal=100_00)
    edition = make_edition(make_newsletter())
    make_page(TeaserPage, "Деінде", target_url="https://elsewhere.example/")
    make_page(TeaserPage, "Про новину", target_page=article)
    fronts = [front_of(code) for code in ("uk", "ru", "en")]

    found = addresses(client)

    assert sorted(found) == sorted(page.public_url for page in (article, english, campaign, edition, *fronts))
    assert campaign.public_url.endswith("/donate/razom/")


def test_parts_are_small_and_each_page_stands_in_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.feeds import sitemaps

    monkeypatch.setattr(sitemaps, "PART", 3)
    pages = [make_article(f"№{n}", locale=locale) for n in range(4) for locale in ("uk", "en")]

    paths = part_paths(client)
    parts = {path: sitemap(client, path) for path in paths}

    assert len(paths) > 2 and len(set(paths)) == len(paths)
    assert all(1 <= len(part) <= 3 for part in parts.values())
    found = {loc: path for path, part in parts.items() for loc in part.xpath("s:url/s:loc/text()", namespaces=NS)}
    for page in pages:
        assert found[page.public_url].startswith(f"/sitemaps/{page.locale.language_code}-")
    assert len(found) == len(pages) + 3, "the front pages too"

    make_article("Нова")
    for path, part in parts.items():
        locs = part.xpath("s:url/s:loc/text()", namespaces=NS)
        assert sitemap(client, path).xpath("s:url/s:loc/text()", namespaces=NS)[: len(locs)] == locs, "pages stay"


def test_a_part_tells_when_its_pages_changed_and_the_index_when_the_newest_did(client: Client) -> None:
    make_article("Стара", last_published_at=None)
    page = make_article("Нова")
    page.save_revision().publish()
    page.refresh_from_db()
    moment = page.last_published_at.strftime("%Y-%m-%dT%H:%M:%SZ")

    part = sitemap(client, "/sitemaps/uk-1.xml")

    assert part.xpath(f"s:url[s:loc='{page.public_url}']/s:lastmod/text()", namespaces=NS) == [moment]
    index = f"s:sitemap[s:loc='{django_settings.BASE_URL}/sitemaps/uk-1.xml']/s:lastmod/text()"
    assert sitemap(client).xpath(index, namespaces=NS) == [moment]


def test_translations_know_each_other_if_they_are_public(client: Client) -> None:
    original = make_article("Новина")
    alone = make_article("Сама")
    translated = []
    for code in ("en", "ru"):
        copy = original.copy_for_translation(locale_of(code), copy_parents=True)
        copy.title = f"News {code}"
        copy.save_revision().publish()
        copy.refresh_from_db()
        translated.append(copy)

    def alternates(page: Any) -> dict[str, str]:
        part = sitemap(client, f"/sitemaps/{page.locale.language_code}-1.xml")
        (url,) = part.xpath(f"s:url[s:loc='{page.public_url}']", namespaces=NS)
        return {link.get("hreflang"): link.get("href") for link in url.findall("x:link", NS)}

    three = {page.locale.language_code: page.public_url for page in (original, *translated)}
    assert alternates(original) == alternates(translated[0]) == alternates(translated[1]) == three
    assert alternates(alone) == {}

    restrict(translated[1])
    assert set(alternates(original)) == {"uk", "en"}


def test_an_installation_without_any_content_has_its_front_pages(client: Client) -> None:
    assert sorted(addresses(client)) == [front_of(code).public_url for code in ("en", "ru", "uk")]


def test_an_installation_without_anything_public_has_an_empty_index(client: Client) -> None:
    for code in ("uk", "ru", "en"):
        restrict(front_of(code))

    assert part_paths(client) == []


# --- over HTTP --------------------------------------------------------------------------------------------------

DOCUMENTS = [
    RSS,
    "/feeds/uk/section/more/rss.xml",
    "/feeds/uk/type/article/rss.xml",
    "/sitemap.xml",
    "/sitemaps/uk-1.xml",
]


@pytest.fixture
def news(db: None) -> Any:
    make_newsroom()
    return make_article("Новина", section=make_section("Море"), tags=["порт"])


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_can_be_kept_and_asked_about(client: Client, news: Any, path: str) -> None:
    first = client.get(path)

    assert re.fullmatch(r'"[0-9a-f]{32}"', first["ETag"])
    assert re.fullmatch(r"public, max-age=\d+, stale-while-revalidate=\d+", first["Cache-Control"])
    assert "content" in first["Cache-Tag"].split(",")
    assert "Set-Cookie" not in first and "Vary" not in first
    assert client.get(path)["Last-Modified"] == first["Last-Modified"], "it holds while nothing changes"
    for header in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        unchanged = client.get(path, headers=header)
        assert (unchanged.status_code, unchanged.content) == (304, b""), header
        for name in ("ETag", "Last-Modified", "Cache-Control", "Cache-Tag"):
            assert unchanged[name] == first[name], name
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    head = client.head(path)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])
    assert head["Content-Length"] == str(len(first.content))


# The index tells of parts: the newest page of one may be another than the one that was taken away.
@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path != "/sitemap.xml"])
def test_who_asks_by_time_is_told_what_was_taken_away(client: Client, news: Any, path: str) -> None:
    other = make_article("Друга", section=news.section)
    before = client.get(path)

    other.unpublish()

    for header in ({"If-None-Match": before["ETag"]}, {"If-Modified-Since": before["Last-Modified"]}):
        after = client.get(path, headers=header)
        assert after.status_code == 200, header
        assert after.content != before.content


def test_feeds_are_there_while_redis_is_not(client: Client, news: Any, settings: Any) -> None:
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }

    response = client.get(RSS)

    assert response.status_code == 200
    assert "Last-Modified" not in response and response["ETag"]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_of_twenty_asks_as_much_as_one_of_one(client: Client, news: Any, path: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    client.get(path)
    before = queries()
    for n in range(19):
        page = make_article(
            f"№{n}", section=news.section, authors=[make_author()], tags=[f"тема {n}"], image=make_image()
        )
        if n < 3:
            page.copy_for_translation(locale_of("en"), copy_parents=True).save_revision().publish()

    assert queries() == before <= (1 if "sitemap" in path else 4)


def test_a_part_is_one_range_of_an_index(client: Client, news: Any) -> None:
    client.get("/sitemaps/uk-1.xml")
    with CaptureQueriesContext(connection) as captured:
        client.get("/sitemaps/uk-1.xml")

    (query,) = captured.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {query['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert re.search(r"Index Cond: .*\(page_id >= \d+\) AND \(page_id < \d+\)\)", plan), plan


def test_addresses_in_feeds_do_not_follow_the_host_of_the_question(client: Client, news: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    for path in DOCUMENTS:
        assert b"evil" not in client.get(path, headers={"Host": "evil.test"}).content


# --- feeds of plugins -------------------------------------------------------------------------------------------

FEEDS = """
from django.http import HttpResponse
from django.urls import path

def fine(request):
    return HttpResponse("fine", content_type="application/rss+xml")

def broken(request, slug):
    raise RuntimeError("the secret of the house")

urlpatterns = [path("fine.xml", fine, name="fine"), path("<slug:slug>/broken.xml", broken, name="broken")]
"""


@pytest.fixture
def with_plugin(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Callable[..., None]]:
    """Load a plugin of this label with these feeds, as a start of Ostriv with it would."""
    import api.feeds.urls
    from cms.registry import claims, states
    from cms.registry.discovery import Plugin

    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(claims, "_claims", dict(claims._claims))

    def load(label: str, feeds: str = FEEDS) -> None:
        (tmp_path / f"stranger_{label}").mkdir()
        (tmp_path / f"stranger_{label}" / "__init__.py").touch()
        (tmp_path / f"stranger_{label}" / "feeds.py").write_text(feeds)
        settings.OSTRIV_PLUGINS = [*settings.OSTRIV_PLUGINS, Plugin(label, f"stranger_{label}")]
        addresses = types.ModuleType("stranger_urls")
        from api.feeds.mounting import plugin_feeds

        addresses.urlpatterns = [*plugin_feeds(), *api.feeds.urls.urlpatterns]  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "stranger_urls", addresses)
        settings.ROOT_URLCONF = "stranger_urls"
        clear_url_caches()

    yield load
    set_urlconf(None)
    clear_url_caches()
    states.forget()
    for name in [name for name in sys.modules if name.startswith("stranger_")]:
        sys.modules.pop(name)


def test_a_plugin_may_write_feeds_under_its_own_label(client: Client, with_plugin: Any) -> None:
    from django.urls import reverse

    with_plugin("hearsay")

    assert client.get("/feeds/hearsay/fine.xml").content == b"fine"
    assert reverse("feeds_hearsay:fine") == "/feeds/hearsay/fine.xml"
    assert client.get("/feeds/hearsay/nothing.xml").status_code == 404
    rss(client)


def test_the_feeds_of_a_plugin_go_and_come_with_it(client: Client, with_plugin: Any) -> None:
    from cms.registry import states

    with_plugin("hearsay")

    states.deactivate("hearsay")
    assert client.get("/feeds/hearsay/fine.xml").status_code == 404
    states.activate("hearsay")
    assert client.get("/feeds/hearsay/fine.xml").status_code == 200
    states.rest("hearsay")
    resting = client.get("/feeds/hearsay/fine.xml")
    assert resting.status_code == 503 and int(resting["Retry-After"]) > 0
    rss(client)


def test_a_feed_that_fails_fails_alone(with_plugin: Any, caplog: pytest.LogCaptureFixture) -> None:
    from cms.registry.models import PluginFault

    with_plugin("hearsay")
    client = Client(raise_request_exception=False)

    response = client.get("/feeds/hearsay/one/broken.xml")

    assert response.status_code == 500
    assert b"secret" not in response.content and response.json()["detail"]
    fault = PluginFault.objects.get(label="hearsay")
    assert fault.hook == "GET /feeds/hearsay/<slug:slug>/broken.xml" and "secret" in fault.error
    assert "hearsay" in caplog.text
    assert client.get("/feeds/hearsay/fine.xml").status_code == 200
    rss(client)


def test_a_label_that_is_a_language_is_refused(with_plugin: Any) -> None:
    from cms.registry.discovery import PluginError

    with pytest.raises(PluginError, match=r"feed 'uk' is declared by Ostriv itself .* and by plugin 'uk'"):
        with_plugin("uk")


def test_feeds_that_can_not_be_imported_stop_the_start(with_plugin: Any) -> None:
    from cms.registry.discovery import PluginError

    with pytest.raises(PluginError, match=r"'hearsay': its module 'feeds' can't be imported: ZeroDivisionError"):
        with_plugin("hearsay", "1 / 0")
