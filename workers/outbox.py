"""Drains the outbox: claims due events, hands them to their handlers, and keeps what failed for later."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cms.content.outbox import OutboxEvent, record
from cms.registry.faults import note
from cms.registry.owners import owner_of
from cms.registry.states import is_active, is_running, refresh
from workers.events import handlers_of, plugin_handlers_of

logger = logging.getLogger(__name__)

BATCH = 50
#: Seconds before the next try, by number of failed tries; the last one repeats.
BACKOFF = (1, 5, 30, 120, 600, 3600)
#: One plugin's share of an event: the dotted name of its handler, the event's own name and payload.
FOR_PLUGIN = "outbox.for_plugin"
#: What is for a resting plugin is looked at again after this.
REST = timedelta(minutes=1)
#: Done events are kept this long, for whoever asks what happened.
KEEP_DONE = timedelta(days=7)


def drain() -> int:
    """Handle every due event. Returns how many were taken, done or failed.

    Several workers may drain at once: each claims its own rows (``FOR UPDATE SKIP LOCKED``).
    """
    taken = 0
    while batch := _drain_batch():
        taken += batch
        refresh()
    return taken


def _drain_batch() -> int:
    with transaction.atomic():
        events = list(
            OutboxEvent.objects.select_for_update(skip_locked=True)
            .filter(done_at__isnull=True, available_at__lte=timezone.now())
            .order_by("available_at", "id")[:BATCH]
        )
        for event in events:
            _handle(event)
    return len(events)


def _handle(event: OutboxEvent) -> None:
    if event.name == FOR_PLUGIN:
        _handle_for_plugin(event)
        return
    try:
        with transaction.atomic():
            for handler in handlers_of(event.name):
                handler(event.payload)
            # Rows of their own: a plugin that fails is tried again alone, and holds up nobody.
            for name, handler in plugin_handlers_of(event.name).items():
                if is_active(owner_of(handler)):
                    record(FOR_PLUGIN, handler=name, event=event.name, payload=event.payload)
    except Exception as error:
        logger.exception("Outbox event %s failed", event)
        _put_off(event, error)
    else:
        _done(event)


def _handle_for_plugin(event: OutboxEvent) -> None:
    handler = plugin_handlers_of(event.payload["event"]).get(event.payload["handler"])
    owner = owner_of(handler) if handler else ""
    if handler is None or not is_active(owner):
        _done(event)  # the plugin was taken away or switched off since: nobody is left to tell
    elif not is_running(owner):
        event.available_at = timezone.now() + REST
        event.save(update_fields=["available_at"])
    else:
        try:
            with transaction.atomic():
                handler(event.payload["payload"])
        except Exception as error:
            note(owner, f"handler {handler.__name__} of {event.payload['event']}", error)
            _put_off(event, error)
        else:
            _done(event)


def _put_off(event: OutboxEvent, error: Exception) -> None:
    delay = BACKOFF[min(event.attempts, len(BACKOFF) - 1)]
    event.attempts += 1
    event.last_error = repr(error)[:2000]
    event.available_at = timezone.now() + timedelta(seconds=delay)
    event.save(update_fields=["attempts", "last_error", "available_at"])


def _done(event: OutboxEvent) -> None:
    event.done_at = timezone.now()
    event.save(update_fields=["done_at"])


def forget_done() -> int:
    """Delete events that were done long enough ago. Returns how many."""
    deleted, _by_model = OutboxEvent.objects.filter(done_at__lt=timezone.now() - KEEP_DONE).delete()
    return deleted
