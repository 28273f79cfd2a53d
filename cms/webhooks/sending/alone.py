"""One sender at a time: whoever holds this lock knows that every other sender is dead.

The lock belongs to a database session of its own, which ends with the process, however it ends; behind PgBouncer
workers need a connection in session mode (as for mail).
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from django.db import connection

#: The key of the advisory lock: "webhooks" as bytes.
_KEY = 0x776562686F6F6B73
_KEEPALIVES = {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


@contextmanager
def alone() -> Iterator[bool]:
    """Whether nobody else sends; then nobody else can until the end of the block."""
    parameters = {**connection.get_connection_params(), **_KEEPALIVES}
    with closing(psycopg.connect(**parameters, autocommit=True, application_name="ostriv webhooks")) as session:
        row = session.execute("SELECT pg_try_advisory_lock(%s)", [_KEY]).fetchone()
        yield bool(row and row[0])
