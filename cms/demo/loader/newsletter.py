"""A newsletter in each language: subscribers, an edition that is sent, an edition in the making."""

import json
import uuid
from typing import Any

from django.contrib.auth.models import User
from wagtail.models import Locale

from cms.campaigns.models import CampaignPage
from cms.content.models import ContentPage, FolderPage
from cms.demo import texts
from cms.newsletters.models import EditionPage, Newsletter
from cms.newsletters.services import add_confirmed_subscriber, schedule_dispatch


def make(pages: dict[str, ContentPage], campaigns: dict[str, CampaignPage], by: User) -> None:
    """Make the newsletters. The sent edition is really dispatched: the worker mails it when it next looks."""
    key = uuid.uuid4()
    for code, data in texts.read("newsletters").items():
        locale = Locale.objects.get(language_code=code)
        newsletter = Newsletter.objects.create(
            locale=locale,
            translation_key=key,
            from_email="newsletter@example.org",
            reply_to="editor@example.org",
            **data["newsletter"],
        )
        for name in data["subscribers"]:
            add_confirmed_subscriber(newsletter, f"{name}@example.org", locale=code, source="demo")
        sent = _write(newsletter, data["sent"], pages, campaigns[code])
        sent.save_revision(user=by).publish()
        schedule_dispatch(sent, by=by)
        _write(newsletter, data["draft"], pages, campaigns[code]).save_revision(user=by)


def _write(
    newsletter: Newsletter, data: dict[str, Any], pages: dict[str, ContentPage], campaign: CampaignPage
) -> EditionPage:
    """An edition that is not published."""
    edition = EditionPage(
        locale=newsletter.locale,
        newsletter=newsletter,
        live=False,
        slug=data["slug"],
        title=data["subject"],
        preheader=data["preheader"],
        lede=data["lede"],
        content=json.dumps([_stored(block, pages, campaign) for block in data["content"]]),
    )
    FolderPage.objects.get(locale=newsletter.locale, slug="newsletters").add_child(instance=edition)
    return edition


def _stored(block: dict[str, Any], pages: dict[str, ContentPage], campaign: CampaignPage) -> dict[str, Any]:
    """A block of the data as StreamField stores it."""
    if block["type"] == "teasers":
        return {
            "type": "teasers",
            "value": {"heading": block["heading"], "pages": [pages[import_id].pk for import_id in block["ids"]]},
        }
    if block["type"] == "donation_call":
        return {"type": "donation_call", "value": {"text": "", "button": "", "campaign": campaign.pk}}
    return {"type": "paragraph", "value": block["html"]}
