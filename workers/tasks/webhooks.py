"""Tasks of the outbound webhooks, on the queue ``background``: one of them at a time sends, so that receivers that
are slow to answer take no more than one process from the others."""

from typing import Any

from celery import shared_task
from django.db import transaction

from cms.webhooks import notices, sending, services
from workers.asking import ask_once, begun
from workers.events import CONTENT_CHANGED, on

#: How long one task sends before it lets others have its process, in seconds.
SECONDS_A_TURN = 10.0
_ASKED = "webhooks:asked"


@shared_task(name="webhooks.send")
def send_webhooks() -> None:
    """Tell endpoints what has changed, for a while. A second one finds that somebody is at it."""
    begun(_ASKED)
    if sending.send_due(SECONDS_A_TURN) and sending.has_work():
        send_webhooks.delay()


@shared_task(name="webhooks.forget")
def forget_old() -> None:
    """Delete what was sent long ago from the ledger."""
    services.forget_old()


@shared_task(name="webhooks.tell_paused", autoretry_for=(OSError,), retry_backoff=60, max_retries=5)
def tell_paused(endpoint: int) -> None:
    """Write to those who look after an endpoint that it was paused."""
    notices.mail_paused(endpoint)


@on(*CONTENT_CHANGED, "webhooks.wanted")
def something_changed(payload: dict[str, Any]) -> None:
    """Look at once; beat would look in some seconds."""
    ask_once(_ASKED, send_webhooks.delay)


@on("webhooks.paused")
def endpoint_paused(payload: dict[str, Any]) -> None:
    """An endpoint gets nothing any more, and nobody asked for that."""
    transaction.on_commit(lambda: tell_paused.delay(payload["endpoint"]))
