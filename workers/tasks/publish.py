"""Tasks of the queue ``publish``: what follows from a change of content, and what falls due by the clock."""

from functools import partial
from typing import Any

from celery import shared_task
from django.db import OperationalError, transaction
from wagtail.images.models import SourceImageIOError
from wagtail.models import Page

from api.publications import reconcile, writer
from cms.content import scheduling
from cms.content.outbox import record
from cms.content.pictures import renditions
from cms.content.types import content_types
from cms.registry.blocks import plugin_blocks
from cms.registry.owners import owner_of
from cms.registry.states import is_active, is_running
from workers.events import on

#: Pages rewritten by one task when a name, an image or a folder changes.
FAN_OUT = 200
#: Publications that one transaction marks as stale.
MARKED = 2000
#: Seconds after which the sweep of pictures leaves the worker to others; it comes back at once.
FINISHING = 10


@shared_task(name="publish.scheduled")
def publish_scheduled() -> None:
    """Publish and expire the pages whose moment has come."""
    scheduling.run_due()


@shared_task(name="publish.reconcile")
def reconcile_publications() -> None:
    """Make publications match the live pages, and log what differed."""
    reconcile.reconcile()


@shared_task(name="publish.rewrite", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def rewrite_publications(page_ids: list[int]) -> None:
    """Write the publications of these pages anew."""
    writer.rewrite(page_ids)


@shared_task(
    name="publish.finish_image", autoretry_for=(OperationalError, SourceImageIOError), retry_backoff=True, max_retries=5
)
def finish_image(image_id: int) -> None:
    """Make the renditions that a picture lacks."""
    renditions.finish(image_id)


@shared_task(name="publish.finish_images")
def finish_images() -> None:
    """Make what pictures lack that came by an import, or whose task was lost."""
    renditions.finish_all(seconds=FINISHING)


@on("section.renamed", "author.renamed", "tag.renamed")
def fan_out_new_name(payload: dict[str, Any]) -> None:
    """Every publication that shows the name is written anew, in portions."""
    field = {"section": "section_id", "author": "bylines__author_id", "tag": "tag_items__tag_id"}[payload["kind"]]
    fan_out({"filters": {field: payload["id"]}})


@on("newsroom.changed")
def fan_out_newsroom(payload: dict[str, Any]) -> None:
    """The newsroom has another name or logo, which search engines are told with every text: all are written anew."""
    fan_out({"filters": {}})


@on("publish.fan_out")
def fan_out(payload: dict[str, Any]) -> None:
    """Publications that match these filters are written anew: a portion of them now, and the next by the next event.

    So each portion is marked in a transaction of its own, and editors wait for none longer than a moment.
    """
    ids = writer.published_ids(MARKED, before=payload.get("before"), **payload["filters"])
    _rewrite_later(ids)
    if len(ids) == MARKED:
        record("publish.fan_out", filters=payload["filters"], before=ids[-1])


@on("image.added", "image.changed")
def follow_image(payload: dict[str, Any]) -> None:
    """An image is new, has other words or another file, or is no more.

    Every publication that shows it is written anew with what there is. What it lacks is made, and that is a change.
    """
    _rewrite_later(payload.get("pages", []))
    if renditions.is_unfinished(payload["image"]):
        transaction.on_commit(partial(finish_image.delay, payload["image"]))


@on("image.retired")
def remove_retired_files(payload: dict[str, Any]) -> None:
    """The file of an image was replaced, and nothing names its renditions any more."""
    renditions.remove_retired(payload["files"])


@on("content.moved", "content.privacy")
def finish_tree(payload: dict[str, Any]) -> None:
    """Below a large folder the request that changed it wrote the first publications only; here are the others."""
    if page := Page.objects.filter(pk=payload["page"]).first():
        _rewrite_later(writer.unfinished(page))


@on("plugin.switched")
def follow_plugin(payload: dict[str, Any]) -> None:
    """A plugin works again, or no more: what its code renders is written anew, or left out."""
    label = payload["label"]
    if is_active(label) and not is_running(label):
        return  # it rests: what readers had stays
    ids = [pk for name, block in plugin_blocks().items() if block.owner == label for pk in writer.ids_with_block(name)]
    if is_running(label):
        # What could not be written meanwhile. Everything else was hidden, and is as it was.
        ids += writer.unwritten_ids(model for model in content_types().values() if owner_of(model) == label)
    _rewrite_later(list(dict.fromkeys(ids)))


def _rewrite_later(page_ids: list[int]) -> None:
    # Marked in the database first: if the broker forgets the tasks, reconciliation finds the marks.
    writer.mark_stale(page_ids)
    for start in range(0, len(page_ids), FAN_OUT):
        transaction.on_commit(partial(rewrite_publications.delay, page_ids[start : start + FAN_OUT]))
