"""Keeps readers in step with what entries show of other tables: the names of authors, and images."""

from typing import Any

from plugins.liveblog import services
from plugins.liveblog.models import LiveEntry
from workers.contract import on


@on("author.renamed")
def show_new_name(payload: dict[str, Any]) -> None:
    """An author has another name."""
    services.send_anew(LiveEntry.objects.filter(author=payload["id"]).values_list("pk", flat=True))


@on("image.changed")
def show_new_image(payload: dict[str, Any]) -> None:
    """An image has another file, credit or description."""
    services.send_anew(LiveEntry.objects.filter(image=payload["image"]).values_list("pk", flat=True))


@on("liveblog.image_deleted")
def leave_out_image(payload: dict[str, Any]) -> None:
    """An image of entries is gone; which ones had it was noted before."""
    services.send_anew(payload["entries"])
