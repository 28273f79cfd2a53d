"""Notices what was left out of a document because a plugin failed, so that it is written again later."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_noticed: ContextVar[list[str] | None] = ContextVar("noticed", default=None)


@contextmanager
def noticing() -> Iterator[list[str]]:
    """What is left out of what is rendered in this block."""
    left_out: list[str] = []
    token = _noticed.set(left_out)
    try:
        yield left_out
    finally:
        _noticed.reset(token)


def notice(what: str) -> None:
    """This was left out."""
    left_out = _noticed.get()
    if left_out is not None:
        left_out.append(what)
