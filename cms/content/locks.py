"""Locks that die with their holder, by which anybody can tell whether a sender lives.

PostgreSQL's advisory locks belong to a database session, so they go when the process does, however it ends:
``kill -9`` closes the socket, and for a machine that vanished TCP keepalives find out within half a minute.

The session is one of its own: a pool hands sessions around, and behind PgBouncer workers must be given a connection
in session mode.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from django.db import connection

_KEEPALIVES = {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
_SERVER_KEEPALIVES = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"


def own_session(name: str) -> psycopg.Connection:
    """A connection beside Django's pool, which would hand the locks to whoever comes next.

    ``name`` is what PostgreSQL's list of sessions shows.
    """
    parameters = {**connection.get_connection_params(), **_KEEPALIVES}
    session = psycopg.connect(**parameters, autocommit=True, application_name=name)
    session.execute(_SERVER_KEEPALIVES)
    return session


@contextmanager
def alone(key: int, name: str) -> Iterator[bool]:
    """Whether nobody else does what this key stands for; then nobody else can until the end of the block."""
    with closing(own_session(name)) as session:
        row = session.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone()
        yield bool(row and row[0])
