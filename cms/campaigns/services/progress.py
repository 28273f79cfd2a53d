"""Totals: kept as one row a campaign, written with the ledger, and provably the sum of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from cms.campaigns.models.campaign import Campaign, Progress
from cms.campaigns.models.donation import Donation
from cms.campaigns.models.ledger import Kind, LedgerEntry
from cms.campaigns.money import percent


@dataclass(frozen=True)
class ProgressFigures:
    """The progress of one campaign; amounts in minor units of ``currency``."""

    currency: str
    goal: int
    raised: int
    donors: int
    percent: int
    updated_at: datetime


def figures(progress: Progress) -> ProgressFigures:
    campaign = progress.campaign
    return ProgressFigures(
        currency=campaign.currency,
        goal=campaign.goal,
        raised=progress.raised,
        donors=progress.donors,
        percent=percent(progress.raised, campaign.goal),
        updated_at=progress.updated_at,
    )


def progress_of(translation_keys: list[UUID]) -> dict[UUID, ProgressFigures]:
    """The progress of campaigns by the translation key of their pages: one query, however many."""
    rows = Progress.objects.filter(campaign__translation_key__in=translation_keys).select_related("campaign")
    return {progress.campaign.translation_key: figures(progress) for progress in rows}


def lock(campaign_id: int) -> Progress:
    """Take the campaign's lock. Whoever writes its ledger holds it to the end of the transaction."""
    return Progress.objects.select_for_update().get(campaign_id=campaign_id)


def add(progress: Progress, *, raised: int = 0, donors: int = 0) -> None:
    """Move the totals; ``progress`` must be locked."""
    progress.raised += raised
    progress.donors += donors
    progress.updated_at = timezone.now()
    progress.save(update_fields=["raised", "donors", "updated_at"])


def summed(campaign: Campaign) -> tuple[int, int]:
    """What the ledger says: (raised, donors). Money in another currency than the campaign's counts in neither.

    A donor is a donation of which something is left, or an offline donation that no entry corrects.
    """
    entries = LedgerEntry.objects.filter(campaign=campaign, currency=campaign.currency)
    raised = entries.aggregate(total=Sum("amount", default=0))["total"]
    online = (
        Donation.objects.filter(campaign=campaign)
        .annotate(net=Sum("entries__amount", filter=Q(entries__currency=F("campaign__currency")), default=0))
        .filter(net__gt=0)
        .count()
    )
    offline = entries.filter(kind=Kind.OFFLINE, correction__isnull=True).aggregate(n=Count("id"))["n"]
    return raised, online + offline


@transaction.atomic
def recompute(campaign_id: int) -> bool:
    """Set the totals to the ledger's sum. Returns whether they were wrong."""
    progress = lock(campaign_id)
    raised, donors = summed(progress.campaign)
    if (progress.raised, progress.donors) == (raised, donors):
        return False
    add(progress, raised=raised - progress.raised, donors=donors - progress.donors)
    return True


def verify_progress() -> list[str]:
    """Compare every campaign's totals with its ledger; one sentence for each that differs. Changes nothing."""
    problems = []
    for campaign_id in Campaign.objects.values_list("pk", flat=True):
        with transaction.atomic():
            progress = lock(campaign_id)
            raised, donors = summed(progress.campaign)
        if (progress.raised, progress.donors) != (raised, donors):
            problems.append(
                f"Campaign {campaign_id} ({progress.campaign.title}) shows {progress.raised} from {progress.donors} "
                f"donors, and its ledger adds up to {raised} from {donors}."
            )
    return problems
