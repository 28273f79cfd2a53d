"""Looks at a page with axe-core in a real browser."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler

_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
#: What differs between two elements of the same kind.
_OWN = re.compile(r'\s(id|name|for|value|href|title|placeholder|aria-[a-z]+|data-[a-z0-9-]+)="[^"]*"')


class _Server(ThreadedWSGIServer):
    daemon_threads = False  # closing it waits for the answers that are under way: each uses the database


class _Handler(QuietWSGIRequestHandler):
    timeout = 5  # seconds for which a connection may be kept without a request


@contextmanager
def site() -> Iterator[str]:
    """The installation of this test, served over HTTP with its static files; gives its address."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.set_app(WSGIHandler())
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    serving.start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


class Look:
    """One logged-in editor's browser."""

    def __init__(self, browser: Any, site: str, session: str) -> None:
        self._browser, self._site, self._session = browser, site, session

    def violations(self, path: str) -> dict[str, str]:
        """What axe finds at this address: by rule and kind of element, the HTML of the first and what to do."""
        from axe_playwright_python.sync_playwright import Axe

        context = self._browser.new_context(locale="uk-UA", viewport={"width": 1280, "height": 900})
        try:
            context.set_default_timeout(30_000)
            context.add_cookies([{"name": "sessionid", "value": self._session, "url": self._site}])
            page = context.new_page()
            page.goto(f"{self._site}{path}", wait_until="load")
            page.locator("#id_title").wait_for()
            found = Axe().run(page, options=_RULES).response["violations"]
        finally:
            context.close()
        return {
            f"{violation['id']} in {_kind(node['html'])}": f"{node['html'][:300]} ({node['failureSummary']})"
            for violation in found
            for node in reversed(violation["nodes"])
        }


def _kind(html: str) -> str:
    """What an element is, without what is its own."""
    opening = html.split(">", 1)[0]
    return _OWN.sub("", re.sub(r"\d+", "N", opening)) + ">"
