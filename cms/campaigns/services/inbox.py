"""The inbox: webhooks come in any order, any number of times, and leave the same ledger behind."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cms.campaigns.gateways import (
    Change,
    Gateway,
    GatewayError,
    LedgerChange,
    VerifiedEvent,
    all_gateways,
    contained,
)
from cms.campaigns.models.campaign import Progress
from cms.campaigns.models.donation import Donation
from cms.campaigns.models.inbox import SETTLED, EventState, WebhookEvent
from cms.campaigns.models.ledger import Kind, LedgerEntry
from cms.campaigns.services.ledger import LedgerConflictError, enter, settle
from cms.campaigns.services.progress import lock
from cms.content.outbox import record_many

logger = logging.getLogger(__name__)

#: The largest webhook that is taken, in bytes.
MAX_BODY = 64 * 1024
#: How long an event that can't be applied is tried again; afterwards only a person can help.
GIVE_UP_AFTER = timedelta(days=14)


class UnknownGatewayError(LookupError):
    """No enabled gateway has this label."""


def receive_webhook(gateway_label: str, headers: Mapping[str, str], raw_body: bytes) -> int:
    """Take a webhook in: verify it on its raw bytes, then store its events. Returns how many were new.

    The gateway isn't asked whether it is available: a webhook refused now may never come again. A second delivery of an
    event is taken for granted and changes nothing. Raises UnknownGatewayError, SignatureError and, if it can't be
    verified now, GatewayError; in all three cases nothing is stored.
    """
    gateway = all_gateways().get(gateway_label)
    if gateway is None:
        raise UnknownGatewayError(gateway_label)
    lowered = {name.lower(): value for name, value in headers.items()}
    events = contained(gateway, gateway.verify, lowered, raw_body)
    rows = [WebhookEvent(gateway=gateway.label, event_id=event.event_id, data=event.data) for event in events]
    if any(not row.event_id or len(row.event_id) > 255 for row in rows):
        raise GatewayError(f"Gateway {gateway.label!r} gave an event without a usable event_id.")
    names = [row.event_id for row in rows]
    with transaction.atomic():
        these = WebhookEvent.objects.filter(gateway=gateway.label, event_id__in=names)
        known = list(these.values_list("pk", flat=True))
        WebhookEvent.objects.bulk_create(rows, ignore_conflicts=True)
        ids = list(these.exclude(pk__in=known).values_list("pk", flat=True))
        record_many([("webhook.received", {"event": pk}) for pk in ids])
    return len(ids)


def apply_event(event_pk: int) -> str:
    """Apply one stored event, and those of the same donation that waited for it. Returns the event's state.

    Ledger, totals, status and the note to the workers change in one transaction. Safe to call at any time, any number
    of times, by any number of workers at once.
    """
    with transaction.atomic():
        event = WebhookEvent.objects.select_for_update().filter(pk=event_pk).first()
        if event is None:
            return ""
        if event.state in SETTLED:
            return event.state
        _apply(event)
        return event.state


def due_events(limit: int = 500) -> list[int]:
    """Events that should be tried (again) now, oldest first."""
    now = timezone.now()
    due = WebhookEvent.objects.filter(
        Q(state__in=[EventState.WAITING, EventState.FAILED]) | Q(state=EventState.RECEIVED),
        next_attempt_at__lte=now,
        received_at__gt=now - GIVE_UP_AFTER,
    )
    return list(due.order_by("pk").values_list("pk", flat=True)[:limit])


def _apply(event: WebhookEvent) -> None:
    event.attempts += 1
    event.next_attempt_at = timezone.now() + timedelta(seconds=min(15 * 2 ** min(event.attempts, 12), 6 * 3600))
    gateway = all_gateways().get(event.gateway)
    if gateway is None:
        return _keep(event, EventState.FAILED, f"Gateway {event.gateway!r} is not enabled.")
    try:
        change = _parse(gateway, event)
    except GatewayError as error:
        return _keep(event, EventState.FAILED, str(error))
    if change is None:
        return _keep(event, EventState.IGNORED)

    event.reference = change.reference[:255]
    donation = _find_donation(event.gateway, change.reference)
    if donation is None:
        return _keep(event, EventState.WAITING, f"No donation here has the reference {change.reference!r}.")
    event.donation = donation
    return _apply_to(event, donation, change)


def _parse(gateway: Gateway, event: WebhookEvent) -> LedgerChange | None:
    # A gateway that breaks a query must not break this transaction.
    with transaction.atomic():
        return contained(gateway, gateway.parse, VerifiedEvent(event_id=event.event_id, data=event.data))


def _find_donation(gateway: str, reference: str) -> Donation | None:
    """The donation, locked. Only donations of this gateway: no gateway speaks for another."""
    donations = Donation.objects.select_for_update().filter(gateway=gateway)
    try:
        found = donations.filter(pk=UUID(reference)).first()
    except ValueError:
        found = None
    return found or (donations.filter(reference=reference).first() if reference else None)


def _apply_to(event: WebhookEvent, donation: Donation, change: LedgerChange) -> None:
    progress = lock(donation.campaign_id)
    try:
        entered = _take(progress, event.gateway, donation, change)
    except LedgerConflictError as conflict:
        logger.warning("Webhook %s of %s: %s", event.event_id, event.gateway, conflict)
        _keep(event, EventState.CONFLICT, str(conflict))
        return
    if entered is None:
        _keep(event, EventState.WAITING, "What it takes back has not arrived yet.")
        return
    _keep(event, EventState.APPLIED)
    if entered:
        entered += _take_what_waited(progress, event, donation)
    settle(donation)
    if entered:
        record_many([("donation.settled", {"campaign": donation.campaign_id, "donation": str(donation.pk)})])


#: What takes something back waits for what it takes back: a total must not dip, or overshoot, because two webhooks
#: overtook each other.
_WAITS_FOR = {
    Change.REFUND: Kind.PAYMENT,
    Change.CHARGEBACK: Kind.PAYMENT,
    Change.CHARGEBACK_REVERSAL: Kind.CHARGEBACK,
}


def _take(progress: Progress, gateway: str, donation: Donation, change: LedgerChange) -> int | None:
    """Take one change in. Returns how many entries it made, or None if it must wait for another."""
    moment = change.occurred_at or timezone.now()
    if change.kind == Change.DECLINED:
        donation.declined_at = min(filter(None, [donation.declined_at, moment]))
        return 0
    if change.kind == Change.EXPIRED:
        donation.expired_at = min(filter(None, [donation.expired_at, moment]))
        return 0
    needs = _WAITS_FOR.get(change.kind)
    if needs and not LedgerEntry.objects.filter(donation=donation, kind=needs).exists():
        return None
    return int(enter(progress, donation, gateway, change))


def _take_what_waited(progress: Progress, first: WebhookEvent, donation: Donation) -> int:
    """Refunds and the like that came too early. One locked elsewhere will find the entry it needs by itself."""
    entered, moved = 0, True
    while moved:
        moved = False
        waiting = (
            WebhookEvent.objects.select_for_update(skip_locked=True)
            .filter(gateway=first.gateway, donation=donation, state=EventState.WAITING)
            .order_by("pk")
        )
        for event in waiting:
            made = _take_one(progress, event, donation)
            entered += made
            moved = moved or made > 0
    return entered


def _take_one(progress: Progress, event: WebhookEvent, donation: Donation) -> int:
    try:
        change = _parse(all_gateways()[event.gateway], event)
        made = _take(progress, event.gateway, donation, change) if change is not None else 0
    except GatewayError as error:
        _keep(event, EventState.FAILED, str(error))
        return 0
    except LedgerConflictError as conflict:
        _keep(event, EventState.CONFLICT, str(conflict))
        return 0
    if made is None:
        return 0
    _keep(event, EventState.APPLIED)
    return made


def _keep(event: WebhookEvent, state: EventState, note: str = "") -> None:
    event.state, event.note = state, note
    event.settled_at = timezone.now() if state in SETTLED else None
    event.save()
