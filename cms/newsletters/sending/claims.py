"""Who sends what, and how anybody can tell that a sender is dead.

A sender holds a PostgreSQL advisory lock, under a number of its own, for as long as it lives (`cms.content.locks`);
its claims carry the number. Whoever can take the lock of a claim therefore knows that its sender is dead, without a
lease to wait for and without a clock.

If the lock's session is lost while its sender lives, others take the claims back; nothing is sent twice even then,
because each step names the claim that it rests on (``claimed_by``) and finds nothing to change when it has gone.
"""

import secrets
from dataclasses import dataclass
from types import TracebackType

import psycopg
from django.db import connection, transaction
from django.utils import timezone

from cms.content.locks import own_session
from cms.newsletters.models import Delivery

#: First halves of the advisory locks' keys: "mail" and "slot" as bytes, to keep clear of other programs' locks.
LIFE = 0x6D61696C
SLOT = 0x736C6F74
#: The whole key of the one who sends confirmations: "confirms".
CONFIRMATIONS = 0x636F6E6669726D73
#: What PostgreSQL's list of sessions calls a sender.
SESSION = "ostriv mail sender"


class Sender:
    """A living sender: a context manager that holds a database session with the sender's locks.

    ``slots`` bounds how many send at once over all processes. ``number`` is None if all slots are taken, and then
    there is nothing to do: somebody is at it.
    """

    def __init__(self, slots: int = 1) -> None:
        self.slots = slots
        self.number: int | None = None
        self._session: psycopg.Connection | None = None

    def __enter__(self) -> "Sender":
        self._session = own_session(SESSION)
        try:
            if any(self._lock(SLOT, slot) for slot in range(self.slots)):
                number = secrets.randbelow(2**31)
                while not self._lock(LIFE, number):
                    number = secrets.randbelow(2**31)
                self.number = number
        except BaseException:
            self._session.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            self._session.close()

    def _lock(self, kind: int, key: int) -> bool:
        assert self._session is not None
        row = self._session.execute("SELECT pg_try_advisory_lock(%s, %s)", [kind, key]).fetchone()
        return bool(row and row[0])


@dataclass(frozen=True)
class Claim:
    """One message that a sender has taken: it alone may hand it over."""

    delivery_id: int
    dispatch_id: int
    subscription_id: int | None
    email: str
    attempts: int


# Chosen once: joined to a subquery the planner may choose anew for each row, and take more than the limit.
_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id
      FROM newsletters_delivery
     WHERE state = 'pending' AND next_attempt_at <= statement_timestamp()
     ORDER BY next_attempt_at, id
     LIMIT %(size)s
       FOR UPDATE SKIP LOCKED
)
UPDATE newsletters_delivery delivery
   SET state = 'claimed', claimed_by = %(number)s, claimed_at = statement_timestamp()
  FROM due
 WHERE delivery.id = due.id
RETURNING delivery.id, dispatch_id, subscription_id, email, attempts
"""


def claim_batch(number: int, size: int = 50) -> list[Claim]:
    """Take due messages for the sender with this number. Committed when this returns."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"number": number, "size": size})
        return sorted((Claim(*row) for row in cursor.fetchall()), key=lambda claim: claim.delivery_id)


def release(number: int) -> int:
    """Give back what this sender took and did not begin. Returns how many."""
    return Delivery.objects.filter(claimed_by=number, state=Delivery.State.CLAIMED).update(
        state=Delivery.State.PENDING, claimed_by=None, claimed_at=None
    )


@dataclass(frozen=True)
class Recovered:
    """What dead senders left: messages that can be sent, and messages of which nobody knows."""

    pending: int
    uncertain: int


def recover_dead_claims() -> Recovered:
    """Settle the claims of senders that are gone. Several workers may call this at once."""
    held = Delivery.objects.filter(state__in=[Delivery.State.CLAIMED, Delivery.State.SENDING])
    pending = uncertain = 0
    for number in held.order_by().values_list("claimed_by", flat=True).distinct():
        with transaction.atomic(), connection.cursor() as cursor:
            # Held to the end of this transaction, so that the claims are settled by one of us only.
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LIFE, number])
            if not cursor.fetchone()[0]:
                continue
            pending += release(number)
            uncertain += Delivery.objects.filter(claimed_by=number, state=Delivery.State.SENDING).update(
                state=Delivery.State.UNCERTAIN,
                settled_at=timezone.now(),
                response="The sender stopped while it was handing this message over.",
            )
    return Recovered(pending, uncertain)
