"""Sitemaps (https://www.sitemaps.org/protocol.html): an index, and parts of at most ``PART`` addresses.

A part holds the pages of one language whose ids lie in one range. So it is found by one range of an index however many
pages there are, and a page stays in its part for ever: what is published today changes one part and leaves the others
as search engines know them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, IntegerField, Max, OuterRef, TextField
from django.db.models.functions import JSONObject
from lxml import etree

from api.addresses import absolute_url
from api.feeds.xml import add, address, document
from api.publications.models import Publication, PublicationQuerySet
from api.times import utc
from cms.content.models import TeaserPage

CONTENT_TYPE = "application/xml; charset=utf-8"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
#: Ids of pages in one part, and so addresses at most. The protocol allows 50,000.
PART = 10_000


@dataclass(frozen=True)
class Part:
    """One part: its language, its number from 1, and when the newest of its pages was changed."""

    locale: str
    number: int
    updated_at: datetime

    @property
    def path(self) -> str:
        return f"/sitemaps/{self.locale}-{self.number}.xml"


@dataclass(frozen=True)
class Entry:
    """One address, and the same page in all its languages (itself too) if it has several."""

    url: str
    updated_at: datetime
    languages: dict[str, str]


def parts() -> list[Part]:
    """The parts that hold anything. One query."""
    number = Func(F("pk"), template=f"(%(expressions)s / {PART} + 1)", output_field=IntegerField())
    rows = _openable().annotate(number=number).values("locale", "number").annotate(newest=Max("updated_at"))
    return [Part(*row) for row in rows.order_by("locale", "number").values_list("locale", "number", "newest")]


def entries(locale: str, number: int) -> list[Entry]:
    """What one part holds, by the ids of the pages; empty if there is no such part. One query."""
    start = (number - 1) * PART
    others = _openable().filter(translation_key=OuterRef("translation_key"), type=OuterRef("type"))
    rows = (
        _openable()
        .filter(locale=locale, pk__gte=start, pk__lt=start + PART)
        .annotate(url=_url(), others=ArraySubquery(others.exclude(pk=OuterRef("pk")).values(json=_language())))
        .order_by("pk")
        .values_list("url", "updated_at", "others")
    )
    return [_entry(locale, *row) for row in rows if row[0]]


def write_index(of: Iterable[Part]) -> bytes:
    """The index of these parts."""
    root = etree.Element(f"{{{SITEMAP}}}sitemapindex", nsmap={None: SITEMAP})
    for part in of:
        sitemap = add(root, f"{{{SITEMAP}}}sitemap")
        add(sitemap, f"{{{SITEMAP}}}loc", absolute_url(part.path))
        add(sitemap, f"{{{SITEMAP}}}lastmod", moment(part.updated_at))
    return document(root)


def write_part(of: Iterable[Entry]) -> bytes:
    """One part. Languages are told as https://developers.google.com/search/docs/specialty/international has it."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "xhtml": XHTML})
    for entry in of:
        url = add(root, f"{{{SITEMAP}}}url")
        add(url, f"{{{SITEMAP}}}loc", address(entry.url))
        add(url, f"{{{SITEMAP}}}lastmod", moment(entry.updated_at))
        for locale, translation in entry.languages.items():
            add(url, f"{{{XHTML}}}link", rel="alternate", hreflang=locale, href=address(translation))
    return document(root)


def _openable() -> PublicationQuerySet:
    """What readers open at an address of its own, front pages too. A teaser's address is that of something else."""
    return Publication.objects.visible().exclude(type=TeaserPage.get_type_name())


def _url() -> Func:
    """The address in the teaser: only the page's type knows it (a campaign's is not the frontend's)."""
    return Func(F("teaser"), template="(%(expressions)s::json ->> 'url')", output_field=TextField())


def _language() -> JSONObject:
    return JSONObject(locale="locale", url=_url())


def _entry(locale: str, url: str, updated_at: datetime, others: list[dict[str, Any]]) -> Entry:
    languages = {locale: url, **{each["locale"]: each["url"] for each in others}} if others else {}
    return Entry(url, updated_at, dict(sorted(languages.items())))


def moment(at: datetime) -> str:
    """A W3C datetime, to the second."""
    return utc(at.replace(microsecond=0))
