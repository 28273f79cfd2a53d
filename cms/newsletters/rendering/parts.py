"""The parts of an edition as plain values, ready for both forms of the message."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format

from cms.content.models import NewsroomText
from cms.content.teasers import teasers_for
from cms.newsletters.models import EditionPage
from cms.newsletters.rendering.richtext import mail_html, plain_text
from cms.newsletters.texts import texts


@dataclass(frozen=True)
class Item:
    """One teaser."""

    headline: str
    lede: str
    url: str
    section: str
    date: str
    image: dict[str, Any] | None = None


@dataclass(frozen=True)
class Part:
    """One block: ``kind`` is heading, text, teasers, donation or divider; the rest is what this kind needs."""

    kind: str
    heading: str = ""
    html: str = ""
    text: str = ""
    url: str = ""
    button: str = ""
    items: list[Item] = field(default_factory=list)


def parts_of(edition: EditionPage) -> list[Part]:
    """What this edition shows at this moment. Teasers of content that isn't published are left out."""
    chosen = [(block.block_type, block.value) for block in edition.content]
    teasers = teasers_for(_referenced(chosen)) if chosen else {}
    language = edition.locale.language_code
    return [part for kind, value in chosen if (part := _part(kind, value, teasers, language))]


def _referenced(chosen: Iterable[tuple[str, Any]]) -> Iterator[int]:
    for kind, value in chosen:
        if kind == "teasers":
            yield from (page.pk for page in value["pages"] if page)
        elif kind == "donation_call" and value.get("campaign"):
            yield value["campaign"].pk


def _part(kind: str, value: Any, teasers: dict[int, dict[str, Any]], language: str) -> Part | None:
    if kind == "paragraph":
        html = mail_html(value.source)
        text = plain_text(html)
        return Part("text", html=html, text=text) if text else None
    if kind == "heading":
        return Part("heading", heading=value["text"])
    if kind == "divider":
        return Part("divider")
    if kind == "teasers":
        ids = [page.pk for page in value["pages"] if page]
        items = [_item(teasers[pk], language) for pk in ids if pk in teasers]
        return Part("teasers", heading=value.get("heading") or "", items=items) if items else None
    if kind == "donation_call":
        return _donation(value, teasers, language)
    return None  # a plugin's block that has no form in mail


def _item(teaser: dict[str, Any], language: str) -> Item:
    image = teaser.get("image") or None
    rendition = (image.get("renditions") or {}).get("medium") if image else None
    return Item(
        headline=teaser["headline"],
        lede=teaser.get("lede") or "",
        url=teaser["url"],
        section=(teaser.get("section") or {}).get("name", ""),
        date=_date(teaser.get("published_at"), language),
        image={**rendition, "alt": image.get("alt") or ""} if image and rendition else None,
    )


def _donation(value: Any, teasers: dict[int, dict[str, Any]], language: str) -> Part | None:
    own = NewsroomText.objects.filter(newsroom__site__is_default_site=True, locale__language_code=language).first()
    campaign_id = value["campaign"].pk if value.get("campaign") else (own.donation_campaign_id if own else None)
    campaign = (teasers.get(campaign_id) or teasers_for([campaign_id]).get(campaign_id)) if campaign_id else None
    text = value.get("text") or (own.donation_text if own else "")
    if campaign is None or not text:
        return None  # a call that leads nowhere is none
    return Part(
        "donation",
        heading=own.donation_headline if own else "",
        text=text,
        url=campaign["url"],
        button=value.get("button") or (own.donation_button if own else "") or texts(language).donate,
    )


def newsroom_name(language: str) -> str:
    """The newsroom's name in this language, else in any, else Wagtail's name of the site."""
    names = dict(
        NewsroomText.objects.filter(newsroom__site__is_default_site=True).values_list("locale__language_code", "name")
    )
    return names.get(language) or next(iter(names.values()), "") or settings.WAGTAIL_SITE_NAME


def today(language: str) -> str:
    """Today's date in words."""
    return _date(timezone.now().isoformat(), language, time=False)


def _date(moment: Any, language: str, *, time: bool = True) -> str:
    """``14 January 2026, 16:30`` in the newsroom's time zone, for an RFC 3339 string."""
    if not moment:
        return ""
    local = datetime.fromisoformat(str(moment).replace("Z", "+00:00")).astimezone(ZoneInfo(settings.TIME_ZONE))
    with translation.override(language):
        day = date_format(local, "j E Y")
    return f"{day}, {local:%H:%M}" if time else day
