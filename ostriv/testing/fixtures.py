"""Fixtures: the database of this worker, an editor, the front page, pages of any type, a browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from ostriv.testing import browser as browsers
from ostriv.testing import hooks, servers

# Models are imported inside: this file is read before Django is set up.


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None) -> Iterator[None]:
    """The database exists already, migrated. After a test that commits it is copied anew from the template: a flush
    would take away what migrations put in (locales, front pages, groups)."""
    from django.db import connection
    from django.test import TransactionTestCase

    def renew(case: TransactionTestCase) -> None:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        servers.copy_database(hooks.migrated_database_url(), connection.settings_dict["NAME"])

    before = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = renew  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = before  # type: ignore[method-assign]
    connection.close_pool()  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def _answers_are_as_described() -> Iterator[None]:
    """Every answer of the API to a test client is held against the OpenAPI document."""
    from ostriv.testing import contract

    with contract.held():
        yield


@pytest.fixture(autouse=True)
def _nothing_remembered(request: pytest.FixtureRequest) -> Iterator[None]:
    """What one test caches, here or in memory, must not help or hurt the next."""
    if not {"db", "transactional_db"} & set(request.fixturenames) and not request.node.get_closest_marker("django_db"):
        yield
        translation.deactivate()
        return
    from django.core.cache import cache

    from api.search import months
    from cms.registry import states

    request.getfixturevalue("db")
    # Every process reads the plugins' states once a second: here before the test, so that it counts only its own.
    states.forget()
    states.all_states()
    yield
    translation.deactivate()
    cache.clear()
    states.forget()
    months.forget()


@pytest.fixture
def editor(db: None) -> Client:
    """A browser in which an editor is logged in."""
    from ostriv.testing.newsroom import make_editor

    browser = Client()
    browser.force_login(make_editor())
    return browser


@pytest.fixture
def front_page(db: None) -> Any:
    """The front page of the newsroom's first language."""
    from ostriv.testing.newsroom import front_of

    return front_of()


@pytest.fixture
def build_page(db: None) -> Callable[..., Any]:
    """``build_page(Model, live=True, **fields)``: see :func:`ostriv.testing.pages.build`."""
    from ostriv.testing.pages import build

    return build


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium, driven by Playwright; the test is skipped, and says why, where there is none."""
    try:
        program = browsers.find()
    except ImportError:
        pytest.skip(browsers.NO_PLAYWRIGHT)
    if program is None:
        pytest.skip(browsers.NONE_FOUND)
    with browsers.launched(program) as launched:
        yield launched
