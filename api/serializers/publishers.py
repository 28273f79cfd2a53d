"""The newsroom, and pictures, in structured data for search engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

from api.newsroom import newsroom
from api.publications import images

JsonLd = dict[str, Any]
_known: ContextVar[dict[str, JsonLd] | None] = ContextVar("publishers", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Look the newsroom up once a language within the block, however many pages are written in it."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def publisher(locale: str) -> JsonLd:
    """The newsroom as https://schema.org/NewsMediaOrganization in this language, with its logo if it has one."""
    known = _known.get()
    if known is None:
        return _publisher(locale)
    if locale not in known:
        known[locale] = _publisher(locale)
    return known[locale]


def _publisher(locale: str) -> JsonLd:
    whose = newsroom(locale)
    logo = get_image_model().objects.filter(pk=whose.logo_id).first() if whose.logo_id else None
    shown = pictures(logo)
    return {
        "@type": "NewsMediaOrganization",
        "name": whose.name,
        "url": f"{settings.FRONTEND_URL}/{locale}/",
        **({"logo": shown[0]} if shown else {}),
    }


def pictures(image: AbstractImage | None) -> list[JsonLd]:
    """Every size and ratio of a picture that there is, the largest first, each an https://schema.org/ImageObject."""
    described = images.describe(image)
    if not described:
        return []
    by_address = {each["url"]: each for each in described["renditions"].values()}
    largest_first = sorted(by_address.values(), key=lambda each: (each["width"], each["height"]), reverse=True)
    return [_image_object(each, described) for each in largest_first]


def _image_object(rendition: JsonLd, described: JsonLd) -> JsonLd:
    url = (rendition.get("formats") or {}).get("jpeg") or rendition["url"]
    words = {"caption": described["alt"], "creditText": described["credit"]}
    return {
        "@type": "ImageObject",
        "url": url,
        "contentUrl": url,
        "width": f"{rendition['width']} px",  # https://schema.org/Distance has a unit
        "height": f"{rendition['height']} px",
        **{key: value for key, value in words.items() if value},
    }
