"""How many SQL statements a request takes, counted where nobody can forget one: in PostgreSQL's own log."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

#: A statement with all its lines: PostgreSQL indents those after the first.
_STATEMENT = re.compile(rb"(?:statement|execute [^:]*): (.*(?:\n\t.*)*)")
_FLUSH_SECONDS = 5.0


class StatementLog:
    """The log of an embedded PostgreSQL. It must be able to change the server's settings."""

    def __init__(self, database_url: str, log: Path) -> None:
        self.database_url, self.log = database_url, log

    def count(self, application: str, work: Callable[[], None]) -> int:
        """Statements of the connections of this ``application_name`` while ``work`` runs; empty ones do not count."""
        with psycopg.connect(self.database_url, autocommit=True, application_name="bench") as connection:
            self._write(connection, "all")
            try:
                begin = self.log.stat().st_size
                work()
                end = self._mark(connection)
            finally:
                self._write(connection, "none")
        with self.log.open("rb") as file:
            file.seek(begin)
            entries = re.split(rb"\n(?!\t)", file.read(end - begin))
        marked = f"[{application}] ".encode()
        found = [match[1].strip() for entry in entries if marked in entry and (match := _STATEMENT.search(entry))]
        return sum(1 for statement in found if statement)

    def _write(self, connection: psycopg.Connection, what: str) -> None:
        connection.execute(f"ALTER SYSTEM SET log_statement = '{what}'")
        connection.execute("ALTER SYSTEM SET log_line_prefix = '%m [%a] '")
        connection.execute("SELECT pg_reload_conf()")
        # Every backend reads its settings anew between two statements, a moment after it was told.
        connection.execute("SELECT pg_sleep(0.3)")

    def _mark(self, connection: psycopg.Connection) -> int:
        """Where the log ends once all that was said before is in it."""
        mark = f"bench mark {time.monotonic_ns()}"
        connection.execute(f"SELECT '{mark}'")
        end = time.monotonic() + _FLUSH_SECONDS
        while time.monotonic() < end:
            if mark.encode() in self.log.read_bytes():
                return self.log.stat().st_size
            time.sleep(0.02)
        raise RuntimeError(f"PostgreSQL does not write to {self.log}")
