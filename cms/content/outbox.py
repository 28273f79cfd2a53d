"""The outbox: cms says what happened by writing a row in the transaction that made it happen.

Workers drain it. Nothing here knows who listens, and a dead broker can't lose a row.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone

#: Sent after rows were written, still inside their transaction. No arguments.
outbox_written = Signal()


class OutboxEvent(models.Model):
    """One thing that happened, kept until every handler has taken it."""

    name = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    available_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    #: One of very many that were written together, by an import: whatever is not comes before it.
    bulk = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["bulk", "available_at", "id"], name="outbox_due", condition=Q(done_at__isnull=True)),
            models.Index(fields=["done_at"], name="outbox_done", condition=Q(done_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


def record(name: str, **payload: object) -> OutboxEvent:
    """Write one event. Call it inside the transaction of the change; values must be plain JSON."""
    event = OutboxEvent.objects.create(name=name, payload=payload)
    outbox_written.send(OutboxEvent)
    return event


def record_later(moment: datetime, name: str, **payload: object) -> None:
    """Write one event that nobody is to take before this moment (aware)."""
    OutboxEvent.objects.create(name=name, payload=payload, available_at=moment)


def record_many(events: Iterable[tuple[str, dict[str, object]]], *, bulk: bool = False) -> None:
    """Write many events in one statement. What is ``bulk`` waits for all that isn't, also for what happens later."""
    rows = [OutboxEvent(name=name, payload=payload, bulk=bulk) for name, payload in events]
    if rows:
        OutboxEvent.objects.bulk_create(rows)
        outbox_written.send(OutboxEvent)
