"""A Chromium for tests that need a real browser: on PATH, else Playwright's own.

Playwright is imported when a browser is asked for: who runs no such tests needs not have it.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page that reaches for another host must not get it, here or on a machine with a network.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NONE_FOUND = "no browser: Chromium is neither on PATH nor installed by Playwright"
NO_PLAYWRIGHT = "no browser: Playwright is not installed (pip install playwright axe-playwright-python)"


def find() -> str | None:
    """The program to start, or None. Raises ImportError without Playwright."""
    from playwright.sync_api import sync_playwright

    for name in _NAMES:
        if found := shutil.which(name):
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if own and Path(own).exists() else None


@contextmanager
def launched(program: str) -> Iterator[Any]:
    """The browser (Playwright's ``Browser``), closed at the end."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()
