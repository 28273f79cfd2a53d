"""Whole installations and browsers for the tests; servers and databases come from ``ostriv.testing``."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cms.up.plan import PROJECT
from ostriv.testing import browser as browsers
from ostriv.testing import hooks
from tests.support.browser import Browser, Page
from tests.support.stack import Stack
from tests.support.waiting import poll as poll_until

# --- whole installations and browsers ---------------------------------------------------------------------------


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One installation of real processes for this worker. Tests share it: name your own content, count no rows."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    # Receivers of webhooks stand on this machine.
    settings = {"OSTRIV_WEBHOOKS_ALLOW_PRIVATE": "true"}
    made = Stack(hooks.run_folder() / f"stack-{worker}", hooks.run_template(), settings=settings)
    try:
        made.start_all()
        yield made
    finally:
        made.close()


@pytest.fixture
def poll() -> Callable[..., object]:
    return poll_until


@pytest.fixture
def browser_errors() -> list[str]:
    """Errors of the page's scripts and console. A test that provokes some empties the list."""
    return []


@pytest.fixture
def browser_page(browser: Browser, browser_errors: list[str]) -> Iterator[Page]:
    """A page in a context of its own; the test fails if a script of the page does."""
    context = browser.new_context(locale="uk-UA", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.on("pageerror", lambda error: browser_errors.append(f"script: {error}"))
    page.on("console", lambda said: browser_errors.append(f"console: {said.text}") if said.type == "error" else None)
    yield page
    context.close()
    assert not browser_errors, "the page reported errors: " + "; ".join(browser_errors)


@pytest.fixture
def screenshot(tmp_path: Path) -> Callable[..., Path]:
    """`screenshot(page, "front-desktop")` writes a PNG: into docs/images with OSTRIV_TEST_SCREENSHOTS=1, else aside."""
    folder = PROJECT / "docs" / "images" if os.environ.get("OSTRIV_TEST_SCREENSHOTS") else tmp_path

    def take(page: Page, name: str, *, full_page: bool = False) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        page.screenshot(path=path, full_page=full_page)
        return path

    return take


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A test that fails on a whole installation shows what its processes said last."""
    report = yield
    made = getattr(item, "funcargs", {}).get("stack")
    if made is not None and report.failed:
        report.sections += [(f"log of {name}", made.log(name, lines=60)) for name in made.children]
    return report  # type: ignore[return-value]


# --- what comes first, and what is skipped, by name -------------------------------------------------------------

#: Whole installations take longest: they come first, so that no worker is alone with one at the end.
_LONG = tuple(f"tests/{folder}/" for folder in ("browser", "clients", "docs", "plugins", "worker"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    from django.conf import settings

    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))
    enabled = {plugin.label for plugin in settings.OSTRIV_PLUGINS}
    for item in items:
        for marker in item.iter_markers("plugin"):
            if marker.args[0] not in enabled:
                item.add_marker(pytest.mark.skip(reason=f"plugin {marker.args[0]} is not enabled"))


_skipped: dict[str, list[str]] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        _skipped.setdefault(reason, []).append(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason, names in sorted(_skipped.items()):
        terminalreporter.section(f"skipped: {reason}", sep="-")
        for name in sorted(names):
            terminalreporter.write_line(name)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    # The browser's line comes last: it is the one that somebody can do something about.
    for reason, names in sorted(_skipped.items(), key=lambda entry: (entry[0] == browsers.NONE_FOUND, entry[0])):
        if reporter:
            reporter.write_line(f"{len(names)} skipped: {reason}")
