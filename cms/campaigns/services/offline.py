"""Money that came past the gateways: entered by hand, with who and why, and put right by a second entry."""

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.campaigns.models.ledger import BY_HAND, Kind, LedgerEntry
from cms.campaigns.services.ledger import enter_by_hand
from cms.campaigns.services.progress import lock
from cms.content.outbox import record


def record_offline(
    campaign_id: int,
    *,
    amount: int,
    reason: str,
    recorded_by: str,
    kind: str = Kind.OFFLINE,
    external_id: str = "",
    occurred_at: datetime | None = None,
) -> int:
    """Enter money given by bank transfer, in cash, or by a sponsor who matches. Returns the entry's id.

    ``amount`` in minor units of the campaign's currency; ``external_id`` the bank's number, if there is one, so that
    one transfer can't be entered twice. Raises ValidationError.
    """
    if kind not in (Kind.OFFLINE, Kind.MATCH):
        raise ValidationError({"kind": _("Only offline donations and matches are entered by hand.")})
    if amount <= 0:
        raise ValidationError({"amount": _("The amount must be more than nothing. To take one back, correct it.")})
    if not reason.strip() or not recorded_by.strip():
        raise ValidationError({"reason": _("An entry made by hand says who made it and why.")})
    occurred_at = occurred_at or timezone.now()
    if occurred_at > timezone.now():
        raise ValidationError({"occurred_at": _("This is in the future.")})
    try:
        with transaction.atomic():
            entry = enter_by_hand(
                lock(campaign_id),
                kind=Kind(kind),
                amount=amount,
                reason=reason.strip(),
                recorded_by=recorded_by,
                external_id=external_id.strip() or f"hand-{uuid.uuid4()}",
                occurred_at=occurred_at,
            )
            record("donation.settled", campaign=campaign_id, donation=None)
    except IntegrityError as error:
        if "a_movement_is_entered_once" not in str(error):
            raise
        raise ValidationError({"external_id": _("This number is in the ledger already.")}) from error
    return entry.pk


def correct_entry(entry_id: int, *, reason: str, recorded_by: str) -> int:
    """Take back an entry made by hand, by a second one that cancels it. Returns its id. Raises ValidationError."""
    if not reason.strip() or not recorded_by.strip():
        raise ValidationError({"reason": _("An entry made by hand says who made it and why.")})
    wrong = LedgerEntry.objects.get(pk=entry_id)
    if wrong.kind not in BY_HAND or wrong.kind == Kind.CORRECTION:
        raise ValidationError(_("Only what was entered by hand can be corrected by hand."))
    with transaction.atomic():
        progress = lock(wrong.campaign_id)
        if LedgerEntry.objects.filter(corrects=wrong).exists():
            raise ValidationError(_("This entry is corrected already."))
        entry = enter_by_hand(
            progress,
            kind=Kind.CORRECTION,
            amount=-wrong.amount,
            reason=reason.strip(),
            recorded_by=recorded_by,
            external_id=f"correction-{wrong.pk}",
            occurred_at=timezone.now(),
            corrects=wrong,
        )
        record("donation.settled", campaign=wrong.campaign_id, donation=None)
    return entry.pk
