"""What feeds say in every format, and which feeds there are."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from wagtail.models import Site

from tests.api.feeds.support import ATOM, JSON, NS, RSS, atom, json_feed, make_newsroom, rss, titles
from tests.support.content import make_article, make_author, make_folder, make_page, make_section

pytestmark = pytest.mark.django_db


def test_a_feed_says_who_publishes_it_and_where_it_stands(client: Client) -> None:
    make_newsroom("Острівні вісті", "Новини з річки")
    make_article("Новина")

    channel, feed, document = rss(client), atom(client), json_feed(client)

    home = f"{settings.FRONTEND_URL}/uk/"
    assert channel.findtext("title") == feed.findtext("atom:title", namespaces=NS) == document["title"]
    assert document["title"] == feed.findtext("atom:author/atom:name", namespaces=NS) == "Острівні вісті"
    assert channel.findtext("description") == document["description"] == "Новини з річки"
    assert feed.findtext("atom:subtitle", namespaces=NS) == "Новини з річки"
    assert channel.findtext("link") == document["home_page_url"] == home
    assert feed.find("atom:link[@rel='alternate']", NS).get("href") == home
    assert channel.findtext("language") == document["language"] == "uk"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "uk"
    assert channel.find("atom:link", NS).get("href") == f"{settings.BASE_URL}{RSS}"
    assert feed.find("atom:link[@rel='self']", NS).get("href") == f"{settings.BASE_URL}{ATOM}"
    assert document["feed_url"] == f"{settings.BASE_URL}{JSON}"


def test_the_guid_of_an_item_stays_while_all_else_changes(client: Client) -> None:
    page, other = make_article("Перша назва"), make_article("Інша")

    def guid(headline: str) -> str:
        found = rss(client).xpath(f"item[title='{headline}']/guid/text()")[0]
        (entry,) = atom(client).xpath(f"atom:entry[atom:title='{headline}']/atom:id/text()", namespaces=NS)
        (item,) = [each["id"] for each in json_feed(client)["items"] if each["title"] == headline]
        assert found == entry == item
        return str(found)

    before = guid("Перша назва")
    page.title, page.slug = "Друга назва", "druha"
    page.save_revision().publish()
    page.move(make_folder(), pos="last-child")

    assert guid("Друга назва") == before != guid("Інша")
    assert before.startswith("urn:uuid:") and other.pk != page.pk


def test_the_newest_fifty_come_first(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.feeds import channels

    assert channels.NEWEST == 50
    monkeypatch.setattr(channels, "NEWEST", 3)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for n in (2, 0, 4, 1, 3):
        make_article(f"№{n}", published_at=start + timedelta(hours=n))

    assert titles(client) == ["№4", "№3", "№2"]


def test_a_newsroom_without_a_name_has_feeds_all_the_same(client: Client) -> None:
    Site.objects.update(site_name="")
    assert rss(client).findtext("title")

    Site.objects.update(site_name="Берег")
    assert rss(client).findtext("title") == "Берег"


def test_a_teaser_opens_what_it_is_for(client: Client) -> None:
    from cms.content.models import TeaserPage

    make_page(TeaserPage, "Деінде", target_url="https://elsewhere.example/стаття")
    target = "https://elsewhere.example/%D1%81%D1%82%D0%B0%D1%82%D1%82%D1%8F"

    (item,) = rss(client).findall("item")
    (entry,) = atom(client).findall("atom:entry", NS)

    assert item.findtext("link") == entry.find("atom:link", NS).get("href") == target
    assert json_feed(client)["items"][0]["url"] == target


def test_a_headline_is_one_line(client: Client) -> None:
    make_article("Два\r\nрядки\tй  пропуски")

    assert titles(client) == ["Два рядки й пропуски"]


# --- when it changed ------------------------------------------------------------------------------------------------


def test_a_feed_changed_when_its_newest_item_did_or_when_something_was_taken_away(client: Client) -> None:
    from email.utils import parsedate_to_datetime

    from api.publications.changes import Change

    def moments() -> set[datetime]:
        updated = atom(client).findtext("atom:updated", namespaces=NS)
        whole = datetime.fromisoformat(updated).replace(microsecond=0)
        return {whole, parsedate_to_datetime(rss(client).findtext("lastBuildDate"))}

    make_article("Стара")
    page = make_article("Нова")
    page.refresh_from_db()
    assert moments() == {page.last_published_at.replace(microsecond=0)}

    page.unpublish()
    taken_away = Change.objects.filter(page_id=page.pk, kind="unpublish").values_list("at", flat=True).get()
    assert moments() == {taken_away.replace(microsecond=0)}

    again = make_article("Ще одна")
    again.refresh_from_db()
    assert moments() == {again.last_published_at.replace(microsecond=0)}


def test_what_is_taken_away_in_one_language_changes_no_feed_of_another(client: Client) -> None:
    english = make_article("News", locale="en")
    make_article("Новина")
    before = client.get(ATOM).content

    english.delete()

    assert client.get(ATOM).content == before


# --- which feeds there are ------------------------------------------------------------------------------------------


def test_each_language_section_author_tag_and_type_has_feeds_of_its_own(client: Client) -> None:
    from tests.support.newsletters import make_edition, make_newsletter

    make_newsroom("Вісті")
    sea, town = make_section("Море"), make_section("Місто", description="Усе про місто")
    author = make_author("Олена Бриз", bio="Пише про море.")
    make_article("Про море", section=sea, authors=[author], tags=["Порт", "Хвилі"])
    make_article("Про місто", section=town, tags=["Порт"])
    make_article("In English", locale="en", tags=["Порт"])
    make_edition(make_newsletter(), title="Випуск")

    assert titles(client) == ["Про місто", "Про море"], "editions have a list of their own"
    assert rss(client, "/feeds/en/rss.xml").xpath("item/title/text()") == ["In English"]
    assert titles(client, "section/misto") == ["Про місто"]
    assert titles(client, "author/olena-bryz") == ["Про море"]
    assert titles(client, "tag/port") == ["Про місто", "Про море"]
    assert titles(client, "tag/khvyli") == ["Про море"]
    assert titles(client, "type/edition") == ["Випуск"]
    assert titles(client, "type/article") == ["Про місто", "Про море"]

    said = {
        place: (channel.findtext("title"), channel.findtext("description"), channel.findtext("link"))
        for place in ("section/misto", "author/olena-bryz", "tag/port", "type/edition")
        if (channel := rss(client, f"/feeds/uk/{place}/rss.xml")) is not None
    }
    site = settings.FRONTEND_URL
    assert said == {
        "section/misto": ("Вісті · Місто", "Усе про місто", f"{site}/uk/section/misto/"),
        "author/olena-bryz": ("Вісті · Олена Бриз", "Пише про море.", f"{site}/uk/author/olena-bryz/"),
        "tag/port": ("Вісті · Порт", "Вісті · Порт", f"{site}/uk/tag/port/"),
        "type/edition": ("Вісті · Випуски розсилок", "Вісті · Випуски розсилок", f"{site}/uk/"),
    }


def test_a_feed_leads_to_where_the_frontend_shows_its_subject(client: Client, settings: object) -> None:
    settings.FRONTEND_PATHS = {**settings.FRONTEND_PATHS, "tag": "/{locale}/temy/?t={slug}"}  # type: ignore[attr-defined]
    make_article(tags=["Порт"])

    link = rss(client, "/feeds/uk/tag/port/rss.xml").findtext("link")

    assert link == f"{settings.FRONTEND_URL}/uk/temy/?t=port"  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", ["", "section/more", "tag/port", "type/campaign"])
def test_a_feed_of_what_is_not_there_yet_is_empty_and_valid(client: Client, place: str) -> None:
    make_section("Море")
    make_article(locale="en", tags=["Порт"])

    assert titles(client, place) == []


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/",
        "/feeds/de/rss.xml",
        "/feeds/uk/",
        "/feeds/uk/atom.xml/x",
        "/feeds/uk/feed.xml",
        "/feeds/uk/section/nema/rss.xml",
        "/feeds/uk/section/nema/feed.json",
        "/feeds/ru/section/more/rss.xml",
        "/feeds/uk/author/nema/atom.xml",
        "/feeds/uk/author/olena-bryz/atom.xml",
        "/feeds/uk/tag/nema/atom.xml",
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
    make_author("Олена Бриз")  # of nothing that is published

    response = client.get(path)

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert "no feed or sitemap" in response.json()["detail"]
