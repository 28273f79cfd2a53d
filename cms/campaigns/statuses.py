"""The states of a donation, and how they follow from what is known of it.

A status is never "set": it is worked out from facts that are only ever added (entries of the ledger, the moment of a
decline or an expiry). So it comes out the same whatever order, and however often, the facts arrive in.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    PENDING = "pending", _("pending")
    FAILED = "failed", _("not started")  # the gateway could not open a checkout
    EXPIRED = "expired", pgettext_lazy("of a donation", "expired")
    DECLINED = "declined", _("declined")
    PAID = "paid", _("paid")
    REFUNDED = "refunded", _("refunded")
    CHARGED_BACK = "charged_back", _("charged back")


@dataclass(frozen=True)
class Facts:
    """What is known of one donation. Amounts in minor units; those taken back are positive here too."""

    paid: int = 0
    refunded: int = 0
    charged_back: int = 0
    reversed: int = 0  # chargebacks that were lifted again
    declined: bool = False
    expired: bool = False
    failed: bool = False

    @property
    def net(self) -> int:
        return self.paid - self.refunded - self.charged_back + self.reversed


def status_of(facts: Facts) -> Status:
    """The status that follows from the facts."""
    if facts.paid > 0:
        if facts.net > 0:
            return Status.PAID
        disputed = facts.charged_back - facts.reversed
        return Status.CHARGED_BACK if disputed > 0 else Status.REFUNDED
    if facts.declined:
        return Status.DECLINED
    if facts.expired:
        return Status.EXPIRED
    return Status.FAILED if facts.failed else Status.PENDING
