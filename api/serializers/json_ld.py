"""Structured data for search engines: https://schema.org/NewsArticle."""

from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any

from django.utils.html import strip_tags

from api.addresses import frontend_url
from api.serializers import publishers
from api.times import utc
from cms.content.models import ContentCorrection, ContentPage
from cms.registry.claims import claim
from cms.registry.discovery import PluginError
from cms.registry.owners import owner_of

JsonLd = dict[str, Any]
_makers: dict[type[ContentPage], Callable[[Any, JsonLd], JsonLd]] = {}


def structured_data(
    model: type[ContentPage],
) -> Callable[[Callable[[Any, JsonLd], JsonLd]], Callable[[Any, JsonLd], JsonLd]]:
    """Register the function that makes a type's structured data of a page and its common NewsArticle."""

    def register(function: Callable[[Any, JsonLd], JsonLd]) -> Callable[[Any, JsonLd], JsonLd]:
        if owner_of(function) != owner_of(model):
            raise PluginError(
                f"Plugin {owner_of(function)!r}: {function.__name__} makes structured data of {model.__name__}, "
                "which is no type of its own."
            )
        claim("structured data of the type", model._meta.label, owner_of(function), by=function.__name__)
        _makers[model] = function
        return function

    return register


def json_ld(page: ContentPage) -> JsonLd:
    """The page's structured data: its type's own, else a NewsArticle."""
    make = _makers.get(type(page))
    return make(page, news_article(page)) if make else news_article(page)


def news_article(page: ContentPage) -> JsonLd:
    """The page as a schema.org NewsArticle, with all that search engines recommend and we know.

    https://developers.google.com/search/docs/appearance/structured-data/article. Always there are ``description``,
    ``author``, ``datePublished`` and ``dateModified`` (null in the preview of what never was published), so that a
    plugin can count on them.
    """
    locale = page.locale.language_code
    publisher = publishers.publisher(locale)
    published_at = page.published_at or page.first_published_at
    document: JsonLd = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": page.public_url,
        "url": page.public_url,
        "headline": page.title,
        "description": page.search_description or page.lede,
        "inLanguage": locale,
        "datePublished": utc(published_at) if published_at else None,
        "dateModified": utc(_changed_at(page, published_at)) if published_at else None,
        "author": _authors(page, locale) or [publisher],
        "publisher": publisher,
        "isAccessibleForFree": True,
    }
    if images := publishers.pictures(page.image):
        document["image"] = images
    if page.section:
        document["articleSection"] = page.section.name
    if keywords := [item.tag.name for item in page.tag_items.all()]:
        document["keywords"] = keywords
    if corrections := [_correction(each) for each in page.corrections.all()]:
        document["correction"] = corrections
    return {**document, **_source(page)}


def _changed_at(page: ContentPage, published_at: datetime) -> datetime:
    """Never before its publication, which editors may set to the moment at which something was printed."""
    return max(page.last_published_at or published_at, published_at)


def _authors(page: ContentPage, locale: str) -> list[JsonLd]:
    return [
        {
            "@type": "Person",
            "name": byline.author.name,
            "url": frontend_url("author", locale, byline.author.slug),
        }
        for byline in page.bylines.all()
    ]


def _correction(correction: ContentCorrection) -> JsonLd:
    """https://schema.org/CorrectionComment"""
    return {
        "@type": "CorrectionComment",
        "text": " ".join(unescape(strip_tags(correction.text.replace("<", " <"))).split()),
        "datePublished": utc(correction.made_at),
    }


def _source(page: ContentPage) -> JsonLd:
    """Whom the text is credited to, and what it is based on."""
    found: JsonLd = {}
    if page.source_url:
        found["isBasedOn"] = page.source_url
    if page.source_name:
        url = {"url": page.source_url} if page.source_url else {}
        found["sourceOrganization"] = {"@type": "Organization", "name": page.source_name, **url}
    return found
