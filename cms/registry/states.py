"""Which plugins run: read from the database at most once a second by each process, and kept in memory between.

*Active* is what staff say on the Plugins page or by ``ostriv plugin``. *Running* is active and not resting after too
many faults. A change is seen by every process within ``MAX_AGE`` seconds of its next question.
"""

import logging
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.dispatch import Signal
from django.utils import timezone
from redis.exceptions import RedisError

from cms.registry.models import PluginState

logger = logging.getLogger(__name__)

#: Seconds for which a process trusts what it has read.
MAX_AGE = 1.0
#: Seconds for which a Redis that didn't answer is not asked again.
REDIS_RESTS = 10.0

#: Where the labels of purged plugins stand in the cache, and for how many seconds.
_PURGED, _PURGED_FOR = "plugins:purged", 30 * 24 * 3600

#: A plugin was activated, deactivated, woken or put to rest. Sent inside the transaction. Argument: ``label``.
plugin_switched = Signal()


@dataclass(frozen=True)
class State:
    """The state of one plugin."""

    active: bool = True
    rested_at: datetime | None = None
    looked_at: datetime | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    declares: dict[str, list[str]] = field(default_factory=dict)
    purged: bool = False

    @property
    def running(self) -> bool:
        return self.active and self.rested_at is None


_known: dict[str, State] | None = None
_read_at = 0.0
_times_forgotten = 0
_purged: frozenset[str] = frozenset()
_redis_rests_until = 0.0


def state_of(label: str) -> State:
    """The state of this plugin, at most ``MAX_AGE`` seconds old."""
    return all_states().get(label, State())


def is_active(label: str) -> bool:
    """Whether staff want this plugin to work. The core (an empty label) always does."""
    return not label or state_of(label).active


def is_running(label: str) -> bool:
    """Whether this plugin's hooks are run: it is active, and not resting. The core's always are."""
    return not label or state_of(label).running


def all_states() -> dict[str, State]:
    """The states of all plugins that were ever loaded or switched, by label; at most ``MAX_AGE`` seconds old."""
    global _known, _read_at
    # Within a transaction a later reading may not see more than the first, and a failing one would end it.
    is_old = monotonic() - _read_at > MAX_AGE and not connection.in_atomic_block
    known = _known
    if known is None or is_old:
        times_forgotten = _times_forgotten
        known = _read(known)
        if times_forgotten == _times_forgotten:  # else it may be from before what was to be forgotten
            _known, _read_at = known, monotonic()
    return known


def activate(label: str) -> None:
    """Let this plugin work."""
    _change(label, active=True, rested_at=None, looked_at=timezone.now())


def deactivate(label: str) -> None:
    """Stop this plugin from working. Nothing of it is lost."""
    _change(label, active=False)


def rest(label: str) -> None:
    """Don't run this plugin's hooks until somebody has looked."""
    _change(label, rested_at=timezone.now())


def wake(label: str) -> None:
    """Somebody has looked: run its hooks again, and forget the faults so far."""
    _change(label, rested_at=None, looked_at=timezone.now())


def save_settings(label: str, values: dict[str, Any]) -> None:
    """Keep what staff set of this plugin's settings: plain JSON values by field name."""
    _store(label, settings=values)


def purged_labels() -> set[str]:
    """The plugins that were purged while processes may still hold their models. Without Redis those known before."""
    global _purged, _redis_rests_until
    if monotonic() >= _redis_rests_until:
        try:
            _purged = frozenset(cache.get(_PURGED, ()))
        except RedisError:
            # One that hangs instead of refusing takes seconds each time, and this is asked for once a second.
            _redis_rests_until = monotonic() + REDIS_RESTS
    return set(_purged)


def remember_purged(labels: set[str]) -> None:
    """Let every process know within a second that these plugins were purged."""
    try:
        if labels:
            cache.set(_PURGED, sorted(labels), _PURGED_FOR)
        else:
            cache.delete(_PURGED)
    except RedisError:
        logger.warning("Redis is away: restart every process that still holds a purged plugin")
    forget()


def save_declared(label: str, names: dict[str, list[str]]) -> None:
    """Keep the names that this plugin declares, for the time when it isn't loaded."""
    _store(label, declares=names)


def refresh() -> None:
    """Read the states anew if they are old. Called where a request begins that is one transaction."""
    all_states()


def forget() -> None:
    """Ask the database again next time. Called where somebody learns that a plugin may have been switched."""
    global _known, _times_forgotten
    _times_forgotten += 1
    _known = None


def _change(label: str, **values: Any) -> None:
    with transaction.atomic():
        _store(label, **values)
        plugin_switched.send(PluginState, label=label)


def _store(label: str, **values: Any) -> None:
    PluginState.objects.update_or_create(label=label, defaults=values)
    forget()
    transaction.on_commit(forget)


def _read(before: dict[str, State] | None) -> dict[str, State]:
    try:
        # A savepoint inside a transaction, so that a failure here doesn't break it.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            rows = PluginState.objects.values_list("label", "active", "rested_at", "looked_at", "settings", "declares")
            known = {label: State(*values) for label, *values in rows}
        return known | {label: State(active=False, purged=True) for label in purged_labels()}
    except DatabaseError as error:
        # Before the first migration, or without a database: what is asked here must not be what fails.
        logger.debug("The states of plugins can't be read: %s", error)
        return before or {}
