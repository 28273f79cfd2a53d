"""Writing the ledger: the one place where entries are made."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, override

from cms.campaigns.gateways import Change, LedgerChange
from cms.campaigns.models.campaign import Campaign, Progress
from cms.campaigns.models.donation import Donation
from cms.campaigns.models.ledger import OUTGOING, Kind, LedgerEntry
from cms.campaigns.money import Currency, to_major
from cms.campaigns.services.progress import add
from cms.campaigns.statuses import Facts, status_of

#: The changes of a gateway that move money.
MOVES = {
    Change.PAYMENT: Kind.PAYMENT,
    Change.REFUND: Kind.REFUND,
    Change.CHARGEBACK: Kind.CHARGEBACK,
    Change.CHARGEBACK_REVERSAL: Kind.CHARGEBACK_REVERSAL,
}


class LedgerConflictError(Exception):
    """The ledger already says something else, or can't say this; the message tells what."""


def facts_of(donation: Donation) -> Facts:
    """What is known of a donation, in whichever currency it came."""
    sums = dict.fromkeys(Kind, 0)
    for kind, amount in LedgerEntry.objects.filter(donation=donation).values_list("kind", "amount"):
        sums[Kind(kind)] += amount
    return Facts(
        paid=sums[Kind.PAYMENT],
        refunded=-sums[Kind.REFUND],
        charged_back=-sums[Kind.CHARGEBACK],
        reversed=sums[Kind.CHARGEBACK_REVERSAL],
        declined=donation.declined_at is not None,
        expired=donation.expired_at is not None,
        failed=donation.failed_at is not None,
    )


def settle(donation: Donation) -> None:
    """Bring a locked donation's status, and what is odd about it, up to its facts."""
    facts = facts_of(donation)
    donation.status = status_of(facts)
    # It is kept for the staff, so in their language and not in that of whoever gives.
    with override(settings.LANGUAGE_CODE):
        donation.attention = " ".join(_oddities(donation, facts))[:500]
    donation.paid_at = (
        LedgerEntry.objects.filter(donation=donation, kind=Kind.PAYMENT)
        .order_by("occurred_at")
        .values_list("occurred_at", flat=True)
        .first()
    )
    donation.save()


def _oddities(donation: Donation, facts: Facts) -> list[str]:
    odd = []
    entries = list(LedgerEntry.objects.filter(donation=donation).order_by("external_id"))
    foreign = sorted({entry.currency for entry in entries if entry.currency != donation.currency})
    if foreign:
        odd.append(
            gettext("Asked for in %(asked)s, moved in %(moved)s: not part of the campaign's total.")
            % {"asked": donation.currency, "moved": ", ".join(foreign)}
        )
    elif facts.paid and facts.paid != donation.amount:
        odd.append(
            gettext("Asked for %(asked)s, paid %(paid)s.")
            % {"asked": to_major(donation.amount), "paid": to_major(facts.paid)}
        )
    if facts.net < 0:
        odd.append(gettext("More went back than came in."))
    return odd


def enter(progress: Progress, donation: Donation, gateway: str, change: LedgerChange) -> bool:
    """Enter a movement of money that a gateway reports. Returns False if it stands there already.

    Both rows must be locked. Raises LedgerConflictError if the same movement stands there with another amount, if the
    amount can't be, or if its currency is not one of the ledger's.
    """
    kind = MOVES[change.kind]
    if change.amount <= 0:
        raise LedgerConflictError(f"The amount of a {kind} must be positive, and is {change.amount}.")
    if change.currency not in Currency.values:
        raise LedgerConflictError(f"The ledger holds no {change.currency!r}.")
    if not change.external_id:
        raise LedgerConflictError("The event doesn't name the movement of money.")
    amount = -change.amount if kind in OUTGOING else change.amount
    there = LedgerEntry.objects.filter(gateway=gateway, external_id=change.external_id, kind=kind).first()
    if there is not None:
        if (there.donation_id, there.amount, there.currency) != (donation.pk, amount, change.currency):
            raise LedgerConflictError(
                f"{kind} {change.external_id} was entered as {there.amount} {there.currency} for donation "
                f"{there.donation_id}; this event says {amount} {change.currency} for {donation.pk}."
            )
        return False
    campaign = progress.campaign
    before = net_of(donation, campaign.currency)
    LedgerEntry.objects.create(
        campaign=campaign,
        donation=donation,
        kind=kind,
        amount=amount,
        currency=change.currency,
        gateway=gateway,
        external_id=change.external_id,
        occurred_at=change.occurred_at or timezone.now(),
    )
    if change.currency == campaign.currency:
        add(progress, raised=amount, donors=int(before + amount > 0) - int(before > 0))
    return True


def net_of(donation: Donation, currency: str) -> int:
    """What is left of a donation, in minor units of this currency."""
    entries = LedgerEntry.objects.filter(donation=donation, currency=currency)
    return sum(entries.values_list("amount", flat=True))


def enter_by_hand(
    progress: Progress,
    *,
    kind: Kind,
    amount: int,
    reason: str,
    recorded_by: str,
    external_id: str,
    occurred_at: datetime,
    corrects: LedgerEntry | None = None,
) -> LedgerEntry:
    """Enter what staff record. ``progress`` must be locked."""
    campaign: Campaign = progress.campaign
    entry = LedgerEntry.objects.create(
        campaign=campaign,
        kind=kind,
        amount=amount,
        currency=campaign.currency,
        gateway="offline",
        external_id=external_id,
        occurred_at=occurred_at,
        reason=reason,
        recorded_by=recorded_by,
        corrects=corrects,
    )
    counted = {Kind.OFFLINE: 1, Kind.CORRECTION: -1 if corrects and corrects.kind == Kind.OFFLINE else 0}
    add(progress, raised=amount, donors=counted.get(kind, 0))
    return entry
