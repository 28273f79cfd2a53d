"""The Google News sitemap."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from tests.api.feeds.support import NASTY, NS, make_newsroom, sitemap
from tests.support.content import make_article, make_folder, make_page

pytestmark = pytest.mark.django_db

PATH = "/news-sitemap.xml"


def hours_ago(hours: float) -> datetime:
    return timezone.now() - timedelta(hours=hours)


def news(client: Client) -> list[tuple[str, str, str]]:
    """Headline, language and the newsroom's name of each text, in their order."""
    return [
        tuple(
            each.findtext(name, namespaces=NS)
            for name in ("n:title", "n:publication/n:language", "n:publication/n:name")
        )
        for each in sitemap(client, PATH).findall("s:url/n:news", NS)
    ]


def test_it_holds_what_was_published_in_two_days_in_every_language(client: Client) -> None:
    make_newsroom("Острівні вісті")
    make_newsroom("Island News", locale="en")
    make_article("Ранкова", published_at=hours_ago(3))
    make_article("Позавчорашня", published_at=hours_ago(47.9))
    make_article("Стара", published_at=hours_ago(48.1))
    make_article("Morning", locale="en", published_at=hours_ago(2))
    make_article("Утренняя", locale="ru", published_at=hours_ago(1))

    assert news(client) == [
        ("Утренняя", "ru", settings.WAGTAIL_SITE_NAME),
        ("Morning", "en", "Island News"),
        ("Ранкова", "uk", "Острівні вісті"),
        ("Позавчорашня", "uk", "Острівні вісті"),
    ]


def test_an_entry_is_in_the_order_that_google_gives(client: Client) -> None:
    page = make_article("Новина", published_at=hours_ago(1))
    page.refresh_from_db()

    (url,) = sitemap(client, PATH)

    assert [etree.QName(each).localname for each in url] == ["loc", "lastmod", "news"]
    (entry,) = url.findall("n:news", NS)
    assert [etree.QName(each).localname for each in entry] == ["publication", "publication_date", "title"]
    assert url.findtext("s:loc", namespaces=NS) == page.public_url
    moment = datetime.fromisoformat(entry.findtext("n:publication_date", namespaces=NS))
    assert moment == page.published_at.replace(microsecond=0)


def test_only_texts_of_its_own_are_news(client: Client) -> None:
    from cms.campaigns.models import CampaignPage
    from cms.content.models import TeaserPage
    from tests.support.newsletters import make_edition, make_newsletter

    make_page(CampaignPage, "Разом", parent=make_folder(), goal=100_00)
    make_edition(make_newsletter())
    make_page(TeaserPage, "Деінде", target_url="https://elsewhere.example/")
    make_article("Новина")

    assert [headline for headline, *_others in news(client)] == ["Новина"]


def test_it_holds_no_more_than_google_takes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.feeds import news_sitemap

    assert news_sitemap.MOST == 1_000
    monkeypatch.setattr(news_sitemap, "MOST", 2)
    for n in range(3):
        make_article(f"№{n}", published_at=hours_ago(3 - n))

    assert [headline for headline, *_others in news(client)] == ["№2", "№1"]


def test_a_quiet_newsroom_has_an_empty_one(client: Client) -> None:
    make_article("Стара", published_at=hours_ago(100))

    assert news(client) == []


@pytest.mark.parametrize(("written", "read"), NASTY)
def test_hostile_words_stay_words(client: Client, written: str, read: str | None) -> None:
    read = " ".join((written if read is None else read).split())
    make_newsroom(written)
    make_article(written, slug="s")

    assert news(client) == [(read, "uk", read)]


def test_it_says_when_the_clock_alone_makes_it_another_one(client: Client) -> None:
    from api.feeds import news_sitemap

    gone, oldest = hours_ago(50), hours_ago(40)
    for moment in (hours_ago(60), gone, oldest, hours_ago(1)):
        make_article(published_at=moment)
    now = timezone.now()

    assert news_sitemap.turns(news_sitemap.latest(now), now) == (
        gone + timedelta(hours=48),
        oldest + timedelta(hours=48),
    )
    later = oldest + timedelta(hours=48, seconds=1)
    assert len(news_sitemap.latest(later)) == 1


def test_it_reads_the_start_of_an_index_in_each_language(client: Client) -> None:
    make_article("Новина")
    with CaptureQueriesContext(connection) as captured:
        client.get(PATH)

    plans = [explained(each["sql"]) for each in captured if "api_publication" in each["sql"]]

    assert len(plans) == 2
    assert all("publication_list" in plan and "published_at" in plan for plan in plans), plans


def explained(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())
