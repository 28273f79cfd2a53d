"""The preview panel of the editor with a frontend on another origin, in a real browser."""

import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from cms.up.plan import PROJECT
from ostriv.testing import hooks
from tests.support.editing import log_in, new_draft
from tests.support.stack import Stack

FILES = PROJECT / "examples" / "frontend"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html; charset=utf-8"}
#: A frontend that knows nothing of the panel: it shows what the token opens, and that is all.
PLAIN = """<!doctype html><html lang="uk"><title>Чернетка</title><main><h1></h1></main><script>
const token = new URLSearchParams(location.search).get("token");
fetch(`API/api/v1/preview/${token}/`).then((answer) => answer.json()).then((draft) => {
  document.querySelector("h1").textContent = draft.headline;
});
</script></html>"""


class Frontend(ThreadingHTTPServer):
    """The example frontend, or a plain one, on an origin of its own."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.api = ""
        self.is_plain = False
        self.loaded = 0  # how often the preview's page was asked for

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Frontend

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        file = FILES / path.removeprefix("/")
        if path.startswith("/preview/"):
            self.server.loaded += 1
            if self.server.is_plain:
                return self._send(PLAIN.replace("API", self.server.api), "text/html; charset=utf-8")
        if not file.is_file():
            if file.suffix:
                return self.send_error(HTTPStatus.NOT_FOUND)
            file = FILES / "index.html"
        text = file.read_text().replace('content="/api/v1/"', f'content="{self.server.api}/api/v1/"')
        return self._send(text, TYPES[file.suffix])

    def _send(self, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def frontend() -> Iterator[Frontend]:
    server = Frontend()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def newsroom(frontend: Frontend) -> Iterator[Stack]:
    """An installation whose frontend is elsewhere."""
    address = f"{frontend.url}/preview/?token={{token}}"
    made = Stack(hooks.run_folder() / "stack-preview", hooks.run_template(), settings={"OSTRIV_PREVIEW_URL": address})
    try:
        made.start_all()
        frontend.api = made.url
        yield made
    finally:
        made.close()


def open_panel(page: Page) -> None:
    page.locator("[data-side-panel-toggle='preview']").click()


def heading(page: Page, words: str) -> Locator:
    return page.frame_locator("#w-preview-iframe").get_by_role("heading", name=words)


def test_what_an_editor_types_is_shown_in_place_by_a_frontend_elsewhere(
    newsroom: Stack, frontend: Frontend, browser_page: Page, screenshot: Callable[..., Path]
) -> None:
    frontend.is_plain = False
    log_in(newsroom, browser_page)
    new_draft(newsroom, browser_page, "Паром знову ходить")
    open_panel(browser_page)
    expect(heading(browser_page, "Паром знову ходить")).to_be_visible()
    loaded = frontend.loaded

    browser_page.fill("[name=title]", "Паром знову не ходить")
    expect(heading(browser_page, "Паром знову не ходить")).to_be_visible()
    browser_page.fill("[name=lede]", "Вода впала на метр за ніч.")
    shown = browser_page.frame_locator("#w-preview-iframe").get_by_text("Вода впала на метр за ніч.")
    expect(shown).to_be_visible()

    assert frontend.loaded == loaded  # the page was not loaded anew: nothing flickered
    assert newsroom.get("/api/v1/content/?locale=uk&type=article").json()["results"] == []
    screenshot(browser_page, "preview-panel")


def test_a_frontend_that_knows_nothing_of_the_panel_is_loaded_anew(
    newsroom: Stack, frontend: Frontend, browser_page: Page
) -> None:
    frontend.is_plain = True
    log_in(newsroom, browser_page)
    new_draft(newsroom, browser_page, "Перша назва")
    open_panel(browser_page)
    expect(heading(browser_page, "Перша назва")).to_be_visible()
    loaded = frontend.loaded

    browser_page.fill("[name=title]", "Друга назва")
    # Wagtail alone would hold the new state back for ten seconds.
    expect(heading(browser_page, "Друга назва")).to_be_visible(timeout=9_000)
    browser_page.fill("[name=title]", "Третя назва")
    expect(heading(browser_page, "Третя назва")).to_be_visible(timeout=9_000)

    assert frontend.loaded == loaded + 2


def test_a_preview_in_a_new_tab_shows_what_was_typed(newsroom: Stack, frontend: Frontend, browser_page: Page) -> None:
    frontend.is_plain = False
    log_in(newsroom, browser_page)
    new_draft(newsroom, browser_page, "Відкрито в іншій вкладці")
    open_panel(browser_page)
    expect(heading(browser_page, "Відкрито в іншій вкладці")).to_be_visible()

    with browser_page.context.expect_page() as opened:
        browser_page.locator("[data-w-preview-target='newTab']").click()
    expect(opened.value.get_by_role("heading", name="Відкрито в іншій вкладці")).to_be_visible()
    assert opened.value.url.startswith(f"{frontend.url}/preview/?token=")


def test_an_editor_shares_a_draft_with_somebody_who_has_no_login(
    newsroom: Stack, frontend: Frontend, browser_page: Page, screenshot: Callable[..., Path]
) -> None:
    frontend.is_plain = False
    log_in(newsroom, browser_page)
    new_draft(newsroom, browser_page, "Лист до редакції")
    browser_page.goto(browser_page.url.replace("/edit/", "/share/"))
    browser_page.fill("[name=note]", "для юристки")
    browser_page.locator("[data-share] button").click()
    address = browser_page.locator("#shown-once").input_value()
    screenshot(browser_page, "share-a-preview")

    stranger = browser_page.context.browser.new_context(locale="uk-UA")  # type: ignore[union-attr]
    theirs = stranger.new_page()
    theirs.goto(address)
    expect(theirs.get_by_role("heading", name="Лист до редакції")).to_be_visible()

    browser_page.locator("[data-link] button").first.click()
    theirs.goto("about:blank")
    theirs.goto(address)
    expect(theirs.get_by_role("heading", name="Лист до редакції")).to_have_count(0)
    expect(theirs.locator("main[data-view=missing] h1")).to_be_visible()
    stranger.close()
