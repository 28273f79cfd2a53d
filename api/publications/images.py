"""Pictures as the API shows them: renditions at fixed widths, made when a page is published, never in a GET."""

import logging
from typing import Any

from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import AbstractImage, SourceImageIOError

from api.addresses import absolute_url

logger = logging.getLogger(__name__)

#: Name of a rendition and its greatest width in pixels.
WIDTHS = {"small": 320, "medium": 640, "large": 1280}
_SPECS = {name: f"width-{width}|format-webp|webpquality-80" for name, width in WIDTHS.items()}


def describe(image: AbstractImage | None, *, credit: str = "") -> dict[str, Any] | None:
    """The API's picture: words, size, and renditions by name. None where there is none or its file is gone."""
    if image is None:
        return None
    try:
        by_spec = image.get_renditions(*_SPECS.values())
    except (SourceImageIOError, InvalidFilterSpecError, OSError) as error:
        logger.warning("Image %s can't be rendered and is left out: %s", image.pk, error)
        return None
    renditions = {
        name: {
            "url": absolute_url(by_spec[spec].url),
            "width": by_spec[spec].width,
            "height": by_spec[spec].height,
        }
        for name, spec in _SPECS.items()
    }
    return {
        "alt": image.description or "",
        "credit": credit or image.credit,
        "width": image.width,
        "height": image.height,
        "renditions": renditions,
    }


def by_id(ids: set[int]) -> dict[int, AbstractImage]:
    """Images with their renditions at hand, in two queries however many there are."""
    return {
        image.pk: image for image in get_image_model().objects.filter(pk__in=ids).prefetch_renditions(*_SPECS.values())
    }
