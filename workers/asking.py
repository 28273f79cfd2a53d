"""Asking for tasks that find their work by themselves: asked for again before it begins, such a task runs once.

The note that it was asked for is in the cache, which may forget it: then the task runs twice, and finds nothing.
"""

from collections.abc import Callable

from django.core.cache import cache
from django.db import transaction


def ask_once(key: str, enqueue: Callable[[], object], *, seconds: int = 10) -> None:
    """Enqueue a task when the current transaction commits, unless it is asked for under this key already.

    The task calls `begun` first. If it is lost, it can be asked for again after so many ``seconds``.
    """
    if cache.add(key, 1, timeout=seconds):
        transaction.on_commit(enqueue)


def begun(key: str) -> None:
    """What happens from now on, the task that begins may miss: it can be asked for again."""
    cache.delete(key)
