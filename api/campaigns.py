"""The public documents of campaigns: what is published of them, with the state and the totals of this moment."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from api.publications import details
from api.publications.models import Publication
from cms.campaigns.models import Campaign, CampaignPage, Progress
from cms.campaigns.models.campaign import state_of
from cms.campaigns.services import ProgressFigures, progress_of
from cms.campaigns.services.donations import gateways_of
from cms.campaigns.services.progress import figures

Document = dict[str, Any]

TYPE = CampaignPage.get_type_name()
#: The keys of a campaign in a list; the detail has them too.
SHORT = (
    "id", "type", "slug", "locale", "headline", "lede", "url", "image", "goal", "starts_at", "ends_at",
    "suggested_amounts",
)  # fmt: skip
#: More running campaigns than a newsroom ever has at once.
AT_MOST = 100


def progress_document(slug: str, progress: ProgressFigures) -> Document:
    """The progress of the campaign whose page has this slug."""
    return {
        "campaign": slug,
        "currency": progress.currency,
        "goal": progress.goal,
        "raised": progress.raised,
        "donors": progress.donors,
        "percent": progress.percent,
        "updated_at": progress.updated_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def progress_at(slug: str) -> Document | None:
    """The progress document of a published campaign, by the slug of any of its pages. One query."""
    public = Publication.objects.visible().filter(type=TYPE, slug=slug)
    row = (
        Progress.objects.filter(campaign__translation_key__in=public.values("translation_key"))
        .select_related("campaign")
        .first()
    )
    return progress_document(slug, figures(row)) if row is not None else None


def campaign_list(locale: str) -> list[Document]:
    """The published campaigns of one language, newest first. Two queries, however many there are."""
    rows = list(
        Publication.objects.visible()
        .filter(type=TYPE, locale=locale)
        .order_by("-published_at", "-pk")
        .values_list("translation_key", "detail")[:AT_MOST]
    )
    totals = progress_of([key for key, _detail in rows])
    documents = []
    for key, detail in rows:
        stored = json.loads(detail)
        if key in totals:
            short = {name: stored[name] for name in SHORT}
            documents.append({**short, **_of_this_moment(stored, totals[key])})
    return documents


def campaign_detail(slug: str, locale: str | None = None) -> Document | None:
    """One published campaign, by the slug of any of its pages; in ``locale`` if it has a page in it."""
    found = find(slug, locale)
    if found is None:
        return None
    campaign = Campaign.objects.filter(translation_key=found.translation_key).select_related("progress").first()
    detail = details.detail(type=TYPE, slug=found.slug, locales=(found.locale,))
    if detail is None or campaign is None:
        return None
    document: Document = json.loads(detail.json)
    gateways = gateways_of(campaign.gateways, campaign.currency)
    return {
        **document,
        **_of_this_moment(document, figures(campaign.progress)),
        "gateways": [{"label": label, "name": gateway.name} for label, gateway in gateways.items()],
    }


def find(slug: str, locale: str | None = None) -> Publication | None:
    """The publication of a campaign's page: the one with this slug, or its translation into ``locale``."""
    rows = Publication.objects.visible().filter(type=TYPE).only("page_id", "slug", "locale", "translation_key", "type")
    found = list(rows.filter(slug=slug)[:5])
    if not found:
        return None
    found.sort(key=lambda row: (row.locale != locale, row.locale != settings.LANGUAGE_CODE))
    first = found[0]
    if locale and first.locale != locale:
        return rows.filter(translation_key=first.translation_key, locale=locale).first() or first
    return first


def public_slug(translation_key: UUID, locale: str) -> str | None:
    """The slug of a campaign's page, in ``locale`` if there is one; None if none is public."""
    rows = Publication.objects.visible().filter(type=TYPE, translation_key=translation_key)
    found = sorted(rows.values_list("slug", "locale"), key=lambda row: (row[1] != locale, row[1]))
    return found[0][0] if found else None


def _of_this_moment(document: Document, progress: ProgressFigures) -> Document:
    starts_at, ends_at = (parse_datetime(document[key]) if document[key] else None for key in ("starts_at", "ends_at"))
    return {
        # Goal and state are the purse's, whatever a page that is about to be rewritten still says.
        "goal": {"amount": progress.goal, "currency": progress.currency},
        "state": str(state_of(starts_at, ends_at)),
        "progress": progress_document(document["slug"], progress),
    }


def turns(documents: list[Document]) -> tuple[datetime | None, datetime | None]:
    """When these documents were last made out of date by the clock, and when they next will be."""
    now = timezone.now()
    moments = [parse_datetime(each[key]) for each in documents for key in ("starts_at", "ends_at") if each[key]]
    known = [moment for moment in moments if moment is not None]
    return (
        max((moment for moment in known if moment <= now), default=None),
        min((moment for moment in known if moment > now), default=None),
    )


def page_sources(translation_key: str | None = None) -> Iterator[tuple[Document, ProgressFigures, int]]:
    """What donation pages are built of: the public document, the totals and the purse of each published page."""
    rows = Publication.objects.visible().filter(type=TYPE)
    if translation_key is not None:
        rows = rows.filter(translation_key=translation_key)
    keys = list(rows.order_by("page_id").values_list("slug", "locale", "translation_key"))
    campaigns = Campaign.objects.select_related("progress").in_bulk(
        {key for _slug, _locale, key in keys}, field_name="translation_key"
    )
    for slug, locale, key in keys:
        detail = details.detail(type=TYPE, slug=slug, locales=(locale,))
        if detail is not None and key in campaigns:
            campaign = campaigns[key]
            yield json.loads(detail.json), figures(campaign.progress), campaign.pk
