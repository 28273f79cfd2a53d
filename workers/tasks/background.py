"""Tasks of the queue ``background``: the outbox, and the length of the log of changes."""

from celery import shared_task

from api import purging
from api.publications import changes
from workers import outbox


@shared_task(name="outbox.drain")
def drain_outbox() -> None:
    """Hand due outbox events to their handlers."""
    outbox.drain()


@shared_task(name="outbox.forget")
def forget_done_events() -> None:
    """Delete outbox events that were done days ago."""
    outbox.forget_done()


@shared_task(name="changes.forget")
def forget_superseded_changes() -> None:
    """Delete rows of the log of changes that later ones of the same page have superseded long ago."""
    changes.forget_superseded()
    purging.forget_old()
