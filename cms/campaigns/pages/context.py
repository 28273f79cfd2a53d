"""What the donation page shows, put together from the public document and the totals: plain values, ready to print."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from wagtail.models import Site

from cms.campaigns.models.campaign import Campaign, State, state_of
from cms.campaigns.models.donation import Donation
from cms.campaigns.money import LEAST, MOST, NO_BREAK, SYMBOLS, format_money
from cms.campaigns.pages.plugged import plugin_html
from cms.campaigns.pages.texts import SCRIPT, donors_text, texts
from cms.campaigns.services.donations import gateways_of
from cms.campaigns.services.progress import ProgressFigures
from cms.campaigns.statuses import Status
from cms.content.models import NewsroomSettings, NewsroomText

#: How many names of donors the page lists.
NAMES = 12
_HERE = Path(__file__).parent
_IN_FIGURES = re.compile(r"(?<=[0-9]) (?=[0-9]{3}\b|[₴€$%])")


@dataclass(frozen=True)
class Newsroom:
    """Who asks: the newsroom's name in the page's language, and its logo's file, if it has one."""

    name: str
    logo: str = ""  # name of the original in the default storage


@dataclass(frozen=True)
class PageInputs:
    """All that a built page depends on. The same inputs make the same page."""

    document: dict[str, Any]
    plugin_html: dict[str, str]  # by the id of the block
    figures: ProgressFigures
    donors: list[str]
    state: str
    gateways: dict[str, str]
    newsroom: Newsroom
    base_url: str
    frontend_url: str

    @property
    def fingerprint(self) -> str:
        figures = {**asdict(self.figures), "updated_at": ""}
        whole = {**asdict(self), "figures": figures, "template": template_version()}
        return hashlib.sha256(json.dumps(whole, sort_keys=True, default=str).encode()).hexdigest()


def collect(document: dict[str, Any], figures: ProgressFigures, campaign_id: int) -> PageInputs:
    """Gather what the page of this public document shows now."""
    locale = document["locale"]
    campaign = Campaign.objects.get(pk=campaign_id)
    gateways = gateways_of(campaign.gateways, figures.currency)
    return PageInputs(
        document=document,
        plugin_html=plugin_html(document),
        figures=figures,
        donors=last_donors(campaign_id),
        state=state_of(_moment(document.get("starts_at")), _moment(document.get("ends_at"))),
        gateways={label: gateway.name for label, gateway in gateways.items()},
        newsroom=newsroom(locale),
        base_url=settings.BASE_URL,
        frontend_url=settings.FRONTEND_URL,
    )


def last_donors(campaign_id: int) -> list[str]:
    """The names of the last who paid and don't mind being named."""
    named = Donation.objects.filter(campaign_id=campaign_id, status=Status.PAID, anonymous=False).exclude(name="")
    return list(named.order_by("-paid_at", "-created_at").values_list("name", flat=True)[:NAMES])


def newsroom(locale: str) -> Newsroom:
    """The newsroom's public name and logo."""
    site = Site.objects.filter(is_default_site=True).first()
    found = NewsroomSettings.objects.filter(site=site).select_related("logo").first() if site else None
    if found is None:
        return Newsroom(name=settings.WAGTAIL_SITE_NAME)
    by_locale = dict(NewsroomText.objects.filter(newsroom=found).values_list("locale__language_code", "name"))
    name = by_locale.get(locale) or next(iter(by_locale.values()), settings.WAGTAIL_SITE_NAME)
    return Newsroom(name=name, logo=found.logo.file.name if found.logo else "")


def template_version() -> str:
    """The hash of everything the page is made with, so that a new release builds every page anew."""
    templates = _HERE.parent / "templates/campaigns"
    files = sorted([*_HERE.glob("*.py"), *_HERE.glob("assets/*"), *templates.rglob("*.html")])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files if file.is_file())).hexdigest()[:16]


def page_context(inputs: PageInputs, *, assets: dict[str, str], version: str) -> dict[str, Any]:
    """The template's variables."""
    document, figures = inputs.document, inputs.figures
    locale, currency = document["locale"], figures.currency
    words = texts(locale)
    url = f"{inputs.base_url}/donate/{document['slug']}/"
    raised, goal = (format_money(max(0, each), currency, locale) for each in (figures.raised, figures.goal))
    suggested = [
        {"minor": amount, "text": format_money(amount, currency, locale)}
        for amount in document.get("suggested_amounts") or []
    ]
    running = inputs.state == State.RUNNING
    return {
        "t": words,
        "locale": locale,
        "doc": document,
        "story": [{**block, "html": inputs.plugin_html.get(block["id"], "")} for block in document.get("body") or []],
        "headline": keep_together(document["headline"]),
        "lede": keep_together(document["lede"]),
        "url": url,
        "path": f"/donate/{document['slug']}/",
        "card": f"{url}card.png?v={version[-8:]}",
        "assets": assets,
        "newsroom": inputs.newsroom,
        "frontend_url": f"{inputs.frontend_url}/{locale}/",
        "state": inputs.state,
        "notice": _notice(inputs, words),
        "open": running and bool(inputs.gateways),
        "no_gateway": running and not inputs.gateways,
        "raised": raised,
        "goal": goal,
        "bar": {"value": max(0, min(figures.raised, figures.goal)), "max": figures.goal},
        "reached": words["reached"].format(percent=figures.percent),
        "donors_text": donors_text(figures.donors, locale),
        "donors": inputs.donors,
        "suggested": suggested,
        "chosen": suggested[(len(suggested) - 1) // 2]["minor"] if suggested else None,
        "own_label": words["own_label"].format(currency=SYMBOLS[currency]),
        "gateways": inputs.gateways,
        "currency": currency,
        "action": f"/api/v1/campaigns/{document['slug']}/donations/",
        "share": _share_links(url, document["headline"]),
        "updated": _date(timezone.now(), locale, with_time=True),
        "other_languages": [
            {"name": dict(settings.LANGUAGES).get(each["locale"], each["locale"]), **each}
            for each in document.get("translations") or []
        ],
        "script": {
            "slug": document["slug"],
            "locale": locale,
            "currency": currency,
            "goal": figures.goal,
            "raised": figures.raised,
            "donors": figures.donors,
            "least": LEAST[currency],
            "most": MOST[currency],
            "thank_you": document.get("thank_you") or "",
            "texts": {key: words[key] for key in SCRIPT},
        },
    }


def policy(inputs: PageInputs) -> str:
    """The page's Content-Security-Policy. Pictures may come from where the document says they are.

    ``form-action https:`` is for donors without JavaScript: browsers check it against the redirect to the checkout.
    """
    pictures = sorted({f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, _picture_urls(inputs.document))})
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            " ".join(["img-src 'self'", *pictures]),
            "connect-src 'self'",
            "form-action 'self' https:",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


def _picture_urls(value: Any) -> list[str]:
    if isinstance(value, dict):
        if "renditions" in value:
            return [each["url"] for each in value["renditions"].values()]
        return [url for each in value.values() for url in _picture_urls(each)]
    if isinstance(value, list):
        return [url for each in value for url in _picture_urls(each)]
    return []


def keep_together(text: str) -> str:
    """Text in which a line never breaks inside a figure, or between a figure and its sign: 500 000 ₴."""
    return _IN_FIGURES.sub(NO_BREAK, text)


def _notice(inputs: PageInputs, words: dict[str, str]) -> str:
    locale = inputs.document["locale"]
    if inputs.state == State.UPCOMING:
        return words["begins"].format(date=_date(_moment(inputs.document["starts_at"]), locale))
    if inputs.state == State.ENDED:
        return words["ended"]
    ends_at = _moment(inputs.document.get("ends_at"))
    return words["until"].format(date=_date(ends_at, locale)) if ends_at else ""


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def _date(moment: datetime | None, locale: str, *, with_time: bool = False) -> str:
    if moment is None:
        return ""
    with translation.override(locale):
        local = timezone.localtime(moment)
        # E: the month as it stands in a date, which in Ukrainian and Russian is another form of the word.
        return date_format(local, "j E Y, H:i" if with_time else "j E Y")


def _share_links(url: str, headline: str) -> list[dict[str, str]]:
    at, text = quote(url, safe=""), quote(headline, safe="")
    return [
        {"name": "Telegram", "url": f"https://t.me/share/url?url={at}&text={text}"},
        {"name": "Facebook", "url": f"https://www.facebook.com/sharer/sharer.php?u={at}"},
        {"name": "WhatsApp", "url": f"https://wa.me/?text={text}%20{at}"},
        {"name": "", "url": f"mailto:?subject={text}&body={at}"},
    ]


def progress_document(inputs: PageInputs) -> dict[str, Any]:
    """The totals at the time of the build, for readers while the API can't be reached."""
    figures = inputs.figures
    return {
        "campaign": inputs.document["slug"],
        "currency": figures.currency,
        "goal": figures.goal,
        "raised": figures.raised,
        "donors": figures.donors,
        "percent": figures.percent,
        "updated_at": figures.updated_at.isoformat().replace("+00:00", "Z"),
    }
