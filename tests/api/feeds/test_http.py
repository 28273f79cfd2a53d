"""Feeds and sitemaps over HTTP: what may be kept, what is asked of the database."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from tests.api.feeds.support import ATOM, JSON, RSS, make_newsroom
from tests.support.content import body, locale_of, make_article, make_author, make_image, make_section

pytestmark = pytest.mark.django_db

FEEDS = [
    RSS,
    ATOM,
    JSON,
    "/feeds/uk/section/more/rss.xml",
    "/feeds/uk/author/olena-bryz/atom.xml",
    "/feeds/uk/tag/port/feed.json",
    "/feeds/uk/type/article/rss.xml",
]
SITEMAPS = ["/sitemap.xml", "/sitemaps/uk-1.xml", "/news-sitemap.xml"]
#: Queries of each: whether plugins work, the newsroom, its subject, the order, the rows, tags, the log of changes.
FEED_QUERIES, SITEMAP_QUERIES = 6, 3


@pytest.fixture
def news(db: None) -> Any:
    make_newsroom()
    return make_article(
        "Новина", section=make_section("Море"), authors=[make_author("Олена Бриз")], tags=["порт"], image=make_image()
    )


@pytest.mark.parametrize("path", [*FEEDS, *SITEMAPS])
def test_a_document_can_be_kept_and_asked_about(client: Client, news: Any, path: str) -> None:
    first = client.get(path)

    assert re.fullmatch(r'"[0-9a-f]{32}"', first["ETag"])
    assert re.match(r"public, max-age=\d+, stale-while-revalidate=\d+", first["Cache-Control"])
    assert "content" in first["Cache-Tag"].split(",")
    assert "Set-Cookie" not in first
    unchanged = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Cache-Tag"):
        assert unchanged[name] == first[name], name
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    head = client.head(path)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])
    assert head["Content-Length"] == str(len(first.content))


# The index tells of parts: the newest page of one may be another than the one that was taken away.
@pytest.mark.parametrize("path", [path for path in [*FEEDS, *SITEMAPS] if path != "/sitemap.xml"])
def test_who_asks_is_told_what_was_taken_away(client: Client, news: Any, path: str) -> None:
    other = make_article(
        "Друга", section=news.section, authors=[byline.author for byline in news.bylines.all()], tags=["порт"]
    )
    before = client.get(path)

    other.unpublish()

    after = client.get(path, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.content != before.content


@pytest.mark.parametrize(
    ("path", "tags"),
    [
        (RSS, {"content", "site", "tags"}),
        ("/feeds/uk/section/more/rss.xml", {"content", "site", "tags", "sections"}),
        ("/feeds/uk/author/olena-bryz/atom.xml", {"content", "site", "tags", "authors"}),
        ("/feeds/uk/tag/port/feed.json", {"content", "site", "tags"}),
        ("/sitemaps/uk-1.xml", {"content"}),
        ("/news-sitemap.xml", {"content", "site"}),
        ("/llms.txt", {"site", "sections"}),
    ],
)
def test_a_document_is_kept_until_anything_that_it_shows_changes(
    client: Client, news: Any, path: str, tags: set[str]
) -> None:
    assert tags <= set(client.get(path)["Cache-Tag"].split(","))


@pytest.mark.parametrize("path", [RSS, ATOM, JSON, "/sitemap.xml", "/news-sitemap.xml", "/llms.txt", "/robots.txt"])
def test_feeds_are_only_read(client: Client, path: str) -> None:
    response = client.post(path)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_feeds_are_there_while_redis_is_not(client: Client, news: Any, settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}

    for path in (*FEEDS, *SITEMAPS):
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("full_text", [False, True], ids=["ledes", "texts"])
def test_a_document_of_fifty_asks_as_much_as_one_of_one(client: Client, news: Any, full_text: bool) -> None:
    from api.publications import writer
    from cms.content.models import ArticlePage, NewsroomSettings

    NewsroomSettings.objects.update(feeds_full_text=full_text)

    def queries(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    before = {path: queries(path) for path in (*FEEDS, *SITEMAPS)}
    author = news.bylines.first().author
    link = body(("paragraph", f'<p><a linktype="page" id="{news.pk}">туди</a></p>'), ("related", {"pages": [news.pk]}))
    pages = [
        make_article(f"№{n}", live=False, section=news.section, authors=[author], tags=["порт", f"т{n}"], body=link)
        for n in range(49)
    ]
    ArticlePage.objects.filter(pk__in=[page.pk for page in pages]).update(live=True)
    writer.rewrite(page.pk for page in pages)
    for page in pages[:2]:
        page.copy_for_translation(locale_of("en"), copy_parents=True).save_revision().publish()

    assert {path: queries(path) for path in before} == before
    assert max(before[path] for path in FEEDS) <= FEED_QUERIES
    assert max(before[path] for path in SITEMAPS) <= SITEMAP_QUERIES


def test_a_feed_takes_as_many_steps_along_an_index_as_it_has_items(client: Client, news: Any) -> None:
    with CaptureQueriesContext(connection) as captured:
        client.get("/feeds/uk/tag/port/rss.xml")

    (sql,) = [each["sql"] for each in captured if "api_filing" in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert re.search(r"Index (Only )?Scan Backward using api_filing\w*pk\w* on api_filing", plan), plan
    assert "Sort" not in plan, plan


def test_addresses_in_feeds_do_not_follow_the_host_of_the_question(client: Client, news: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    for path in (*FEEDS, *SITEMAPS, "/llms.txt", "/robots.txt"):
        assert b"evil" not in client.get(path, headers={"Host": "evil.test"}).content


def test_a_question_that_takes_too_long_is_given_up(client: Client, news: Any, monkeypatch: Any) -> None:
    from functools import partial

    from api.feeds import views
    from api.publications import database

    monkeypatch.setattr(views, "limited", partial(database.limited, milliseconds=1))
    monkeypatch.setattr(views.channels, "everything", lambda locale, slug: database.fetch("SELECT pg_sleep(5)"))

    response = client.get(RSS)

    assert response.status_code == 503 and response["Content-Type"] == "application/problem+json"
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize("path", [*FEEDS, *SITEMAPS, "/llms.txt", "/robots.txt"])
def test_a_query_makes_no_copy(client: Client, news: Any, path: str) -> None:
    """Each would be made and kept for itself, by the response cache and by every cache in front."""
    response = client.get(f"{path}?utm_source=1")

    assert (response.status_code, response["Location"]) == (301, path)
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("path", ["//evil.example/feeds/uk/rss.xml", "/\\evil.example/feeds/uk/rss.xml"])
def test_a_query_leads_nobody_away(rf: RequestFactory, path: str) -> None:
    from api.feeds import views

    request = rf.get("/feeds/uk/rss.xml?x=1")
    request.path = path

    location = views.feed(request, locale="uk", document="rss.xml")["Location"]

    assert urlsplit(location).netloc == ""
    assert not re.match(r"[/\\]{2}", location)
