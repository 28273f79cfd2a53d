"""Keys of the API: which one a program presents, and what it may do with it.

``find`` is asked for every request with a key, also outside of Django's request machinery. It looks into a picture of
the whole table (a newsroom has a handful of keys), which is drawn anew once a second at most. So a wrong key costs no
query, however many are tried; and a key that is revoked is refused everywhere within a second, at once where somebody
calls ``forget`` on hearing of the change.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any

import psycopg
from django.contrib.auth.models import AbstractBaseUser
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from cms.access import secret
from cms.access.models import ApiKey

logger = logging.getLogger(__name__)

PREFIX = "ostriv_"
#: Characters of a key that are shown in lists: no help to whoever guesses the other 39.
SHOWN = len(PREFIX) + 4
#: Seconds for which a picture of the table is taken for true.
FRESH = 1.0
#: How coarse the time of the last use is.
USE_NOTED_EVERY = timedelta(minutes=5)
#: More keys than this are no newsroom's; those made last are known.
MOST_KEYS = 10_000
#: Longer than any key: not even digested.
_LONGEST = 200

#: Runs a statement and gives its rows.
Fetch = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a key lets its holder do. ``rate`` is in requests a minute; times are aware."""

    id: int
    name: str
    scopes: frozenset[str]
    rate: int
    expires_at: datetime | None
    last_used_at: datetime | None

    def opens(self, scope: str) -> bool:
        """Whether it is for this, ``read`` or ``drafts``."""
        return scope in self.scopes


@dataclass(frozen=True, slots=True)
class _Picture:
    """All keys that are not revoked, by their digest, as of one moment of the monotonic clock."""

    keys: dict[str, KeyFacts]
    drawn_at: float


_picture: _Picture | None = None
_changes = 0
#: When this process noted the use of which key, on the monotonic clock.
_noted: dict[int, float] = {}
_drawing = Lock()


def looks_like_one(presented: str) -> bool:
    """Whether this is meant as a key of ours, right or wrong."""
    return presented.startswith(PREFIX)


def find(presented: str, fetch: Fetch | None = None) -> KeyFacts | None:
    """What the presented key (as it stands behind ``Bearer``) opens; None if there is no such key, or none any more.

    ``fetch`` reads for those who have no connection of Django's. Raises ``DatabaseError`` or ``psycopg.Error`` if the
    keys were never read and can't be now.
    """
    if not looks_like_one(presented) or len(presented) > _LONGEST:
        return None
    facts = _current(fetch or _fetch).keys.get(secret.digest(presented))
    if facts is None or (facts.expires_at is not None and facts.expires_at <= timezone.now()):
        return None
    return facts


def forget() -> None:
    """The table has changed: read it again when it is asked for next."""
    global _picture, _changes
    _changes += 1
    _picture = None
    _noted.clear()


def note_use(facts: KeyFacts) -> None:
    """Remember that the key was used just now; one write in five minutes. Where that fails, it is logged."""
    moment = timezone.now()
    if facts.last_used_at is not None and moment - facts.last_used_at < USE_NOTED_EVERY:
        return
    if monotonic() - _noted.get(facts.id, 0.0) < 2 * FRESH:
        return  # written already; the picture doesn't show it yet
    _noted[facts.id] = monotonic()
    unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lte=moment - USE_NOTED_EVERY)
    try:
        ApiKey.objects.filter(unnoted, pk=facts.id).update(last_used_at=moment)
    except DatabaseError as error:
        logger.warning("The use of an API key could not be noted: %s", error)


def issue(key: ApiKey, by: AbstractBaseUser | None) -> str:
    """Save a new key and give its secret, which nobody can be shown again."""
    presented = secret.make(PREFIX)
    key.digest = secret.digest(presented)
    key.prefix = presented[:SHOWN]
    key.created_by = by
    key.save()
    return presented


def watch() -> None:
    """Forget what is known when this process changes a key. Called once, when the app is ready."""
    for signal in (post_save, post_delete):
        signal.connect(_changed_here, sender=ApiKey, dispatch_uid="access.keys")


def _changed_here(**_: Any) -> None:
    forget()
    transaction.on_commit(forget)


def _current(fetch: Fetch) -> _Picture:
    picture = _picture
    if picture is not None and monotonic() - picture.drawn_at < FRESH:
        return picture
    with _drawing:  # one reads, the others take what it brings
        picture = _picture
        if picture is not None and monotonic() - picture.drawn_at < FRESH:
            return picture
        return _drawn(fetch)


_last_known: _Picture | None = None


def _drawn(fetch: Fetch) -> _Picture:
    global _picture, _last_known
    began, known = monotonic(), _changes
    try:
        rows = fetch(_ALL, (MOST_KEYS,))
    except (DatabaseError, psycopg.Error) as error:
        # Nobody can have revoked a key in a database that doesn't answer: what was known still holds.
        if _last_known is None:
            raise
        logger.warning("The API keys can't be read; those known before go on working: %s", error)
        _picture = _last_known = _Picture(_last_known.keys, began)
        return _picture
    keys = {row[0]: KeyFacts(row[1], row[2], frozenset(row[3]), row[4], row[5], row[6]) for row in rows}
    drawn = _last_known = _Picture(keys, began)
    if known == _changes:  # otherwise it may be older than a change that was told meanwhile
        _picture = drawn
    return drawn


_ALL = """
SELECT digest, id, name, scopes, rate, expires_at, last_used_at
FROM access_apikey WHERE revoked_at IS NULL ORDER BY id DESC LIMIT %s
"""


def _fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
