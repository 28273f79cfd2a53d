"""Tasks that tell a CDN what has changed, on the queue ``background``. Without a CDN they find nothing to do."""

from typing import Any

from celery import shared_task

from api import purging
from workers.asking import ask_once, begun
from workers.events import CONTENT_CHANGED, on

#: What changes within this many seconds goes in one call: services count calls.
GATHER = 1
_ASKED = "cdn:asked"


@shared_task(name="cdn.purge")
def purge() -> None:
    """Tell the CDN what has changed. Beat asks every few seconds, so a failure is tried again."""
    begun(_ASKED)
    while purging.purge_due():
        pass


@on(*CONTENT_CHANGED)
def something_changed(payload: dict[str, Any]) -> None:
    """Look soon; beat would look in some seconds, and so finds what no event tells of."""
    if purging.is_configured():
        ask_once(_ASKED, lambda: purge.apply_async(countdown=GATHER))
