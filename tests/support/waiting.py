"""Waiting without sleeping for a guessed time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def poll(fn: Callable[[], T], *, deadline: float = 60.0, pause: float = 0.05, what: str = "") -> T:
    """Call `fn` until it answers something true, and return that; fail after `deadline` seconds.

    A deadline is no claim: it is so far away that a machine that is busy with all other tests gets there too.

    An AssertionError inside `fn` means "not yet"; the last one is shown when time is up.
    """
    end = time.monotonic() + deadline
    while True:
        fault: AssertionError | None = None
        answer = None
        try:
            answer = fn()
            if answer:
                return answer
        except AssertionError as error:
            fault = error
        if time.monotonic() >= end:
            name = what or getattr(fn, "__name__", "it")
            raise AssertionError(f"{name} did not happen in {deadline:g} s (last answer: {answer!r})") from fault
        time.sleep(pause)
