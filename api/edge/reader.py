"""Connections on which the lane reads: one a thread, beside Django's, read only, and no statement longer than 2 s."""

import threading
from typing import Any

import psycopg

from api.edge.listener import connection_parameters
from api.publications.database import STATEMENT_TIMEOUT, Params

_OPTIONS = (
    f"-c statement_timeout={STATEMENT_TIMEOUT} -c default_transaction_read_only=on -c jit=off"
    " -c plan_cache_mode=force_generic_plan"
)


class _Kept:
    """A connection that is closed with the thread that has it."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


class Reader(threading.local):
    """Runs statements of the read side."""

    _kept: _Kept | None = None

    def fetch(self, sql: str, params: Params, *, walks: bool = False) -> list[tuple[Any, ...]]:
        """All rows of this statement. One that ``walks`` is prepared and planned once, any other for its parameters.

        A connection that was lost is made anew once. Raises ``psycopg.Error``.
        """
        if self._kept is not None and not self._kept.connection.closed:
            try:
                return _run(self._kept.connection, sql, params, walks)
            except psycopg.errors.QueryCanceled:
                raise
            except psycopg.OperationalError:
                self.close()
        self._kept = _Kept(_connect())
        return _run(self._kept.connection, sql, params, walks)

    def close(self) -> None:
        """Close this thread's connection; the next question makes one anew."""
        self._kept = None


def _run(connection: psycopg.Connection[Any], sql: str, params: Params, walks: bool) -> list[tuple[Any, ...]]:
    if walks:
        return connection.execute(sql, params, prepare=True).fetchall()
    # With its parameters written into it, a statement is planned for them.
    with psycopg.ClientCursor(connection) as cursor:
        return cursor.execute(sql, params).fetchall()


def _connect() -> psycopg.Connection[Any]:
    parameters = connection_parameters()
    options = f"{parameters.pop('options', '')} {_OPTIONS}".strip()
    return psycopg.connect(**parameters, options=options, autocommit=True)
