"""Streams through real processes: a raw client reads Server-Sent Events as the WHATWG describes them."""

import http.client
import itertools
import json
import re
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.support.editing import PASSWORD
from tests.support.stack import Stack
from tests.support.waiting import poll

pytestmark = [pytest.mark.plugin("liveblog")]

#: Three streams in each of the two web processes; which of them answers is chance.
PLACES = 6
PAGES = 10


@dataclass
class Event:
    kind: str
    id: str
    data: Any


class Reader:
    """One reader's connection, from an address of its own unless one is given."""

    addresses = (f"127.1.{number // 250}.{number % 250 + 1}" for number in itertools.count())

    def __init__(
        self, stack: Stack, slug: str, *, since: int | None = None, last_event_id: str = "", address: str = ""
    ) -> None:
        source = (address or next(self.addresses), 0)
        self.connection = http.client.HTTPConnection("localhost", stack.port, timeout=20, source_address=source)
        headers = {"Accept": "text/event-stream"}
        if last_event_id:
            headers["Last-Event-ID"] = last_event_id
        query = f"?since={since}" if since is not None else ""
        self.connection.request("GET", f"/api/v1/x/liveblog/{slug}/stream/{query}", headers=headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status
        self.retry = ""
        self.heartbeats = 0

    def events(self) -> Iterator[Event]:
        """Every event until the stream ends."""
        fields: dict[str, str] = {}
        while line := self.response.readline():
            name, _colon, value = line.decode().rstrip("\n").partition(":")
            if not name and not value and fields:
                if "data" in fields:
                    yield Event(fields.get("event", "message"), fields.get("id", ""), json.loads(fields["data"]))
                fields = {}
            elif name:
                fields[name] = value.removeprefix(" ")
                self.retry = fields.get("retry", self.retry)
            elif line.startswith(b":"):
                self.heartbeats += 1

    def next(self) -> Event:
        return next(self.events())

    def close(self) -> None:
        self.response.close()
        self.connection.close()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Newsroom:
    """An editor at the desk of a live blog, over HTTP."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        name = f"desk-{uuid.uuid4().hex[:8]}"
        stack.add_user(name, PASSWORD, groups=["Editors"])
        self.browser = httpx.Client(base_url=stack.url, trust_env=False, timeout=30)
        self._send("/admin/login/", {"username": name, "password": PASSWORD, "next": "/admin/"})
        made = stack.python(
            "from tests.support.content import make_page\n"
            "from plugins.liveblog.models import LiveBlogPage\n"
            f"for n in range({PAGES}): page = make_page(LiveBlogPage, f'Шторм {{n}}'); print(page.pk, page.slug)"
        )
        self.unused = [line.split() for line in made.splitlines()]

    def take(self) -> "Newsroom":
        """Go to the desk of a live blog that no test has used."""
        id, self.slug = self.unused.pop()
        self.page, self.desk = int(id), f"/admin/x/liveblog/{id}/"
        return self

    def _send(self, address: str, data: dict[str, str], form: str = "") -> None:
        html = self.browser.get(form or address).text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
        assert token, html[:500]
        answer = self.browser.post(
            address, data={**data, "csrfmiddlewaretoken": token[1]}, headers={"Referer": self.stack.url}
        )
        assert answer.status_code == 302, answer.text[:2000]

    def post(self, headline: str) -> str:
        """Post an entry; its id."""
        self._send(self.desk, {"headline": headline, "plain": ""})
        ((id,),) = self.stack.sql(
            "SELECT id FROM liveblog_liveentry WHERE page_id = %s ORDER BY change DESC LIMIT 1", (self.page,)
        )
        return str(id)

    def act(self, entry: str, action: str) -> None:
        self._send(f"{self.desk}entries/{entry}/", {"action": action}, form=self.desk)

    def move(self, to: str) -> None:
        self._send(f"{self.desk}state/", {"to": to}, form=self.desk)

    def unpublish(self) -> None:
        self._send(f"/admin/pages/{self.page}/unpublish/", {})


@pytest.fixture(scope="module")
def editors(stack: Stack) -> Iterator[Newsroom]:
    made = Newsroom(stack)
    yield made
    made.browser.close()


@pytest.fixture
def newsroom(editors: Newsroom) -> Newsroom:
    """The desk of a new live blog."""
    return editors.take()


@contextmanager
def plugin_settings(newsroom: Newsroom, **values: int) -> Iterator[None]:
    """These settings of the plugin for a while, known to both web processes."""
    stack = newsroom.stack
    write = (
        "INSERT INTO registry_pluginstate (label, active, settings, declares) VALUES ('liveblog', true, %s, '{}') "
        "ON CONFLICT (label) DO UPDATE SET settings = excluded.settings"
    )

    def said() -> list[int]:
        address = f"/api/v1/x/liveblog/{newsroom.slug}/entries/"
        return [stack.get(address).json()["poll_after"] for _ in range(8)]

    stack.sql(write, [json.dumps({"poll_seconds": 7, **values})])
    try:
        poll(lambda: set(said()) <= {7, 42}, what="new settings")
        yield
    finally:
        stack.sql(write, ["{}"])
        poll(lambda: set(said()) <= {10, 60}, what="the old settings")


def test_readers_hear_of_every_change_as_it_happens(stack: Stack, newsroom: Newsroom) -> None:
    with Reader(stack, newsroom.slug) as reader:
        assert reader.status == 200
        assert reader.response.headers["Content-Type"] == "text/event-stream"
        assert "no-store" in reader.response.headers["Cache-Control"]
        assert (first := reader.next()).kind == "state" and first.data["state"] == "not_started"
        assert reader.retry.isdigit()

        newsroom.move("live")
        assert (state := reader.next()).kind == "state" and state.data["state"] == "live"
        id = newsroom.post("Пором стоїть")
        entry = reader.next()
        assert (entry.kind, entry.id, entry.data["id"]) == ("entry", "2", id)
        assert entry.data["headline"] == "Пором стоїть"
        newsroom.act(id, "key")
        assert (changed := reader.next()).data["key"] is True and changed.id == "3"
        newsroom.act(id, "withdraw")
        gone = reader.next()
        assert (gone.kind, gone.data) == ("withdrawn", {"id": id, "change": 4, "withdrawn": True})


def test_a_reader_who_was_cut_off_resumes_where_it_was(stack: Stack, newsroom: Newsroom) -> None:
    for number in range(3):
        newsroom.post(f"Запис {number}")
    with Reader(stack, newsroom.slug, since=1) as reader:
        seen = [reader.next() for _ in range(2)]
    assert [event.data["headline"] for event in seen] == ["Запис 1", "Запис 2"]
    late = newsroom.post("Поки нікого не було")

    # The header counts, not the address, which a browser keeps as it was.
    with Reader(stack, newsroom.slug, since=1, last_event_id=seen[-1].id) as reader:
        assert reader.next().data["id"] == late
        assert reader.next().kind == "state"
        assert newsroom.post("І знову разом") == reader.next().data["id"]

    polled = stack.get(f"/api/v1/x/liveblog/{newsroom.slug}/entries/?since=3").json()
    assert [entry["headline"] for entry in polled["results"]] == ["Поки нікого не було", "І знову разом"]


def test_a_page_that_is_taken_down_ends_its_streams(stack: Stack, newsroom: Newsroom) -> None:
    with Reader(stack, newsroom.slug) as reader:
        assert reader.next().kind == "state"
        newsroom.unpublish()
        assert list(reader.events()) == []

    with Reader(stack, newsroom.slug) as reader:
        assert reader.status == 404
        assert reader.response.headers["Content-Type"] == "application/problem+json"


def test_a_closed_coverage_ends_its_streams_and_browsers_stop_asking(stack: Stack, newsroom: Newsroom) -> None:
    newsroom.move("live")
    with Reader(stack, newsroom.slug) as reader:
        reader.next()
        newsroom.move("closed")
        rest = list(reader.events())
    assert [(event.kind, event.data["state"]) for event in rest] == [("state", "closed")]

    with Reader(stack, newsroom.slug, last_event_id=rest[-1].id) as reader:
        assert reader.status == 204
    with Reader(stack, newsroom.slug) as reader:
        assert [event.data["state"] for event in reader.events()] == ["closed"]


def test_a_stream_ends_after_a_while_and_hearts_beat_till_then(stack: Stack, newsroom: Newsroom) -> None:
    with plugin_settings(newsroom, stream_seconds=7), Reader(stack, newsroom.slug) as reader:
        assert [event.kind for event in reader.events()] == ["state"]
        assert reader.heartbeats >= 1


def test_beyond_the_limit_readers_are_told_to_poll_and_others_are_served(stack: Stack, newsroom: Newsroom) -> None:
    newsroom.post("Один запис")
    with ExitStack() as readers:
        opened = [readers.enter_context(Reader(stack, newsroom.slug)) for _ in range(PLACES + 1)]
        refused = next(reader for reader in opened if reader.status != 200)
        assert refused.status == 503
        assert refused.response.headers["Content-Type"] == "application/problem+json"
        assert int(refused.response.headers["Retry-After"]) > 0
        assert json.loads(refused.response.read())["status"] == 503
        for _ in range(20):
            assert stack.get(f"/api/v1/x/liveblog/{newsroom.slug}/entries/").json()["last_change"] == 1
            assert stack.get("/api/v1/content/").status == 200


def test_one_address_may_not_take_all_places(stack: Stack, newsroom: Newsroom) -> None:
    with ExitStack() as readers:
        opened = [readers.enter_context(Reader(stack, newsroom.slug, address="127.0.0.2")) for _ in range(5)]
        assert 503 in [reader.status for reader in opened]

        def somebody_else() -> bool:
            with Reader(stack, newsroom.slug) as reader:
                return reader.status == 200

        poll(somebody_else, what="a place for somebody else")


def test_who_was_away_for_long_polls_first(stack: Stack, newsroom: Newsroom) -> None:
    stack.python(
        "from plugins.liveblog import services\n"
        f"for n in range(51): services.post({newsroom.page}, by=None, headline=f'Запис {{n}}')"
    )
    with Reader(stack, newsroom.slug) as reader:
        assert reader.status == 503
    since = stack.get(f"/api/v1/x/liveblog/{newsroom.slug}/entries/").json()["last_change"]
    with Reader(stack, newsroom.slug, since=since - 50) as reader:
        assert reader.status == 200
        assert [reader.next().data["headline"] for _ in range(50)][-1] == "Запис 50"


def test_places_of_readers_who_have_left_are_free_again(stack: Stack, newsroom: Newsroom) -> None:
    def all_places_taken() -> ExitStack:
        held, taken = ExitStack(), []

        def taken_one_more() -> bool:
            reader = Reader(stack, newsroom.slug)
            if reader.status == 200:
                taken.append(held.enter_context(reader))
            else:
                reader.close()
            return len(taken) == PLACES

        poll(taken_one_more, pause=0.2, what="a place for everybody")
        return held

    for _ in range(2):
        all_places_taken().close()


def test_without_streams_there_is_polling(stack: Stack, newsroom: Newsroom) -> None:
    with plugin_settings(newsroom, max_streams=0):
        with Reader(stack, newsroom.slug) as reader:
            assert (reader.status, reader.response.headers["Retry-After"]) == (503, "7")
        newsroom.move("live")
        id = newsroom.post("Питайте")
        answer = stack.get(f"/api/v1/x/liveblog/{quote(newsroom.slug)}/entries/?since=1").json()
        assert [entry["id"] for entry in answer["results"]] == [id]
        assert (answer["poll_after"], answer["state"]) == (7, "live")
