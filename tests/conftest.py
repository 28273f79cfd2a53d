"""Servers, databases, whole installations and browsers for the tests.

The controller of a run starts PostgreSQL and Redis once, on copies of a migrated template. Each xdist worker gets a
database, a Redis index and a data folder of its own, before Django reads its settings.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cms import embedded
from tests.support import browser as browsers
from tests.support import servers
from tests.support.stack import Stack
from tests.support.waiting import poll as poll_until

_RUN = pytest.StashKey[Path]()
_TEMPLATE = "OSTRIV_TEST_TEMPLATE"
_RUN_FOLDER = "OSTRIV_TEST_RUN"


# --- before Django ----------------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.option.help or config.option.version:
        return
    is_worker = hasattr(config, "workerinput")
    if not is_worker:
        try:
            template = servers.template()
        except (RuntimeError, embedded.EmbeddedError) as error:
            pytest.exit(str(error), returncode=3)
        run = config.stash[_RUN] = servers.make_run_folder()
        template.install(run / "servers")
        running = embedded.ensure_running(run / "servers", durable=False)
        os.environ.update(
            {
                _TEMPLATE: str(template.folder),
                _RUN_FOLDER: str(run),
                "OSTRIV_TEST_DATABASE_URL": running.database_url,
                "OSTRIV_TEST_REDIS_URL": running.redis_url,
            }
        )
        if config.option.numprocesses:
            return  # the tests run in the workers; Django is needed there only
    worker = config.workerinput["workerid"] if is_worker else "gw0"  # type: ignore[attr-defined]
    _steer_django(worker)


def _steer_django(worker: str) -> None:
    run, template = Path(os.environ[_RUN_FOLDER]), servers.Template(Path(os.environ[_TEMPLATE]))
    data = run / worker
    data.mkdir()
    (data / "static").symlink_to(template.folder / "static")
    kept = {name: value for name, value in os.environ.items() if name.startswith("OSTRIV_TEST_")}
    clean = servers.clean_environment()
    for name in set(os.environ) - set(clean) - set(kept):
        if not name.startswith("PYTEST_"):
            del os.environ[name]
    os.environ.update(clean)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="cms.project.settings",
        # Playwright's event loop lives in the tests' thread, where the ORM is used too.
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
        DATABASE_URL=servers.copy_database(os.environ["OSTRIV_TEST_DATABASE_URL"], f"test_{worker}"),
        REDIS_URL=servers.with_redis_index(os.environ["OSTRIV_TEST_REDIS_URL"], 1 + int(worker.removeprefix("gw"))),
        OSTRIV_DATA=str(data),
    )
    from django.conf import settings

    _ = settings.DATABASES  # read now; pytest-django calls django.setup() once settings are configured


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if (run := config.stash.get(_RUN, None)) is not None:
        servers.remove_run_folder(run)
        _last_lines(config)


# --- the database of this worker --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None) -> Iterator[None]:
    """The database exists already, migrated. After a test that commits it is copied anew from the template: a flush
    would take away what migrations put in (locales, front pages, groups)."""
    from django.db import connection
    from django.test import TransactionTestCase

    def renew(case: TransactionTestCase) -> None:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        servers.copy_database(os.environ["OSTRIV_TEST_DATABASE_URL"], connection.settings_dict["NAME"])

    before = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = renew  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = before  # type: ignore[method-assign]
    connection.close_pool()  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """What one test caches must not help or hurt the next."""
    yield
    if {"db", "transactional_db"} & set(request.fixturenames) or request.node.get_closest_marker("django_db"):
        from django.core.cache import cache

        cache.clear()


# --- whole installations and browsers ---------------------------------------------------------------------------


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One installation of real processes for this worker. Tests share it: name your own content, count no rows."""
    run = Path(os.environ[_RUN_FOLDER])
    made = Stack(
        run / f"stack-{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}", servers.Template(Path(os.environ[_TEMPLATE]))
    )
    try:
        made.start_all()
        yield made
    finally:
        made.close()


@pytest.fixture
def poll() -> Callable[..., object]:
    return poll_until


@pytest.fixture(scope="session")
def browser() -> Iterator[browsers.Browser]:
    program = browsers.find()
    if program is None:
        pytest.skip(browsers.NONE_FOUND)
    with browsers.launched(program) as launched:
        yield launched


@pytest.fixture
def browser_errors() -> list[str]:
    """Errors of the page's scripts and console. A test that provokes some empties the list."""
    return []


@pytest.fixture
def browser_page(browser: browsers.Browser, browser_errors: list[str]) -> Iterator["browsers.Page"]:
    """A page in a context of its own; the test fails if a script of the page does."""
    context = browser.new_context(locale="uk-UA", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("pageerror", lambda error: browser_errors.append(f"script: {error}"))
    page.on("console", lambda said: browser_errors.append(f"console: {said.text}") if said.type == "error" else None)
    yield page
    context.close()
    assert not browser_errors, "the page reported errors: " + "; ".join(browser_errors)


@pytest.fixture
def screenshot(tmp_path: Path) -> Callable[..., Path]:
    """`screenshot(page, "front-desktop")` writes a PNG: into docs/images with OSTRIV_TEST_SCREENSHOTS=1, else aside."""
    folder = servers.PROJECT / "docs" / "images" if os.environ.get("OSTRIV_TEST_SCREENSHOTS") else tmp_path

    def take(page: "browsers.Page", name: str, *, full_page: bool = False) -> Path:
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


# --- what is skipped, by name -----------------------------------------------------------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    from django.conf import settings

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


def _last_lines(config: pytest.Config) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    # The browser's line comes last: it is the one that somebody can do something about.
    for reason, names in sorted(_skipped.items(), key=lambda entry: (entry[0] == browsers.NONE_FOUND, entry[0])):
        if reporter:
            reporter.write_line(f"{len(names)} skipped: {reason}")
