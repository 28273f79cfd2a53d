"""Drains the outbox: claims due events, hands them to their handlers, and keeps what failed for later."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cms.content.outbox import OutboxEvent, record_many
from cms.registry.faults import note
from cms.registry.owners import owner_of
from cms.registry.states import forget, is_active, is_running
from workers.events import Handler, handlers_of, plugin_handlers_of

logger = logging.getLogger(__name__)

BATCH = 50
#: Seconds before the next try, by number of failed tries; the last one repeats.
BACKOFF = (1, 5, 30, 120, 600, 3600)
#: One plugin's share of an event: the dotted name of its handler, the event's own name and payload.
FOR_PLUGIN = "outbox.for_plugin"
#: A plugin's handler that was begun and never ended is tried again after this.
LEASE = timedelta(minutes=10)
#: What is for a resting plugin is looked at again after this.
REST = timedelta(minutes=1)
#: Done events are kept this long, for whoever asks what happened.
KEEP_DONE = timedelta(days=7)


def drain() -> int:
    """Handle every due event. Returns how many were taken, done or failed.

    Several workers may drain at once: each claims its own rows (``FOR UPDATE SKIP LOCKED``).
    """
    taken = 0
    while step := _step():
        taken += step
    return taken


def _step() -> int:
    """Handle what is most urgent: a settled donation comes before the next batch of an import, whenever it came."""
    return _drain_batch(bulk=False) or _deliver_one(bulk=False) or _drain_batch(bulk=True) or _deliver_one(bulk=True)


def _due(bulk: bool) -> QuerySet[OutboxEvent]:
    due = OutboxEvent.objects.filter(done_at__isnull=True, available_at__lte=timezone.now(), bulk=bulk)
    return due.select_for_update(skip_locked=True).order_by("available_at", "id")


def _drain_batch(bulk: bool) -> int:
    # An event of a switch may be among them: what is known of plugins must not be older than it.
    forget()
    with transaction.atomic():
        events = list(_due(bulk).exclude(name=FOR_PLUGIN)[:BATCH])
        for event in events:
            _handle(event)
    return len(events)


def _handle(event: OutboxEvent) -> None:
    try:
        with transaction.atomic():
            for handler in handlers_of(event.name):
                handler(event.payload)
            # Rows of their own: a plugin that fails is tried again alone, and holds up nobody.
            for name, handler in plugin_handlers_of(event.name).items():
                if is_active(owner_of(handler)):
                    share = {"handler": name, "event": event.name, "payload": event.payload}
                    record_many([(FOR_PLUGIN, share)], bulk=event.bulk)
    except Exception as error:
        logger.exception("Outbox event %s failed", event)
        _put_off(event, error)
    else:
        _done(event)


def _deliver_one(bulk: bool) -> bool:
    """Hand one plugin its share of an event, outside of any transaction of others. False if none is due.

    It is claimed and counted before the plugin's code runs: one that ends the process is tried again after ``LEASE``,
    and later each time, and nothing else waits for it.
    """
    with transaction.atomic():
        event = _due(bulk).filter(name=FOR_PLUGIN).first()
        if event is None:
            return False
        event.attempts += 1
        event.available_at = timezone.now() + LEASE
        event.save(update_fields=["attempts", "available_at"])
    forget()
    handler = plugin_handlers_of(event.payload["event"]).get(event.payload["handler"])
    owner = owner_of(handler) if handler else ""
    if handler is None or not is_active(owner):
        _done(event)  # the plugin was taken away or switched off since: nobody is left to tell
    elif not is_running(owner):
        event.attempts -= 1
        event.available_at = timezone.now() + REST
        event.save(update_fields=["attempts", "available_at"])
    else:
        _hand(event, handler, owner)
    return True


def _hand(event: OutboxEvent, handler: Handler, owner: str) -> None:
    try:
        with transaction.atomic():
            handler(event.payload["payload"])
    except (Exception, SystemExit) as error:
        note(owner, f"handler {handler.__name__} of {event.payload['event']}", error)
        event.attempts -= 1
        _put_off(event, error)
    else:
        _done(event)


def _put_off(event: OutboxEvent, error: BaseException) -> None:
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
