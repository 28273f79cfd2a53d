"""Who listens to which outbox event."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Payload = dict[str, Any]
Handler = Callable[[Payload], None]

_handlers: defaultdict[str, list[Handler]] = defaultdict(list)


def on(*names: str) -> Callable[[Handler], Handler]:
    """Register a function for these events.

    It runs in the worker that drains the outbox, in a savepoint of its own, and may run again for the same event
    after a crash: it must come to the same result. Work that takes more than a moment belongs into a task that it
    enqueues.
    """

    def register(handler: Handler) -> Handler:
        for name in names:
            _handlers[name].append(handler)
        return handler

    return register


def handlers_of(name: str) -> list[Handler]:
    """The functions registered for this event, in the order of their registration."""
    return list(_handlers[name])
