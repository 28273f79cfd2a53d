"""Structured data for search engines: https://schema.org/NewsArticle."""

from collections.abc import Callable
from typing import Any

from api.times import utc
from cms.content.models import ContentPage
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


def news_article(page: ContentPage) -> dict[str, Any]:
    """The page as a schema.org NewsArticle. Pictures and the publisher are the frontend's to add from the teaser."""
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": page.public_url,
        "headline": page.title,
        "description": page.search_description or page.lede,
        "inLanguage": page.locale.language_code,
        "datePublished": utc(page.published_at) if page.published_at else None,
        "dateModified": utc(page.last_published_at) if page.last_published_at else None,
        "author": [{"@type": "Person", "name": byline.author.name} for byline in page.bylines.all()],
        **({"articleSection": page.section.name} if page.section else {}),
        **({"isBasedOn": page.source_url} if page.source_url else {}),
    }
