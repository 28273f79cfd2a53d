"""How plugins hear what happens in the newsroom, and say what happened in them."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.dispatch import Signal
from wagtail.models import Page

from cms.content.outbox import OutboxEvent, record
from cms.content.signals import pages_changed
from cms.registry import faults
from cms.registry.owners import owner_of

Receiver = Callable[..., Any]


def receiver(signal: Signal, sender: type | None = None) -> Callable[[Receiver], Receiver]:
    """Register a plugin's function for a signal of Django or Wagtail.

    It is called with the signal's own arguments while its plugin runs. What it raises is noted as a fault of the
    plugin and goes no further: the editor's change is made all the same.
    """

    def register(function: Receiver) -> Receiver:
        hook = f"signal receiver {function.__name__}"

        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> None:
            faults.call(owner_of(function), hook, function, *args, **kwargs)

        signal.connect(run, sender=sender, weak=False, dispatch_uid=f"{function.__module__}.{function.__qualname__}")
        return function

    return register


def content_changed(pages: Iterable[Page]) -> None:
    """Something that these pages show was changed outside of them: write what readers get of them anew.

    In the transaction of the change: what it shows and what it is can't come apart. Pages that are not live stay as
    they are.
    """
    if live := [page for page in pages if page.live]:
        pages_changed.send(type(live[0]), pages=live)


def record_event(name: str, **payload: object) -> OutboxEvent:
    """Write an event of a plugin to the outbox, in the transaction of what happened; values must be plain JSON.

    The name begins with the plugin's label and a dot. ``workers.contract.on`` hears it. Raises ValueError for a name
    of no enabled plugin.
    """
    from django.conf import settings

    if name.partition(".")[0] not in {plugin.label for plugin in settings.OSTRIV_PLUGINS}:
        raise ValueError(f"The event {name!r} must begin with the label of an enabled plugin and a dot.")
    return record(name, **payload)
