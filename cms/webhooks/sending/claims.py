"""Taking a delivery, and writing down what became of it. The only place where a delivery's state changes by sending."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from cms.webhooks import signing
from cms.webhooks.events import PING
from cms.webhooks.models import Attempt, Delivery, Endpoint
from cms.webhooks.sending import schedule
from cms.webhooks.services import endpoints, queueing

_GONE = 410


@dataclass(frozen=True)
class Claim:
    """One request that is to be made: nobody else makes it."""

    delivery_id: int
    endpoint_id: int
    round: int
    number: int
    event: str
    url: str
    body: bytes
    keys: list[bytes]


@dataclass(frozen=True)
class Outcome:
    """What came of a request: a status and the beginning of the answer, or why there is none."""

    began_at: datetime
    ms: int
    status: int | None = None
    answer: str = ""
    error: str = ""
    retry_after: float | None = None

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def recover() -> int:
    """Give back what a dead sender had taken. Call it only where no other sender lives. Returns how many."""
    return Delivery.objects.filter(state=Delivery.State.SENDING).update(state=Delivery.State.PENDING)


def endpoints_to_serve() -> list[int]:
    """Endpoints that may have something due, those that fail behind the others."""
    awake = Q(rests_until__isnull=True) | Q(rests_until__lte=timezone.now())
    trial = Delivery.objects.filter(endpoint=OuterRef("pk"), kind=PING, state=Delivery.State.PENDING)
    served = Endpoint.objects.filter((awake & Q(state=Endpoint.State.ACTIVE)) | Exists(trial))
    return list(served.order_by("failures", "pk").values_list("pk", flat=True))


def claim(endpoint_id: int) -> Claim | None:
    """Take the first due delivery of this endpoint; None if there is none. Committed when this returns."""
    queueing.fill(endpoint_id)
    try:
        with transaction.atomic():
            endpoint = Endpoint.objects.select_for_update().filter(pk=endpoint_id).first()
            delivery = _first_due(endpoint) if endpoint else None
            if endpoint is None or delivery is None:
                return None
            keys = [signing.key_of(secret) for secret in signing.valid_secrets(endpoint)]
            if not keys:
                raise signing.SecretLost(str(endpoint_id))
            Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.SENDING, attempts=F("attempts") + 1)
    except signing.SecretLost:
        endpoints.pause(endpoint_id, Endpoint.Reason.NO_SECRET)
        Delivery.objects.filter(endpoint=endpoint_id, kind=PING, state=Delivery.State.PENDING).update(
            state=Delivery.State.FAILED, settled_at=timezone.now()
        )
        return None
    return Claim(
        delivery.pk,
        endpoint_id,
        delivery.round,
        delivery.attempts + 1,
        delivery.event,
        endpoint.url,
        delivery.body.encode(),
        keys,
    )


def _first_due(endpoint: Endpoint) -> Delivery | None:
    now = timezone.now()
    due = endpoint.deliveries.filter(state=Delivery.State.PENDING, next_attempt_at__lte=now).order_by("pk")
    resting = endpoint.rests_until is not None and endpoint.rests_until > now
    if resting or endpoint.state != Endpoint.State.ACTIVE:
        due = due.filter(kind=PING)
    for delivery in due[: queueing.LARGEST_QUEUE]:
        if not _is_overtaken(delivery):
            return delivery
        _settle(delivery, Delivery.State.SUPERSEDED, now)
    return None


def _is_overtaken(delivery: Delivery) -> bool:
    """Whether it has failed, and something later of the same page was sent or stands behind it: it would mislead."""
    return (
        delivery.attempts > 0
        and delivery.page_id is not None
        and Delivery.objects.filter(
            endpoint=delivery.endpoint_id, page_id=delivery.page_id, pk__gt=delivery.pk
        ).exists()
    )


@transaction.atomic
def record(claim: Claim, outcome: Outcome) -> None:
    """Write down an attempt and what follows from it."""
    endpoint = Endpoint.objects.select_for_update().filter(pk=claim.endpoint_id).first()
    delivery = (
        Delivery.objects.select_for_update()
        .filter(pk=claim.delivery_id, state=Delivery.State.SENDING, round=claim.round)
        .first()
    )
    if endpoint is None or delivery is None:
        return  # deleted meanwhile
    Attempt.objects.create(
        delivery=delivery,
        round=claim.round,
        number=claim.number,
        at=outcome.began_at,
        ms=outcome.ms,
        status=outcome.status,
        error=outcome.error[:300],
        answer=outcome.answer,
    )
    if outcome.arrived:
        _settle(delivery, Delivery.State.DELIVERED, timezone.now())
        _succeeded(endpoint)
    else:
        _failed(endpoint, delivery, claim, outcome)


def _succeeded(endpoint: Endpoint) -> None:
    endpoint.failures, endpoint.failing_since, endpoint.rests_until = 0, None, None
    endpoint.succeeded_at = timezone.now()
    endpoint.save(update_fields=["failures", "failing_since", "rests_until", "succeeded_at"])


def _failed(endpoint: Endpoint, delivery: Delivery, claim: Claim, outcome: Outcome) -> None:
    now = timezone.now()
    if delivery.kind == PING:  # an editor is looking at it: there will be another
        _settle(delivery, Delivery.State.FAILED, now)
        return
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    if schedule.is_of_the_receiver(outcome.status) or outcome.retry_after:
        endpoint.rests_until = now + schedule.rest_after(endpoint.failures, outcome.retry_after)
    endpoint.save(update_fields=["failures", "failing_since", "rests_until"])
    if claim.number >= schedule.ATTEMPTS or outcome.status == _GONE:
        _settle(delivery, Delivery.State.FAILED, now)
    else:
        delivery.state = Delivery.State.PENDING
        delivery.next_attempt_at = now + schedule.delay_after(claim.number, outcome.retry_after)
        delivery.save(update_fields=["state", "next_attempt_at"])
    if outcome.status == _GONE:
        endpoints.pause(endpoint.pk, Endpoint.Reason.GONE)
    elif endpoint.failures >= schedule.PAUSE_FAILURES and now - endpoint.failing_since >= schedule.PAUSE_AFTER:
        endpoints.pause(endpoint.pk, Endpoint.Reason.FAILING)


def _settle(delivery: Delivery, state: str, now: datetime) -> None:
    delivery.state, delivery.settled_at = state, now
    delivery.save(update_fields=["state", "settled_at"])
