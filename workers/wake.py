"""Wakes the worker when a transaction that wrote to the outbox commits."""

import logging
from typing import Any

from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def on_outbox_written(**kwargs: Any) -> None:
    """Ask for one drain when the current transaction commits, however many rows it writes."""
    connection = transaction.get_connection()
    already_asked = any(callback is _wake for _ids, callback, _robust in connection.run_on_commit)
    if not already_asked:
        transaction.on_commit(_wake)


def _wake() -> None:
    from workers.tasks.background import drain_outbox

    try:
        drain_outbox.apply_async(retry=False)
    except OperationalError as error:
        # The row is written and beat will find it: what the editor did is done, only later seen.
        logger.warning("The broker can't be reached; the outbox waits for the next sweep: %s", error)
