"""Sending again what was settled: one delivery, or those of a span of time."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cms.webhooks.models import Delivery
from cms.webhooks.services.endpoints import wake

#: Deliveries that one replay takes. Who missed more reads the list of changes.
LARGEST_SPAN = 10_000
_SETTLED = (Delivery.State.DELIVERED, Delivery.State.FAILED, Delivery.State.SUPERSEDED)


@dataclass(frozen=True)
class Span:
    """Deliveries made between two moments; ``only_failed`` leaves out those that arrived."""

    begin: datetime
    end: datetime
    only_failed: bool = True


@transaction.atomic
def replay(delivery_id: int) -> bool:
    """Begin another round of one settled delivery, with the same id and body. False if it is still open."""
    return _again([delivery_id]) == 1


@transaction.atomic
def replay_span(endpoint_id: int, span: Span) -> int:
    """Begin another round of each settled delivery of a span, in their order. Returns how many."""
    states = [Delivery.State.FAILED] if span.only_failed else list(_SETTLED)
    rows = Delivery.objects.filter(
        endpoint=endpoint_id, state__in=states, created_at__gte=span.begin, created_at__lte=span.end
    )
    return _again(list(rows.order_by("pk").values_list("pk", flat=True)[:LARGEST_SPAN]))


def _again(ids: list[int]) -> int:
    changed = Delivery.objects.filter(pk__in=ids, state__in=_SETTLED).update(
        state=Delivery.State.PENDING,
        round=F("round") + 1,
        attempts=0,
        next_attempt_at=timezone.now(),
        settled_at=None,
    )
    if changed:
        wake()
    return changed
