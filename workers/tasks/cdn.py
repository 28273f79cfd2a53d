"""Tasks that tell a CDN what has changed, on the queue ``background``. Without a CDN they find nothing to do."""

from typing import Any

from celery import shared_task
from django.core.cache import cache
from django.db import transaction

from api import purging
from workers.events import on

#: What changes within this many seconds goes in one call: services count calls.
GATHER = 1
_ASKED = "cdn:asked"


@shared_task(name="cdn.purge")
def purge() -> None:
    """Tell the CDN what has changed. Beat asks every few seconds, so a failure is tried again."""
    cache.delete(_ASKED)
    while purging.purge_due():
        pass


@on(
    "content.published", "content.unpublished", "content.deleted", "content.moved", "content.privacy",
    "plugin.switched",
)  # fmt: skip
def something_changed(payload: dict[str, Any]) -> None:
    """Look soon; beat would look in some seconds, and so finds what no event tells of."""
    if purging.is_configured() and cache.add(_ASKED, 1, timeout=10):
        transaction.on_commit(lambda: purge.apply_async(countdown=GATHER))
