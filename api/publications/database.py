"""Raw reads of what is public: on Django's connection, or by a reader of one's own outside Django's request machinery.

The statements are the same on both. Times that they give are aware; of which zone is the connection's to say.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.db import OperationalError, connection
from psycopg.errors import QueryCanceled
from psycopg.pq import TransactionStatus

from api.problems import Unavailable

Params = Sequence[Any] | Mapping[str, Any]
#: Milliseconds that one statement of the read side may take.
STATEMENT_TIMEOUT = 2000


class Reader(Protocol):
    """Whatever runs a statement and gives its rows. Raises ``psycopg.Error``."""

    def fetch(self, sql: str, params: Params, *, walks: bool = False) -> list[tuple[Any, ...]]: ...


_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)


def fetch(sql: str, params: Params = (), *, walks: bool = False) -> list[tuple[Any, ...]]:
    """All rows of one statement, on Django's connection unless a reader is in ``use``.

    Placeholders are psycopg's; cast them (``%s::text[]``): with a reader the server binds and prepares them. ``walks``
    says that the best plan is the same whatever the parameters, so that it need be made only once. Raises
    ``django.db.OperationalError`` or, with a reader, ``psycopg.Error``.
    """
    reader = _reader.get()
    if reader is not None:
        return reader.fetch(sql, params, walks=walks)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@contextmanager
def use(reader: Reader) -> Iterator[None]:
    """Let ``fetch`` read by this reader within the block."""
    token = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(token)


@contextmanager
def limited(milliseconds: int = STATEMENT_TIMEOUT) -> Iterator[None]:
    """Let no statement on Django's connection take longer within the block. Raises Unavailable for one that does."""
    connection.ensure_connection()
    # Past Django's cursor: it isn't a query of the answer.
    raw = connection.connection
    raw.execute(f"SET statement_timeout = {int(milliseconds)}")
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise Unavailable("This question takes too long to answer. Please ask for less.") from error
        raise
    finally:
        # A transaction that failed takes the limit back itself; a connection that broke has none. One that was given
        # back within the block may be another thread's by now: whoever gives it back takes the limit away before.
        if connection.connection is raw and not raw.closed and raw.info.transaction_status != TransactionStatus.INERROR:
            raw.execute("RESET statement_timeout")
