"""Installations in which the tests of a plugin's life work."""

from collections.abc import Iterator

import pytest

from tests.plugins.herbs import Installation


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Installation]:
    """Where the tests of a module work, one after the other: each makes it what it begins with."""
    made = Installation(tmp_path_factory.mktemp("desk"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def with_herbs(desk: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """What `installation` is a copy of."""
    desk.install()
    return Installation(tmp_path_factory.mktemp("herbs"), like=desk)


@pytest.fixture
def installation(desk: Installation, with_herbs: Installation) -> Installation:
    """A newsroom with the plugin, active and without content."""
    desk.become(with_herbs)
    return desk
