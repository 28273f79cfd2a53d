"""What follows from an upload: the sizes of its photos are made while the editor writes captions."""

from typing import Any

from api.contract import ImageShape
from cms.contract import NewsroomImage
from workers.contract import on, plugin_task


@on("gallery.photos_added")
def photos_added(payload: dict[str, Any]) -> None:
    # At once, not after the commit: without a broker this share of the event fails and is tried again. The photos
    # were there before it.
    make_renditions.delay(payload["images"])


@plugin_task("gallery")
def make_renditions(image_ids: list[int]) -> None:
    """Make the sizes that readers get. Publishing would make them too, and keep the editor waiting for all of them."""
    for image in NewsroomImage.objects.filter(pk__in=image_ids).prefetch_renditions():
        ImageShape().to_representation(image)
