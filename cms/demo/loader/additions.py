"""What an editor adds to articles after they came in: pull-outs, galleries, calls, related content, corrections."""

import json
from datetime import datetime, timedelta
from typing import Any

from cms.campaigns.models import CampaignPage
from cms.content.models import ContentCorrection, ContentPage
from cms.demo import texts
from cms.demo.loader.studio import Studio


def add(studio: Studio, pages: dict[str, ContentPage], campaigns: dict[str, CampaignPage], now: datetime) -> None:
    """Add them and publish the articles again."""
    for import_id, addition in texts.read("newsroom")["additions"].items():
        page = pages[import_id].specific
        code = page.locale.language_code
        blocks = [_credited(block, code) for block in page.body.raw_data]
        blocks += [_stored(block, studio, pages, campaigns[code], code) for block in addition.get("blocks", [])]
        page.body = json.dumps(blocks)
        page.corrections = [
            ContentCorrection(made_at=now - timedelta(minutes=each["age_minutes"]), text=each["text"])
            for each in addition.get("corrections", [])
        ]
        page.save_revision().publish()


def _credited(block: dict[str, Any], code: str) -> dict[str, Any]:
    """Pictures in imported HTML come without a credit."""
    if block["type"] == "image" and not block["value"].get("credit"):
        return {**block, "value": {**block["value"], "credit": texts.credit(code)}}
    return block


def _stored(
    block: dict[str, Any], studio: Studio, pages: dict[str, ContentPage], campaign: CampaignPage, code: str
) -> dict[str, Any]:
    """A block of the data as StreamField stores it."""
    kind = block["type"]
    if kind == "related":
        return {"type": kind, "value": {"pages": [pages[import_id].pk for import_id in block["ids"]]}}
    if kind == "donation_call":
        return {"type": kind, "value": {**block["value"], "campaign": campaign.pk}}
    if kind == "gallery":
        images = [
            {"image": studio.image(name, code).pk, "caption": caption, "credit": ""}
            for name, caption in block["images"]
        ]
        return {"type": kind, "value": {"images": images}}
    return {"type": kind, "value": block["value"]}
