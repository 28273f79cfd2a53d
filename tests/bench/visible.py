"""From an editor's click to the reader: how long until a published edit shows through the API."""

import contextlib
import http.cookiejar
import json
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import lxml.html
import psycopg

from cms.up import plan
from tests.bench import wrk
from tests.bench.cases import detail_path
from tests.bench.servers import Server, ask

_PATIENCE = 30.0
#: Between two looks, in seconds.
_PAUSE = 0.001
EDITOR, PASSWORD = "bench-editor", "bench-editor-password"


@dataclass(frozen=True)
class Waits:
    """Milliseconds of each edit, from its beginning: until it was written, and until the API showed it."""

    written: list[float]
    shown: list[float]


class NeverShownError(RuntimeError):
    """A published headline did not appear."""


def by_process(server: Server, articles: list[tuple[int, str]]) -> Waits:
    """Publish an edit of each of these pages from a process beside the web servers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.publisher"],
        env=server.env | {"PGAPPNAME": "publisher"},
        cwd=plan.PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None

    def publish(page_id: int, headline: str) -> tuple[float, float]:
        process.stdin.write(f"{page_id} {headline}\n")
        process.stdin.flush()
        began, done = process.stdout.readline().split()
        return float(began), float(done)

    try:
        return _wait_for_each(server, articles, publish)
    finally:
        process.stdin.close()
        process.wait(_PATIENCE)
        process.stdout.close()


def by_admin(server: Server, database_url: str, articles: list[tuple[int, str]]) -> Waits:
    """Publish an edit of each of these pages with the admin's own form."""
    admin = _Admin(server, database_url)
    return _wait_for_each(server, articles, admin.publish, prepare=admin.open)


def _wait_for_each(
    server: Server,
    articles: list[tuple[int, str]],
    publish: Callable[[int, str], tuple[float, float]],
    prepare: Callable[[int], None] = lambda page_id: None,
) -> Waits:
    waits = Waits([], [])
    for number, (page_id, slug) in enumerate(articles):
        prepare(page_id)
        headline = f"Оновлено {number} {time.monotonic_ns()}"
        watcher = _Watcher(server, detail_path(slug), headline)
        watcher.start()
        began, done = publish(page_id, headline)
        waits.written.append((done - began) * 1000)
        waits.shown.append((watcher.seen_at() - began) * 1000)
    return waits


class _Watcher(threading.Thread):
    """Asks for a page on a connection of its own, over and over, until it shows the headline."""

    def __init__(self, server: Server, path: str, headline: str) -> None:
        super().__init__(daemon=True)
        self._connection, self._path, self._headline = server.connect(), path, headline.encode()
        self._seen = 0.0

    def run(self) -> None:
        with contextlib.closing(self._connection):
            end = time.monotonic() + _PATIENCE
            while time.monotonic() < end:
                answer = ask(self._connection, self._path)
                if self._headline in answer.body:
                    self._seen = time.monotonic()
                    return
                time.sleep(_PAUSE)

    def seen_at(self) -> float:
        self.join()
        if not self._seen:
            raise NeverShownError(f"{self._path} did not show {self._headline.decode()!r} in {_PATIENCE:.0f} s")
        return self._seen


class _Admin:
    """An editor's browser, as far as forms go."""

    def __init__(self, server: Server, database_url: str) -> None:
        _make_editor(database_url)
        self._server = server
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
        self._fields: list[tuple[str, str]] = []
        login = self._form("/admin/login/")
        self._send("/admin/login/", _with(login, username=EDITOR, password=PASSWORD))

    def open(self, page_id: int) -> None:
        """Open the editor; what its form holds is sent back later."""
        self._fields = self._form(f"/admin/pages/{page_id}/edit/")

    def publish(self, page_id: int, headline: str) -> tuple[float, float]:
        fields = [*_with(self._fields, title=headline, **_body(headline)), ("action-publish", "action-publish")]
        began = time.monotonic()
        address, body = self._send(f"/admin/pages/{page_id}/edit/", fields)
        done = time.monotonic()
        if address.endswith("/edit/"):
            found = lxml.html.fromstring(body).find_class("messages")
            words = " ".join(each.text_content().strip() for each in found)
            raise NeverShownError(f"The admin did not publish page {page_id}: {words[:500]}")
        return began, done

    def _form(self, path: str) -> list[tuple[str, str]]:
        with self._opener.open(self._server.url + path, timeout=_PATIENCE) as response:
            document = lxml.html.fromstring(response.read().decode())
        forms = [form for form in document.forms if form.method == "POST" and "csrfmiddlewaretoken" in form.fields]
        form = max(forms, key=lambda each: len(each.fields))
        return [(name, value) for name, value in form.form_values() if not name.startswith("action-")]

    def _send(self, path: str, fields: list[tuple[str, str]]) -> tuple[str, str]:
        data = urllib.parse.urlencode(fields).encode()
        with self._opener.open(self._server.url + path, data=data, timeout=_PATIENCE) as response:
            return response.url, response.read().decode()


def _body(words: str) -> dict[str, str]:
    """A body of one paragraph as the editor's scripts send it: the form that comes from the server has none yet."""
    block = {"key": "bench", "type": "unstyled", "depth": 0, "text": words, "inlineStyleRanges": [], "entityRanges": []}
    of_first = {"type": "paragraph", "value": json.dumps({"blocks": [block], "entityMap": {}}), "order": "0"}
    return {"body-count": "1", **{f"body-0-{name}": value for name, value in of_first.items()}, "body-0-deleted": ""}


def _with(fields: list[tuple[str, str]], **values: str) -> list[tuple[str, str]]:
    """What a form holds, these fields filled in."""
    return [*((name, value) for name, value in fields if name not in values), *values.items()]


def _make_editor(database_url: str) -> None:
    from django.contrib.auth.hashers import make_password

    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO auth_user (username, password, first_name, last_name, email, is_staff, is_active, "
            " is_superuser, date_joined) VALUES (%s, %s, '', '', 'bench@example.org', true, true, true, now()) "
            "ON CONFLICT DO NOTHING",
            [EDITOR, make_password(PASSWORD)],
        )


@contextlib.contextmanager
def read_load(server: Server, paths: Path, *, connections: int) -> Iterator[None]:
    """Readers who ask for these paths as fast as they are answered, for as long as the block lasts."""
    call = wrk.command(server.url, paths, seconds=3600, connections=connections)
    load = subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        load.terminate()
        load.wait()
