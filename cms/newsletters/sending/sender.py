"""The loop of a sender: claim, hand over, record; and what to do with each answer."""

import enum
import logging
import time
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from cms.newsletters.models import Delivery, Dispatch, Subscriber
from cms.newsletters.sending.claims import Claim, Sender, claim_batch, recover_dead_claims, release
from cms.newsletters.sending.letters import letter_of, message_id
from cms.newsletters.sending.smtp import OutcomeUnknown, Refused, SmtpSession, Withdrawn
from cms.newsletters.services.dispatching import finish_dispatches, is_stopped
from cms.newsletters.services.subscriptions import suppress

logger = logging.getLogger(__name__)

BATCH = 50
#: A message is tried this often before it counts as failed: with the pauses below, over some nine hours.
MAX_ATTEMPTS = 14
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
#: Refusals of an address, one after the other, before we stop writing to it. One can be a full mailbox or a
#: provider's bad day, and a subscriber is not lightly lost.
BOUNCES_TO_SUPPRESS = 3
#: States in which a message is still this sender's to settle. "Uncertain" is one: others may have taken this sender
#: for dead while it waited for the answer, and it knows better.
HELD = [Delivery.State.CLAIMED, Delivery.State.SENDING, Delivery.State.UNCERTAIN]


class Outcome(enum.Enum):
    """How a run ended."""

    BUSY = "busy"  # other senders have every slot
    IDLE = "idle"  # nothing more is due
    MORE = "more"  # the time was up, and there may be more
    UNREACHABLE = "unreachable"  # no mail server, or none that takes our mail; what was claimed waits


def has_due_deliveries() -> bool:
    """Whether a sender would find work."""
    return Delivery.objects.filter(state=Delivery.State.PENDING, next_attempt_at__lte=timezone.now()).exists()


def send_due(seconds: float = 10.0) -> Outcome:
    """Send what is due, for about this long. The unit of work of a mail task."""
    until = time.monotonic() + seconds
    with Sender(slots=settings.MAIL_SENDERS) as sender:
        if sender.number is None:
            return Outcome.BUSY
        recover_dead_claims()
        outcome = Outcome.MORE
        with SmtpSession() as session:
            while time.monotonic() < until:
                claims = claim_batch(sender.number, BATCH)
                if not claims:
                    outcome = Outcome.IDLE
                    break
                if not send_claimed(sender.number, claims, session, until=until):
                    outcome = Outcome.UNREACHABLE
                    break
        release(sender.number)
    finish_dispatches()
    return outcome


def send_claimed(number: int, claims: Iterable[Claim], session: SmtpSession, *, until: float = float("inf")) -> bool:
    """Send these messages over this session. Returns False if the mail server can't be used.

    A server that took a message and didn't answer counts as such: the others wait, so that a server which hangs
    there makes one message a turn uncertain and not all of them. Each outcome is recorded, in a transaction of its
    own, before the next message is begun.
    """
    dispatches: dict[int, Dispatch] = {}
    pace = _Pace(settings.MAIL_RATE)
    sent: list[int] = []
    reachable = True
    for claim in claims:
        if time.monotonic() > until:
            break
        if claim.dispatch_id not in dispatches:
            dispatches[claim.dispatch_id] = Dispatch.objects.get(pk=claim.dispatch_id)
        pace.wait()
        try:
            _send_one(number, claim, dispatches[claim.dispatch_id], session)
        except Refused as refusal:
            if refusal.unusable:
                reachable = False
                _postpone_all(number, refusal)
                break
        except OutcomeUnknown:
            reachable = False
            _put_off(number)
            break
        else:
            sent.append(claim.delivery_id)
    _forgive_bounces(sent)
    return reachable


def _send_one(number: int, claim: Claim, dispatch: Dispatch, session: SmtpSession) -> None:
    """Send one message and record what came of it. Raises Refused or OutcomeUnknown, recorded."""
    try:
        code, response = session.hand_over(
            dispatch.from_email,
            claim.email,
            letter_of(dispatch, claim),
            lambda: _mark_sending(number, claim, dispatch),
        )
    except ValueError as error:  # an address or a header that can't be in a message; no retry would help
        logger.exception("Delivery %s can't be made into a message", claim.delivery_id)
        _settle(number, claim, Delivery.State.FAILED, 0, str(error))
    except Withdrawn:
        _settle(number, claim, Delivery.State.SKIPPED, 0, "No longer subscribed when the message was to be sent.")
    except OutcomeUnknown as error:
        _settle(number, claim, Delivery.State.UNCERTAIN, 0, f"No answer after the message went out: {error}")
        raise
    except Refused as refusal:
        _record_refusal(number, claim, refusal)
        raise
    else:
        _settle(number, claim, Delivery.State.SENT, code, response)


_MARK = """
UPDATE newsletters_delivery delivery
   SET state = 'sending', attempts = attempts + 1, message_id = %s
 WHERE id = %s AND state = 'claimed' AND claimed_by = %s
   AND EXISTS (SELECT 1 FROM newsletters_subscription subscription
                WHERE subscription.id = delivery.subscription_id AND subscription.state = 'confirmed')
"""


def _mark_sending(number: int, claim: Claim, dispatch: Dispatch) -> bool:
    """Commit that this message is about to go out. False if the claim has gone, or the reader has."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_MARK, [message_id(dispatch, claim.delivery_id), claim.delivery_id, number])
        return cursor.rowcount == 1


def _settle(number: int, claim: Claim, state: Delivery.State, code: int, response: str) -> None:
    Delivery.objects.filter(
        pk=claim.delivery_id,
        claimed_by=number,
        state__in=HELD,
    ).update(state=state, settled_at=timezone.now(), smtp_code=code or None, response=response)


@transaction.atomic
def _record_refusal(number: int, claim: Claim, refusal: Refused) -> None:
    """Not taken: wait and try again, or give up. An address that is refused for good is counted."""
    held = Delivery.objects.filter(pk=claim.delivery_id, claimed_by=number, state__in=HELD)
    stopped = any(is_stopped(delivery) for delivery in held)  # locks the dispatch first, as whoever stops it does
    delivery = held.select_for_update().first()
    if delivery is None:
        return
    if delivery.state == Delivery.State.CLAIMED:  # refused before it was marked
        delivery.attempts += 1
    delivery.smtp_code, delivery.response = refusal.code or None, refusal.text
    if refusal.permanent or delivery.attempts >= MAX_ATTEMPTS:
        delivery.state, delivery.settled_at = Delivery.State.FAILED, timezone.now()
    elif stopped:
        delivery.state, delivery.settled_at = Delivery.State.SKIPPED, timezone.now()
    else:
        delivery.state = Delivery.State.PENDING
        delivery.claimed_by = delivery.claimed_at = delivery.settled_at = None
        delivery.next_attempt_at = timezone.now() + pause_after(delivery.attempts)
    delivery.save()
    if refusal.permanent and refusal.recipient and delivery.subscriber_id:
        _count_bounce(delivery.subscriber_id)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after this many attempts: half a minute, doubled each time, up to an hour."""
    return min(FIRST_PAUSE * 2 ** max(attempts - 1, 0), LONGEST_PAUSE)


def _count_bounce(subscriber_id: int) -> None:
    Subscriber.objects.filter(pk=subscriber_id).update(bounces=F("bounces") + 1)
    if Subscriber.objects.filter(pk=subscriber_id, bounces__gte=BOUNCES_TO_SUPPRESS).exists():
        suppress(subscriber_id)


def _forgive_bounces(delivery_ids: list[int]) -> None:
    """An address that takes mail again starts anew."""
    Subscriber.objects.filter(
        bounces__gt=0, deliveries__pk__in=delivery_ids, deliveries__state=Delivery.State.SENT
    ).update(bounces=0)


def _postpone_all(number: int, refusal: Refused) -> None:
    """The server can't be used: what was claimed for it waits, each message by its own count of attempts."""
    for delivery in Delivery.objects.filter(claimed_by=number, state=Delivery.State.CLAIMED):
        attempts = delivery.attempts + 1
        Delivery.objects.filter(pk=delivery.pk, claimed_by=number, state=Delivery.State.CLAIMED).update(
            state=Delivery.State.PENDING if attempts < MAX_ATTEMPTS else Delivery.State.FAILED,
            attempts=attempts,
            claimed_by=None,
            claimed_at=None,
            next_attempt_at=timezone.now() + pause_after(attempts),
            settled_at=None if attempts < MAX_ATTEMPTS else timezone.now(),
            response=refusal.text,
        )


def _put_off(number: int) -> None:
    """What was claimed and not begun waits a little. Nothing was tried, so no attempt is counted."""
    Delivery.objects.filter(claimed_by=number, state=Delivery.State.CLAIMED).update(
        state=Delivery.State.PENDING,
        claimed_by=None,
        claimed_at=None,
        next_attempt_at=timezone.now() + FIRST_PAUSE,
    )


class _Pace:
    """At most so many messages a second by this sender; 0 is as fast as the server takes them."""

    def __init__(self, rate: float) -> None:
        self._gap = 1 / rate if rate else 0.0
        self._next = 0.0

    def wait(self) -> None:
        if self._gap:
            time.sleep(max(0.0, self._next - time.monotonic()))
            self._next = max(self._next, time.monotonic()) + self._gap
