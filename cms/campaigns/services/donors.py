"""Forgetting a donor, as the law gives everybody the right to ask."""

from typing import Any
from uuid import UUID

from django.db import transaction
from wagtail.log_actions import log

from cms.campaigns.models.donation import Donation
from cms.content.outbox import record

#: The name of this action in the admin's log.
FORGOTTEN = "campaigns.forget_donor"


def forget_donor(donation_id: UUID, *, user: Any = None) -> None:
    """Empty what a donation says of its donor, and take the name off the page. The money stays in the ledger."""
    with transaction.atomic():
        donation = Donation.objects.select_for_update().get(pk=donation_id)
        donation.name = donation.email = donation.message = ""
        donation.anonymous = True
        donation.request_hash = ""  # made of the name and the address too
        donation.save(update_fields=["name", "email", "message", "anonymous", "request_hash"])
        log(donation, FORGOTTEN, user=user)
        record("campaign.changed", campaign=donation.campaign_id)
