"""Tasks of the queue ``background``: the outbox."""

from celery import shared_task

from workers import outbox


@shared_task(name="outbox.drain")
def drain_outbox() -> None:
    """Hand due outbox events to their handlers."""
    outbox.drain()


@shared_task(name="outbox.forget")
def forget_done_events() -> None:
    """Delete outbox events that were done days ago."""
    outbox.forget_done()
