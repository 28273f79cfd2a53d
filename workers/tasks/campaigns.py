"""Tasks of the queue ``campaigns``: webhooks are applied, donation pages are built."""

import logging
from typing import Any

from celery import shared_task

from api.campaigns import page_sources
from cms.campaigns.models import Campaign, CampaignPage
from cms.campaigns.pages import build
from cms.campaigns.services import apply_event, due_events, expire_old, verify_progress
from workers.asking import ask_once, begun
from workers.events import on

logger = logging.getLogger(__name__)

#: Donations come in bursts. One that arrives while a build is already asked for waits for it, in seconds.
GATHER = 1
_ASKED = "campaigns:build:{}"
_RECONCILING_ASKED = "campaigns:reconcile"


@shared_task(name="campaigns.apply_webhook")
def apply_webhook(event: int) -> None:
    """Apply one event of the inbox to the ledger."""
    apply_event(event)


@shared_task(name="campaigns.retry_webhooks")
def retry_webhooks() -> None:
    """Try the events that wait for something, or that no task was ever made for."""
    for event in due_events():
        apply_event(event)


@shared_task(name="campaigns.build_pages")
def build_pages(translation_key: str) -> None:
    """Build the pages of one campaign, in each language that is public."""
    begun(_ASKED.format(translation_key))
    for document, figures, campaign in page_sources(translation_key):
        build.build_page(document, figures, campaign)


@shared_task(name="campaigns.reconcile_pages")
def reconcile_pages() -> None:
    """Make what is served what should be: build what is missing or old, take down what is not public any more."""
    begun(_RECONCILING_ASKED)
    wanted = set()
    for document, figures, campaign in page_sources():
        wanted.add(document["slug"])
        try:
            build.build_page(document, figures, campaign)
        except Exception:  # one page that can't be built must not keep the others from it
            logger.exception("The donation page of %s can't be built", document["slug"])
    for slug in set(build.built_slugs()) - wanted:
        build.take_down(slug)


@shared_task(name="campaigns.expire_donations")
def expire_donations() -> None:
    """Close donations that were begun and never paid."""
    expire_old()


@shared_task(name="campaigns.check_ledger")
def check_ledger() -> None:
    """Compare the totals with the ledger, and say so in the log if they differ."""
    for problem in verify_progress():
        logger.error("%s", problem)


@on("webhook.received")
def webhook_received(payload: dict[str, Any]) -> None:
    """A webhook is in the inbox. Applied by a task of its own: it takes locks that no batch should hold."""
    apply_webhook.delay(payload["event"])


@on("donation.settled", "campaign.changed")
def totals_changed(payload: dict[str, Any]) -> None:
    """Money moved, or the terms did: the page's figures, names and share card are old."""
    key = Campaign.objects.filter(pk=payload["campaign"]).values_list("translation_key", flat=True).first()
    if key is not None:
        _ask_for_build(str(key))


@on("content.published")
def page_published(payload: dict[str, Any]) -> None:
    """A campaign's page was published, or published anew."""
    if payload["model"] == CampaignPage._meta.label_lower:
        _ask_for_reconciling()


@on("content.unpublished", "content.deleted", "content.moved", "content.privacy")
def page_withdrawn(payload: dict[str, Any]) -> None:
    """Something was taken away or moved; it may be a campaign's page, or a folder above one."""
    _ask_for_reconciling()


def _ask_for_reconciling() -> None:
    ask_once(_RECONCILING_ASKED, reconcile_pages.delay)


def _ask_for_build(translation_key: str) -> None:
    ask_once(
        _ASKED.format(translation_key),
        lambda: build_pages.apply_async((translation_key,), countdown=GATHER),
        seconds=30,
    )
