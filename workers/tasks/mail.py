"""Tasks of the queue ``mail``. The ledger in the database is the record; these only make somebody look at it."""

from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import transaction

from cms.newsletters import sending, services
from workers.events import on

#: How long one task sends before it lets others have its process: the next task goes on where it stopped.
SECONDS_A_TURN = 10.0


@shared_task(name="mail.send")
def send_deliveries() -> None:
    """Send what is due for a while. A second one finds a free place among the senders, or nothing to do."""
    if sending.send_due(SECONDS_A_TURN) is sending.Outcome.MORE:
        send_deliveries.delay()


@shared_task(name="mail.confirmations")
def send_confirmations() -> None:
    """Send the due questions whether a subscription is wanted, for a while and one task at a time."""
    if sending.send_due_confirmations(seconds=SECONDS_A_TURN) and sending.has_due_confirmations():
        send_confirmations.delay()


@shared_task(name="mail.sweep")
def sweep() -> None:
    """Find everything that is due: dispatches to start, claims of dead senders, messages, finished dispatches."""
    sending.recover_dead_claims()
    services.start_due_dispatches()
    services.finish_dispatches()
    if sending.has_due_deliveries():
        _call_senders()
    if sending.has_due_confirmations():
        send_confirmations.delay()


@on("edition.dispatched")
def start_dispatch(payload: dict[str, Any]) -> None:
    """An editor asked for an edition to be sent: look at once, beat would look in some seconds."""
    transaction.on_commit(sweep.delay)


@on("subscription.requested")
def ask_for_confirmation(payload: dict[str, Any]) -> None:
    """Somebody asked for a newsletter."""
    transaction.on_commit(send_confirmations.delay)


def _call_senders() -> None:
    for _place in range(settings.MAIL_SENDERS):
        send_deliveries.delay()
