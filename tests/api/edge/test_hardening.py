"""What a stranger, or bad luck, may do to the lane."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.support.content import make_article
from tests.support.waiting import poll

PATH = "/content/article/novyna/"


@pytest.fixture
def news(lane: Any) -> Any:
    return make_article("Новина", lede="Довго про порт і море. " * 40)


def is_304(web: httpx.Client, moment: str) -> bool:
    return web.get(PATH, headers={"If-Modified-Since": moment}).status_code == 304


def settled(web: httpx.Client) -> str:
    """A Last-Modified that may be asked by."""
    return str(poll(lambda: (told := web.get(PATH).headers["Last-Modified"]) and is_304(web, told) and told))


def test_nobody_is_told_by_time_that_nothing_has_changed_while_nothing_is_heard(
    lane: Any, web: httpx.Client, news: Any
) -> None:
    moment = settled(web)
    lane.listener.stop()
    poll(lambda: lane.listener.trusted_until == 0.0)

    assert not is_304(web, moment)
    assert "Last-Modified" not in web.get(PATH).headers


def test_what_was_overtaken_by_a_change_tells_no_time(
    lane: Any, web: httpx.Client, news: Any, monkeypatch: Any
) -> None:
    from api.edge import hot

    render, before = hot.answer, lane.store.changed_at([f"page-{news.pk}"])

    def overtaken(*asked: Any) -> Any:
        answer = render(*asked)
        monkeypatch.setattr(hot, "answer", render)
        news.title = "Інша"
        news.save_revision().publish()
        poll(lambda: lane.store.changed_at([f"page-{news.pk}"]) > before)
        return answer

    monkeypatch.setattr(hot, "answer", overtaken)

    assert "Last-Modified" not in web.get(PATH).headers
    assert "Last-Modified" in web.get(PATH).headers


def test_what_is_not_kept_has_its_validators_too(web: httpx.Client) -> None:
    first = web.get("/schema/")

    again = web.get("/schema/", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_long_headers_and_queries_are_not_remembered(lane: Any, web: httpx.Client, news: Any) -> None:
    from api.edge.entries import chosen_encoding

    remembered = chosen_encoding.cache_info().currsize
    assert "Content-Encoding" not in web.get(PATH, headers={"Accept-Encoding": "br," + "x" * 5000}).headers
    assert chosen_encoding.cache_info().currsize == remembered

    query = "fields=id" + "," * 5000
    assert web.get(f"{PATH}?{query}").json() == {"id": news.pk}
    assert lane.store.get((f"/api/v1{PATH}", query)) is None


def test_the_charset_of_a_request_without_a_body_changes_nothing(web: httpx.Client, news: Any) -> None:
    strange = web.get("/resolve/?path=%2Fuk%2Fnovyna%2F", headers={"Content-Type": "text/plain; charset=utf-16"})

    assert strange.json() == web.get("/resolve/?path=%2Fuk%2Fnovyna%2F").json()


def test_what_the_database_gives_up_on_is_asked_once_and_costs_the_client(
    lane: Any, web: httpx.Client, news: Any, monkeypatch: Any
) -> None:
    from api.edge import hot
    from api.edge.lane import COST_OF_TOO_HEAVY

    asked, waiting = [], []

    def given_up(*_asked: Any) -> Any:
        asked.append(1)
        poll(lambda: len(waiting) == 4)
        raise hot.TooHeavy

    def ask(number: int) -> httpx.Response:
        waiting.append(number)
        return web.get("/content/?page_size=9")

    monkeypatch.setattr(hot, "answer", given_up)
    with ThreadPoolExecutor(4) as readers:
        answers = list(readers.map(ask, range(4)))

    assert {each.status_code for each in answers} == {503}
    assert {each.headers["Content-Type"] for each in answers} == {"application/problem+json"}
    assert len(asked) < 4
    limit = lane.limiter.take("192.0.2.1", 6000).limit
    assert lane.limiter.take("192.0.2.1", 6000).remaining <= limit - 4 * COST_OF_TOO_HEAVY


def test_what_is_published_again_and_again_takes_no_more_room(lane: Any, web: httpx.Client, news: Any) -> None:
    def room() -> tuple[int, int]:
        young = lane.store._young
        return young.size, sum(len(keys) for keys in young.by_tag.values())

    web.get(PATH), web.get("/content/")
    first = room()
    for number in range(5):
        before = lane.store.changed_at(["content"])
        news.title = f"Назва {number}"
        news.save_revision().publish()
        poll(lambda before=before: lane.store.changed_at(["content"]) > before)
        web.get(PATH), web.get("/content/")

    assert room()[0] <= first[0] + 500
    assert room()[1] == first[1]


def test_a_crowd_is_counted_by_its_neighbourhood(monkeypatch: Any) -> None:
    from api.edge import limits

    monkeypatch.setattr(limits, "MOST_CLIENTS", 2)
    limiter = limits.Limiter()
    for client in ("192.0.2.1", "192.0.2.2", "2001:db8:1:1::/64", "2001:db8:1:2::/64"):
        limiter.take(client, 10)

    assert limiter.take("2001:db8:1:3::/64", 10).remaining == 7
    assert limiter.take("198.51.100.1", 10).remaining == 9
