"""A running campaign in three languages, with donations of the last days."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from wagtail.models import Locale

from cms.campaigns.models import CampaignPage
from cms.campaigns.services import record_offline
from cms.content.importing.body import convert
from cms.content.models import FolderPage
from cms.demo import texts
from cms.demo.loader.studio import Studio


def make(studio: Studio, now: datetime) -> dict[str, CampaignPage]:
    """Publish the campaign's pages and enter its donations. Returns the pages by language."""
    data = texts.read("campaign")
    began = now - timedelta(days=data["started_days_ago"])
    key = uuid.uuid4()
    pages = {}
    for code in texts.LOCALES:
        words = data["pages"][code]
        locale = Locale.objects.get(language_code=code)
        page = CampaignPage(
            locale=locale,
            translation_key=key,
            live=False,
            slug=words["slug"],
            title=words["headline"],
            lede=words["lede"],
            thank_you=words["thank_you"],
            image=studio.image(data["image"], code),
            body=json.dumps(convert(words["story_html"]).blocks),
            goal=data["goal"],
            currency=data["currency"],
            starts_at=began,
            ends_at=now + timedelta(days=data["runs_days"]),
            suggested_amounts=data["suggested_amounts"],
            published_at=began,
        )
        FolderPage.objects.get(locale=locale, slug="campaigns").add_child(instance=page)
        page.save_revision().publish()
        pages[code] = page
    _give(pages["uk"], data["gifts"], now)
    return pages


def _give(page: CampaignPage, gifts: list[dict[str, Any]], now: datetime) -> None:
    """Enter gifts as staff enters what came by bank: the demo has no gateway of its own to pay through."""
    campaign = page.campaign
    if campaign is None:
        raise RuntimeError("The campaign's page was published and there is no campaign.")
    for number, gift in enumerate(gifts, start=1):
        record_offline(
            campaign.pk,
            amount=gift["amount"],
            reason=gift["reason"],
            recorded_by="marketing",
            external_id=f"demo-{number:03}",
            occurred_at=now - timedelta(hours=gift["hours_ago"]),
        )
