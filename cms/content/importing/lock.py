"""One import at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

#: The key of PostgreSQL's advisory lock; the number says nothing, it must only be nobody else's.
_KEY = 0x05_7219


class ImportRunningError(Exception):
    """Another import holds the lock."""


@contextmanager
def only_import() -> Iterator[None]:
    """Hold the lock of imports. It belongs to the database session: it is free again when a killed import's is gone.

    Raises ImportRunningError if another import runs.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_KEY])
        if not cursor.fetchone()[0]:
            raise ImportRunningError("Another import is running. Try again when it is done.")
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_KEY])
