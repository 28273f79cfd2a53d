"""Pictures as podcast apps show them: JPEG, made when a page is published."""

import logging
from typing import Any

from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import AbstractImage, SourceImageIOError

from api.contract import absolute_url
from plugins.podcast import artwork

logger = logging.getLogger(__name__)
_CHAPTER = "max-1000x1000|format-jpeg|jpegquality-85|bgcolor-ffffff"


def artwork_of(image: AbstractImage | None) -> dict[str, Any] | None:
    """The picture; None where there is none that directories would take, or its file is gone."""
    if image is None or not artwork.is_fit(image):
        return None
    rendition = _rendition(image, artwork.RENDITION)
    if rendition is None:
        return None
    return {
        "url": absolute_url(rendition.url),
        "width": rendition.width,
        "height": rendition.height,
        "alt": image.description or "",
        "credit": image.credit,
    }


def chapter_image(image: AbstractImage | None) -> str | None:
    """The absolute address of a chapter's picture."""
    rendition = _rendition(image, _CHAPTER) if image else None
    return absolute_url(rendition.url) if rendition else None


def _rendition(image: AbstractImage, spec: str) -> Any:
    try:
        return image.get_rendition(spec)
    except (SourceImageIOError, InvalidFilterSpecError, OSError) as error:
        logger.warning("Image %s can't be rendered and is left out: %s", image.pk, error)
        return None
