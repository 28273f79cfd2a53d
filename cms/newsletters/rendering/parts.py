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
from cms.newsletters.rendering.plugged import block_in_mail, owner_of_type, teaser_in_mail
from cms.newsletters.rendering.richtext import mail_html, plain_text
from cms.newsletters.texts import texts
from cms.registry.blocks import MailPart
from cms.registry.faults import contained


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
    language = edition.locale.language_code
    chosen = [
        (block.block_type, block_in_mail(block.block_type, block.value, language) or block.value)
        for block in edition.content
    ]
    teasers = teasers_for(_referenced(chosen)) if chosen else {}
    return [part for kind, value in chosen for part in _parts(kind, value, teasers, language)]


def _referenced(chosen: Iterable[tuple[str, Any]]) -> Iterator[int]:
    for kind, value in chosen:
        if isinstance(value, MailPart):
            yield from value.page_ids
        elif kind == "teasers":
            yield from (page.pk for page in value["pages"] if page)
        elif kind == "donation_call" and value.get("campaign"):
            yield value["campaign"].pk


def _parts(kind: str, value: Any, teasers: dict[int, dict[str, Any]], language: str) -> Iterator[Part]:
    """What one block becomes: nothing, or one part; a plugin's up to three."""
    if isinstance(value, MailPart):
        yield from _plugin_parts(value, teasers, language)
    elif kind == "paragraph":
        yield from _text(mail_html(value.source))
    elif kind == "heading":
        yield Part("heading", heading=value["text"])
    elif kind == "divider":
        yield Part("divider")
    elif kind == "teasers":
        yield from _teasers(value.get("heading") or "", (page.pk for page in value["pages"] if page), teasers, language)
    elif kind == "donation_call" and (call := _donation(value, teasers, language)):
        yield call


def _plugin_parts(made: MailPart, teasers: dict[int, dict[str, Any]], language: str) -> Iterator[Part]:
    text = list(_text(made.html))
    if made.heading and (text or not made.page_ids):
        yield Part("heading", heading=made.heading)
    yield from text
    yield from _teasers("" if text else made.heading, made.page_ids, teasers, language)


def _text(html: str) -> Iterator[Part]:
    if text := plain_text(html):
        yield Part("text", html=html, text=text)


def _teasers(heading: str, ids: Iterable[int], teasers: dict[int, dict[str, Any]], language: str) -> Iterator[Part]:
    if items := [item for pk in ids if pk in teasers and (item := _shown(teasers[pk], language))]:
        yield Part("teasers", heading=heading, items=items)


def _shown(teaser: dict[str, Any], language: str) -> Item | None:
    """None, and noted, for what can't be shown: a teaser that lacks something keeps no edition from its readers."""
    with contained(f"teaser of page {teaser.get('id')} in mail", owner_of_type(teaser.get("type"))):
        return _item(teaser, language)
    return None


def _item(teaser: dict[str, Any], language: str) -> Item:
    own = teaser_in_mail(teaser, language)
    note = own.note if own else ""
    headline, url = (own.headline, own.url) if own else (teaser["headline"], teaser["url"])
    if not (headline and isinstance(headline, str)):
        raise ValueError(f"A teaser in mail must have a headline, not {headline!r}.")
    if not str(url).startswith(("https://", "http://")):
        raise ValueError(f"A teaser in mail must open an address that begins with https://, not {url!r}.")
    return Item(
        headline=headline,
        lede=str((own.lede if own else teaser.get("lede")) or ""),
        url=str(url),
        section="" if note else str((teaser.get("section") or {}).get("name") or ""),
        date=note or _date(teaser.get("published_at"), language),
        image=_image(teaser.get("image") or {}),
    )


def _image(image: dict[str, Any]) -> dict[str, Any] | None:
    rendition = (image.get("renditions") or {}).get("medium") or {}
    # Outlook on Windows shows no WebP.
    url = (rendition.get("formats") or {}).get("jpeg") or rendition.get("url")
    return {**rendition, "url": url, "alt": image.get("alt") or ""} if url else None


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
