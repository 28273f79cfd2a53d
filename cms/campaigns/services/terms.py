"""The terms of a campaign, and how publishing a page changes them."""

from typing import TYPE_CHECKING

from django.db import transaction

from cms.campaigns.models.campaign import Campaign, Progress
from cms.content.outbox import record
from cms.content.signals import pages_changed

if TYPE_CHECKING:
    from cms.campaigns.models.page import CampaignPage

SHARED = ["goal", "currency", "starts_at", "ends_at", "gateways"]


def terms_for(page: "CampaignPage") -> None:
    """Before a page is saved: a translation takes the campaign's terms, whatever it was given."""
    campaign = page.campaign
    if campaign is not None and page.takes_terms_from_another(campaign):
        page.take_terms(campaign)


@transaction.atomic
def agree_terms(page: "CampaignPage") -> Campaign:
    """After a page went live: make its campaign, or bring the campaign's terms up to the page's.

    The first page published holds the terms. If it is deleted, the next one published takes them over.
    """
    terms = {name: getattr(page, name) for name in SHARED}
    campaign, created = Campaign.objects.select_for_update().get_or_create(
        translation_key=page.translation_key, defaults={**terms, "title": page.title, "terms_page_id": page.pk}
    )
    if created:
        Progress.objects.create(campaign=campaign)
        return campaign
    if campaign.terms_page_id is None:
        campaign.terms_page_id = page.pk
    if campaign.terms_page_id != page.pk:
        return campaign

    changed = any(getattr(campaign, name) != value for name, value in terms.items())
    for name, value in terms.items():
        setattr(campaign, name, value)
    campaign.title = page.title
    campaign.save()
    if changed:
        translations = type(page).objects.filter(translation_key=page.translation_key).exclude(pk=page.pk)
        translations.update(**terms)
        pages_changed.send(type(page), pages=list(translations.filter(live=True)))
        record("campaign.changed", campaign=campaign.pk)
    return campaign
