"""Structured data for search engines: https://schema.org/NewsArticle."""

from typing import Any

from api.times import utc
from cms.content.models import ContentPage


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
