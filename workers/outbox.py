"""Drains the outbox: claims due events, hands them to their handlers, and keeps what failed for later."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cms.content.outbox import OutboxEvent
from workers.events import handlers_of

logger = logging.getLogger(__name__)

BATCH = 50
#: Seconds before the next try, by number of failed tries; the last one repeats.
BACKOFF = (1, 5, 30, 120, 600, 3600)
#: Done events are kept this long, for whoever asks what happened.
KEEP_DONE = timedelta(days=7)


def drain() -> int:
    """Handle every due event. Returns how many were taken, done or failed.

    Several workers may drain at once: each claims its own rows (``FOR UPDATE SKIP LOCKED``).
    """
    taken = 0
    while batch := _drain_batch():
        taken += batch
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
    try:
        with transaction.atomic():
            for handler in handlers_of(event.name):
                handler(event.payload)
    except Exception as error:
        logger.exception("Outbox event %s failed", event)
        delay = BACKOFF[min(event.attempts, len(BACKOFF) - 1)]
        event.attempts += 1
        event.last_error = repr(error)[:2000]
        event.available_at = timezone.now() + timedelta(seconds=delay)
        event.save(update_fields=["attempts", "last_error", "available_at"])
    else:
        event.done_at = timezone.now()
        event.save(update_fields=["done_at"])


def forget_done() -> int:
    """Delete events that were done long enough ago. Returns how many."""
    deleted, _by_model = OutboxEvent.objects.filter(done_at__lt=timezone.now() - KEEP_DONE).delete()
    return deleted
