"""Pictures as the API shows them: what was made of them when they were uploaded or a page was published."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from wagtail.images.models import SourceImageIOError

from api.addresses import absolute_url
from cms.content.models import NewsroomImage
from cms.content.pictures import renditions
from cms.content.pictures.darkroom import FORMATS, UnreadableError
from cms.content.pictures.renditions import AT_LEAST, SPECS, WIDTHS, Renditions

logger = logging.getLogger(__name__)

_may_make: ContextVar[bool] = ContextVar("may_make", default=False)


@contextmanager
def making() -> Iterator[None]:
    """Within the block, what a picture needs to be shown is made if it isn't there: for whoever writes documents.

    Whoever answers a reader takes what there is.
    """
    token = _may_make.set(True)
    try:
        yield
    finally:
        _may_make.reset(token)


def describe(image: NewsroomImage | None, *, credit: str = "") -> dict[str, Any] | None:
    """The API's picture: words, size, colour, focal point, and renditions by name.

    None where there is none, its file is gone, or nothing is made of it yet. A format that is not made is not named.
    """
    if image is None:
        return None
    made = _renditions(image)
    if any((name, AT_LEAST) not in made for name in WIDTHS):
        return None
    return {
        "alt": image.description or "",
        "credit": credit or image.credit,
        "width": image.width,
        "height": image.height,
        "focal_point": _focal_point(image),
        "color": image.color or None,
        "renditions": {name: _rendition(made, name) for name in WIDTHS},
    }


def _renditions(image: NewsroomImage) -> Renditions:
    if not _may_make.get():
        return renditions.existing(image)
    try:
        return renditions.make(image, [AT_LEAST])
    except (UnreadableError, SourceImageIOError, OSError) as error:
        logger.warning("Image %s can't be rendered and is left out: %s", image.pk, error)
        return {}


def _rendition(made: Renditions, name: str) -> dict[str, Any]:
    shown = made[name, AT_LEAST]
    addresses = {format: absolute_url(made[name, format].url) for format in FORMATS if (name, format) in made}
    return {"url": addresses[AT_LEAST], "width": shown.width, "height": shown.height, "formats": addresses}


def _focal_point(image: NewsroomImage) -> dict[str, float] | None:
    """What a crop must keep, as fractions of width and height; None if no editor has marked it."""
    if image.focal_point_x is None or image.focal_point_y is None or not (image.width and image.height):
        return None
    return {
        "x": round(min(image.focal_point_x / image.width, 1), 4),
        "y": round(min(image.focal_point_y / image.height, 1), 4),
    }


def by_id(ids: set[int]) -> dict[int, NewsroomImage]:
    """Images with their renditions at hand, in two queries however many there are."""
    images = NewsroomImage.objects.filter(pk__in=ids).prefetch_renditions(*SPECS.values())
    return {image.pk: image for image in images}
