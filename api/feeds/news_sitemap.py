"""The Google News sitemap: what was published in the last two days, in every language.

https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from api.feeds.items import address_of
from api.feeds.sitemaps import SITEMAP, moment
from api.feeds.xml import add, address, document, line
from api.newsroom import names
from api.parameters import LOCALES
from api.publications.models import Publication, PublicationQuerySet
from cms.content.models import TeaserPage

NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
#: How long a text is news, and how many of them one sitemap may hold.
WINDOW, MOST = timedelta(hours=48), 1_000


@dataclass(frozen=True)
class News:
    """One text: its address, language and headline, and when it was published and changed."""

    url: str
    locale: str
    headline: str
    published_at: datetime
    updated_at: datetime


def latest(now: datetime) -> list[News]:
    """What lists show of the last two days, newest first: the start of an index in each language. One query.

    Without teasers of their own: their address is that of something else.
    """
    found = _texts().filter(published_at__gte=now - WINDOW)
    columns = found.values_list("teaser", "locale", "published_at", "updated_at")[:MOST]
    read = [(json.loads(teaser), *others) for teaser, *others in columns]
    return [
        News(address_of(teaser), locale, teaser.get("headline") or "", published_at, updated_at)
        for teaser, locale, published_at, updated_at in read
        if teaser.get("url")
    ]


def turns(of: Iterable[News], now: datetime) -> tuple[datetime | None, datetime | None]:
    """When a text last ceased to be news, and when the first of these will. One query."""
    before = _texts().filter(published_at__lt=now - WINDOW).values_list("published_at", flat=True).first()
    oldest = min((each.published_at for each in of), default=None)
    return before and before + WINDOW, oldest and oldest + WINDOW


def _texts() -> PublicationQuerySet:
    rows = Publication.objects.visible().filter(locale__in=LOCALES, listed=True)
    return rows.exclude(type=TeaserPage.get_type_name()).order_by("-published_at", "-pk")


def write(of: Iterable[News]) -> bytes:
    """The sitemap of these. The names of the newsroom are one more query."""
    publication = names()
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "news": NEWS})
    for each in of:
        url = add(root, f"{{{SITEMAP}}}url")
        add(url, f"{{{SITEMAP}}}loc", address(each.url))
        add(url, f"{{{SITEMAP}}}lastmod", moment(each.updated_at))
        news = add(url, f"{{{NEWS}}}news")
        whose = add(news, f"{{{NEWS}}}publication")
        add(whose, f"{{{NEWS}}}name", line(publication[each.locale]))
        add(whose, f"{{{NEWS}}}language", each.locale)
        add(news, f"{{{NEWS}}}publication_date", moment(each.published_at))
        add(news, f"{{{NEWS}}}title", line(each.headline))
    return document(root)
