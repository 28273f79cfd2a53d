"""Hears from PostgreSQL what has changed, and knows whether it would have heard.

Each web process listens on a connection of its own. Every few hundred milliseconds it sends itself a word on the same
way: when that arrives, everything said before it has arrived too, and answers in memory may be given for another
moment. A connection that is lost or silently dead, a pooler that passes no notifications on: the word doesn't arrive,
and the memory is not used. Redis has no part in it.
"""

import logging
import secrets
from collections.abc import Callable, Iterable
from threading import Event, Thread
from time import monotonic
from typing import Any

import psycopg
from django.db import connection as django_connection

from api.edge.store import EVERYTHING
from cms.access import keys
from cms.registry import states

logger = logging.getLogger(__name__)

CHANNEL = "ostriv_changed"
#: What PostgreSQL's views of its connections call this one, which is none of a request.
NAME = "ostriv-changes"
#: No tag of an answer: a key was made, changed or revoked.
KEYS = "api-keys"
#: Seconds between two words to itself, and for how long one that arrived is good, from its sending on.
EVERY, TRUST = 0.25, 0.9
#: Seconds before a lost connection is tried again.
PAUSE = 1.0
_EXPIRED = """
    SELECT page_id, translation_key, now() FROM api_publication WHERE expires_at > %s AND expires_at <= now()
"""

Ended = Callable[[Iterable[str]], None]


class Listener:
    """Calls ``ended`` with the tags of what has changed, from a thread of its own."""

    def __init__(self, ended: Ended) -> None:
        self._ended = ended
        self._over = Event()
        #: Until then (``time.monotonic``) nothing can have changed unheard for longer than ``TRUST``.
        self.trusted_until = 0.0

    def start(self) -> None:
        """Listen from now on, for as long as the process lives."""
        Thread(target=self._run, name="changes", daemon=True).start()

    def stop(self) -> None:
        """Listen no more; what is in memory is not used any more."""
        self._over.set()

    def _run(self) -> None:
        heard_of_it = False
        while not self._over.is_set():
            try:
                parameters = {**connection_parameters(), "application_name": NAME}
                with psycopg.connect(**parameters, autocommit=True) as connection:
                    self._end([EVERYTHING])  # what happened before this connection was not heard
                    heard_of_it = False
                    self._listen(connection)
            except psycopg.Error as error:
                if not heard_of_it:  # once, not every second
                    logger.warning("No news from the database, answers are not kept in memory meanwhile: %s", error)
                heard_of_it = True
            self.trusted_until = 0.0
            self._over.wait(PAUSE)

    def _listen(self, connection: psycopg.Connection[Any]) -> None:
        own = f"ostriv_{secrets.token_hex(8)}"
        connection.execute(f"LISTEN {CHANNEL}")
        connection.execute(f"LISTEN {own}")
        looked_at = _now(connection)
        while not self._over.is_set():
            sent_at = monotonic()
            connection.execute("SELECT pg_notify(%s, '')", [own])
            looked_at = self._end_expired(connection, looked_at)
            for said in connection.notifies(timeout=EVERY):
                if said.channel == own:
                    self.trusted_until = sent_at + TRUST
                else:
                    self._end(said.payload.split())

    def _end(self, tags: list[str]) -> None:
        if KEYS in tags:
            keys.forget()
        if EVERYTHING in tags:
            states.forget()  # before what was rendered by them: a plugin may have been switched
        self._ended(tags)

    def _end_expired(self, connection: psycopg.Connection[Any], looked_at: Any) -> Any:
        """Publications whose time has run out: nobody writes anything at that moment."""
        expired = connection.execute(_EXPIRED, [looked_at]).fetchall()
        for page_id, translation_key, now in expired:
            self._end([f"page-{page_id}", f"translation-{translation_key}", "content"])
            looked_at = now
        return looked_at


def _now(connection: psycopg.Connection[Any]) -> Any:
    row = connection.execute("SELECT now()").fetchone()
    return row[0] if row else None


def connection_parameters() -> dict[str, Any]:
    """What psycopg needs to reach Django's database, without what is Django's own."""
    parameters = django_connection.get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold", "pool"):
        parameters.pop(name, None)
    return dict(parameters)
