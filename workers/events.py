"""Who listens to which outbox event."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from cms.registry.owners import owner_of

Payload = dict[str, Any]
Handler = Callable[[Payload], None]

#: Whatever changes what readers see of pages.
CONTENT_CHANGED = (
    "content.published", "content.unpublished", "content.deleted", "content.moved", "content.privacy",
    "plugin.switched",
)  # fmt: skip

_handlers: defaultdict[str, list[Handler]] = defaultdict(list)
_of_plugins: defaultdict[str, dict[str, Handler]] = defaultdict(dict)


def on(*names: str) -> Callable[[Handler], Handler]:
    """Register a function for these events.

    It runs in the worker that drains the outbox, in a savepoint of its own, and may run again for the same event
    after a crash: it must come to the same result. Work that takes more than a moment belongs into a task that it
    enqueues. A plugin's handler runs apart from the others: when it fails, it alone is tried again, and nothing waits.
    """

    def register(handler: Handler) -> Handler:
        for name in names:
            if owner_of(handler):
                _of_plugins[name][f"{handler.__module__}.{handler.__qualname__}"] = handler
            else:
                _handlers[name].append(handler)
        return handler

    return register


def handlers_of(name: str) -> list[Handler]:
    """The core's functions for this event, in the order of their registration."""
    return list(_handlers[name])


def plugin_handlers_of(name: str) -> dict[str, Handler]:
    """The plugins' functions for this event by their dotted names."""
    return dict(_of_plugins[name])
