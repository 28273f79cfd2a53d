"""The lane in front of Django: the same answers, from memory, and never an old one."""

import gzip
from typing import Any

import brotli
import httpx
import pytest

from tests.support.content import fill_front, make_article, make_author, make_section
from tests.support.waiting import poll

PUBLIC = [
    "/content/",
    "/content/?section=port",
    "/content/article/novyna/",
    "/front/",
    "/sections/",
    "/authors/olena/",
    "/tags/",
    "/site/",
    "/resolve/?path=/uk/novyna/",
    "/types/",
]


@pytest.fixture
def news(lane: Any) -> Any:
    filed = {"section": make_section("Порт"), "authors": [make_author("Олена")], "tags": ["море"]}
    page = make_article("Новина", lede="Довго про порт і море. " * 20, **filed)
    fill_front(page)
    return page


def headline(web: httpx.Client) -> str:
    return str(web.get("/content/article/novyna/").json()["headline"])


@pytest.mark.parametrize("path", PUBLIC)
def test_both_doors_say_the_same(web: httpx.Client, news: Any, client: Any, path: str) -> None:
    by_django = client.get(f"/api/v1{path}")

    for _time in ("rendered", "from memory"):
        by_lane = web.get(path)
        assert by_lane.status_code == 200
        assert by_lane.content == by_django.content
        for name in ("Content-Type", "ETag", "Cache-Control", "Cache-Tag", "X-Content-Type-Options", "Referrer-Policy",
                     "X-Frame-Options", "Cross-Origin-Opener-Policy"):  # fmt: skip
            assert by_lane.headers[name] == by_django[name], name
        assert "Set-Cookie" not in by_lane.headers


@pytest.mark.parametrize(
    "path", ["/content/?nonsense=1", "/content/article/nema/", "/content/?cursor=zzz", "/nowhere/"]
)
def test_what_is_wrong_with_a_request_is_said_as_django_says_it(web: httpx.Client, client: Any, path: str) -> None:
    by_django, by_lane = client.get(f"/api/v1{path}"), web.get(path)

    assert by_lane.status_code == by_django.status_code
    assert by_lane.json() == by_django.json()
    assert by_lane.headers["Content-Type"] == "application/problem+json"
    assert by_lane.headers["Cache-Control"] == "no-store"


def test_an_answer_from_memory_asks_the_database_nothing(
    web: httpx.Client, news: Any, django_assert_num_queries: Any
) -> None:
    for path in PUBLIC:
        web.get(path)
    with django_assert_num_queries(0):
        for path in PUBLIC:
            assert web.get(path).status_code == 200


def test_a_change_is_seen_by_every_process_at_once(lanes: Any, reader: Any) -> None:
    page = make_article("Новина")
    processes = [reader(lanes()), reader(lanes())]
    assert [headline(each) for each in processes] == ["Новина", "Новина"]

    for number in range(5):
        page.title = f"Новина {number}"
        page.save_revision().publish()
        for each in processes:
            poll(lambda each=each, title=page.title: headline(each) == title)


def test_what_is_unpublished_is_gone(web: httpx.Client, news: Any) -> None:
    for path in ("/content/article/novyna/", "/content/", "/resolve/?path=/uk/novyna/"):
        assert web.get(path).status_code == 200

    news.unpublish()

    poll(lambda: web.get("/content/article/novyna/").status_code == 404)
    assert web.get("/content/").json()["results"] == []
    assert web.get("/resolve/?path=/uk/novyna/").status_code == 404


def test_what_runs_out_by_the_clock_is_gone(web: httpx.Client, news: Any) -> None:
    from django.db import connection

    assert headline(web) == "Новина"
    with connection.cursor() as cursor:  # without any sign: as time itself does it
        cursor.execute("ALTER TABLE api_publication DISABLE TRIGGER publication_changed")
        cursor.execute("UPDATE api_publication SET expires_at = now() + interval '300 ms'")
        cursor.execute("ALTER TABLE api_publication ENABLE TRIGGER publication_changed")

    poll(lambda: web.get("/content/article/novyna/").status_code == 404)


def test_what_changes_while_it_is_rendered_is_not_kept(
    lane: Any, web: httpx.Client, news: Any, monkeypatch: Any
) -> None:
    from api.edge import hot

    render = hot.answer

    def interrupted(*asked: Any) -> Any:
        answer = render(*asked)
        monkeypatch.setattr(hot, "answer", render)
        news.title = "Інша"
        news.save_revision().publish()
        poll(lambda: lane.store.changed_at([f"page-{news.pk}"]) > before)
        return answer

    before = lane.store.changed_at([f"page-{news.pk}"])
    monkeypatch.setattr(hot, "answer", interrupted)

    assert headline(web) == "Новина", "what was so when it was asked"
    assert headline(web) == "Інша"


def test_without_news_from_the_database_nothing_is_given_from_memory(lane: Any, web: httpx.Client, news: Any) -> None:
    from django.db import connection

    assert headline(web) == "Новина"
    lane.listener.stop()
    poll(lambda: lane.listener.trusted_until == 0.0)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE api_publication SET detail = replace(detail, 'Новина', 'Тиха зміна')")

    assert headline(web) == "Тиха зміна"


def test_a_lost_connection_costs_the_memory_and_is_made_anew(lane: Any, web: httpx.Client, news: Any) -> None:
    from django.db import connection

    from tests.api.edge.conftest import trusted

    assert headline(web) == "Новина"
    trusted_before = lane.listener.trusted_until
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE '%%pg_notify%%' AND pid <> pg_backend_pid()"
        )
    poll(lambda: trusted(lane) and lane.listener.trusted_until > trusted_before + 1)
    news.title = "Після перерви"
    news.save_revision().publish()

    poll(lambda: headline(web) == "Після перерви")


def test_many_who_ask_at_once_have_it_rendered_once(lane: Any, web: httpx.Client, news: Any, monkeypatch: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from api.edge import hot

    rendered, render, together = [], hot.answer, Barrier(8)

    def slowly(*asked: Any) -> Any:
        rendered.append(asked)
        poll(lambda: len(waiting) == 8)
        return render(*asked)

    waiting: list[int] = []

    def ask(number: int) -> int:
        together.wait()
        waiting.append(number)
        return web.get("/content/?page_size=7").status_code

    monkeypatch.setattr(hot, "answer", slowly)
    with ThreadPoolExecutor(8) as readers:
        statuses = list(readers.map(ask, range(8)))

    assert statuses == [200] * 8
    assert len(rendered) == 1


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br", "br"), ("br;q=0.1, gzip", "gzip"), ("identity", None),
     ("br;q=0, gzip;q=0", None), ("*", "br"), ("gzip;q=nonsense", None)],
)  # fmt: skip
def test_an_answer_is_compressed_as_the_client_likes_it(
    web: httpx.Client, news: Any, accepted: str, encoding: str | None
) -> None:
    plain = web.get("/content/")
    with web.stream("GET", "/content/", headers={"Accept-Encoding": accepted}) as answer:
        raw = b"".join(answer.iter_raw())

    assert answer.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert (answer.headers["ETag"] == plain.headers["ETag"]) == (encoding is None), "other bytes, another strong tag"
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}[encoding]
    assert unpack(raw) == plain.content
    asked = {"Accept-Encoding": accepted, "If-None-Match": answer.headers["ETag"]}
    assert web.get("/content/", headers=asked).status_code == 304


def test_a_client_that_has_it_gets_no_copy(web: httpx.Client, news: Any) -> None:
    first = web.get("/content/")
    for known in (first.headers["ETag"], f'"other", W/{first.headers["ETag"]}', "*"):
        again = web.get("/content/", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        for name in ("ETag", "Cache-Control", "Cache-Tag", "Last-Modified", "Vary"):
            assert again.headers[name] == first.headers[name]
    for other in ('"other"', first.headers["ETag"].strip('"'), ""):
        assert web.get("/content/", headers={"If-None-Match": other}).status_code == 200


def test_a_client_may_ask_by_time_and_is_never_told_too_little(lane: Any, web: httpx.Client, news: Any) -> None:
    path = "/content/article/novyna/"

    def unchanged_since(moment: str) -> bool:
        return web.get(path, headers={"If-Modified-Since": moment}).status_code == 304

    early = web.get(path).headers["Last-Modified"]
    settled = poll(lambda: (told := web.get(path).headers["Last-Modified"]) and unchanged_since(told) and told)
    assert not unchanged_since("nonsense")
    assert not unchanged_since("Sun, 06 Nov 1994 08:49:37 GMT")
    assert not unchanged_since("Fri, 31 Dec 2199 23:59:59 GMT"), "a moment that is not yet is no moment to ask by"

    news.title = "Інша"
    news.save_revision().publish()

    poll(lambda: headline(web) == "Інша")
    assert not unchanged_since(early)
    assert not unchanged_since(str(settled)), "also in the second in which it changed"


def test_head_says_what_get_says_without_the_body(web: httpx.Client, news: Any) -> None:
    for path in PUBLIC:
        whole, head = web.get(path), web.head(path)
        assert head.status_code == 200 and head.content == b""
        for name in ("ETag", "Content-Length", "Content-Type", "Cache-Tag", "Last-Modified"):
            assert head.headers[name] == whole.headers[name]


def test_what_is_private_or_sent_bit_by_bit_goes_past_the_memory(lane: Any, web: httpx.Client, news: Any) -> None:
    from cms.content import preview

    token = preview.issue(news)
    first = web.get(f"/preview/{token}/")
    assert first.headers["Cache-Control"] == "private, no-store"
    assert lane.store.get((f"/api/v1/preview/{token}/", "")) is None


def test_words_in_any_letters_are_understood(web: httpx.Client, news: Any) -> None:
    for query in ("tag=%D0%BC", "section=порт", "q=%ff%fe", "q=%00", "section=" + "x" * 3000):
        assert web.get(f"/content/?{query}").status_code in (200, 400)


def test_the_memory_is_bounded(lanes: Any, reader: Any, settings: Any) -> None:
    settings.OSTRIV_API_CACHE_MB = 1
    make_article("Новина", lede="Довго. " * 200)
    lane = lanes()
    web = reader(lane)
    for size in range(1, 101):
        for locale in ("uk", "en"):
            for fields in ("", "&fields=id", "&fields=id,slug", "&fields=slug,id", "&fields=slug"):
                assert web.get(f"/content/?page_size={size}&locale={locale}{fields}").status_code == 200

    kept = [*lane.store._young.entries.values(), *lane.store._old.entries.values()]
    assert 0 < sum(entry.size for entry in kept) <= 1024 * 1024
