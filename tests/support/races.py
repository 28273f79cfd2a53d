"""Two at once: something that goes on beside the test, and who waits for whom."""

import threading
from collections.abc import Callable

from django.db import connection


def meanwhile(work: Callable[[], object]) -> threading.Thread:
    """Begin this on a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def ended(thread: threading.Thread) -> None:
    """Wait for its end."""
    thread.join(timeout=30)
    assert not thread.is_alive()


def sessions_that_wait() -> int:
    """How many sessions of this database wait for what somebody else has locked.

    Looked up among locks: of other sessions' states a transaction sees one picture only.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks waiting JOIN pg_locks its USING (pid)"
            " WHERE NOT waiting.granted"
            " AND its.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return int(cursor.fetchone()[0])
