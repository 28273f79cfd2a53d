"""How many requests a client may make, through all web processes together, and what it is told about it."""

from typing import Any

import pytest

from tests.support.content import make_article
from tests.support.waiting import poll


@pytest.fixture
def three_a_minute(settings: Any) -> None:
    settings.OSTRIV_API_RATE = 3


@pytest.fixture
def counting(lanes: Any, three_a_minute: None) -> Any:
    """A lane in whose window there is time left for what the test does."""
    from time import time

    poll(lambda: time() % 60 < 50)
    return lanes


def statuses(web: Any, count: int) -> list[int]:
    return [web.get("/content/").status_code for _number in range(count)]


def test_a_client_is_told_what_is_left_and_refused_beyond_it(counting: Any, reader: Any) -> None:
    web = reader(counting())

    first = web.get("/content/")
    assert first.headers["RateLimit-Policy"] == '"default";q=3;w=60'
    assert first.headers["RateLimit"].startswith('"default";r=2;t=')
    assert statuses(web, 3) == [200, 200, 429]

    refused = web.get("/content/")
    assert refused.status_code == 429
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Cache-Control"] == "no-store"
    assert refused.headers["Access-Control-Allow-Origin"] == "*", "the script that was refused may read why"
    assert "seconds" in refused.json()["detail"]


def test_what_one_client_used_up_is_not_taken_from_another(counting: Any, reader: Any) -> None:
    lane = counting()
    assert statuses(reader(lane, "192.0.2.1"), 4)[-1] == 429
    assert statuses(reader(lane, "192.0.2.2"), 1) == [200]


def test_answers_without_a_copy_and_errors_count_too(counting: Any, reader: Any) -> None:
    make_article("Новина")
    web = reader(counting())
    etag = web.get("/content/").headers["ETag"]
    assert web.get("/content/", headers={"If-None-Match": etag}).status_code == 304
    assert web.get("/content/?nonsense=1").status_code == 400
    assert web.get("/content/").status_code == 429


def test_processes_count_together(counting: Any, reader: Any) -> None:
    first, second = counting(), counting()
    one, other = reader(first), reader(second)
    assert statuses(one, 3) == [200, 200, 200]
    poll(lambda: list(first.limiter._told.values()) == [3], what="the first process to tell the others")

    assert statuses(other, 1) == [200], "it asks what the others counted from a client's first request on"
    poll(lambda: list(second.limiter._elsewhere.values()) == [3], what="the second process to know")
    assert statuses(other, 1) == [429]


def test_without_redis_each_process_counts_for_itself(counting: Any, reader: Any, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    web = reader(counting())
    assert statuses(web, 4) == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "name"),
    [
        (0, "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (1, "10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (2, "10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1", None, "10.0.0.1"),
        (0, "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2:ffff::1", None, "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.1", None, "192.0.2.1"),
        (1, "10.0.0.1", "no:address" + "x" * 99, ("no:address" + "x" * 99)[:45]),
    ],
)
def test_a_client_is_known_by_the_address_that_our_proxies_vouch_for(
    settings: Any, proxies: int, peer: str, forwarded: str | None, name: str
) -> None:
    from api.edge.clients import Clients
    from api.edge.reader import Reader

    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
    environ = {"REMOTE_ADDR": peer} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})

    assert Clients(Reader()).find(environ).name == name


def test_a_crowd_of_addresses_does_not_fill_the_memory(settings: Any, monkeypatch: Any) -> None:
    from api.edge import limits

    monkeypatch.setattr(limits, "MOST_CLIENTS", 10)
    limiter = limits.Limiter()
    for number in range(50):
        limiter.take(f"192.0.2.{number}", 100)

    assert len(limiter._here) <= 11
    assert limiter.take("192.0.2.3", 100).remaining == 98, "whoever was known before is counted as before"
