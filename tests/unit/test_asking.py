"""Tasks that find their work by themselves: however often one is asked for before it begins, it is enqueued once."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache

from workers.asking import ask_once, begun

pytestmark = pytest.mark.django_db

Ask = Callable[[], list[Any]]


@pytest.fixture
def key() -> Iterator[str]:
    key = f"test:{uuid4()}"
    yield key
    cache.delete(key)


@pytest.fixture
def ask(key: str, django_capture_on_commit_callbacks: Any) -> Ask:
    """Ask for a task in a transaction of its own. Answers what its commit enqueues."""

    def ask_in_a_transaction() -> list[Any]:
        enqueued: list[str] = []
        with django_capture_on_commit_callbacks(execute=True):
            ask_once(key, lambda: enqueued.append(key))
            ask_once(key, lambda: enqueued.append(key))
            assert enqueued == [], "the task would not see what the transaction has written"
        return enqueued

    return ask_in_a_transaction


def test_a_task_that_has_not_begun_is_enqueued_once(key: str, ask: Ask) -> None:
    assert ask() == [key]
    assert ask() == []


def test_one_that_has_begun_may_be_asked_for_again(key: str, ask: Ask) -> None:
    ask()
    begun(key)
    assert ask() == [key]


def test_one_that_was_lost_may_be_asked_for_again_in_a_while(key: str, ask: Ask) -> None:
    ask()
    assert 0 < cache._cache.get_client(None).ttl(cache.make_key(key)) <= 10
