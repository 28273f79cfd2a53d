"""Faults at run time stay where they happen: named, counted, and nothing else fails.

A plugin whose hooks fail too often in too short a time is put to rest: its hooks are not run until somebody has looked.
"""

import logging
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from cms.registry import states
from cms.registry.models import PluginFault
from cms.registry.owners import owner_of_fault

logger = logging.getLogger("ostriv.faults")
Result = TypeVar("Result")

#: Faults kept of one plugin.
KEPT = 100
_OUTAGES = (OperationalError, InterfaceError, RedisError, BrokerError)
_DETAIL = re.compile(r"^DETAIL:.*$", re.MULTILINE)


@contextmanager
def contained(hook: str, owner: str = "", passing: tuple[type[BaseException], ...] = ()) -> Iterator[None]:
    """Run what others supplied. If it raises, note the fault under the owner's name and go on after the block.

    ``hook`` says in words what was run, ``owner`` is a plugin's label (empty: the core's own). Exceptions of the
    types in ``passing`` are no faults and are raised. Inside a transaction the block runs in a savepoint, so that a
    failing statement of a plugin doesn't take the rest with it, and what it leaves for the commit is contained too.
    """
    waiting = len(connection.run_on_commit)
    try:
        if owner and connection.in_atomic_block:
            with transaction.atomic():
                yield
            _contain_later(hook, owner, waiting)
        else:
            yield
    except passing:
        raise
    except Exception as error:
        note(owner, hook, error)


def _contain_later(hook: str, owner: str, first: int) -> None:
    """Contain what was registered for the commit from here on: failing there, it would take the others' with it."""
    for place, (savepoints, function, robust) in enumerate(connection.run_on_commit[first:], start=first):
        later = partial(_run_later, f"{hook}, on commit", owner, function)
        connection.run_on_commit[place] = (savepoints, later, robust)


def _run_later(hook: str, owner: str, function: Callable[[], Any]) -> None:
    with contained(hook, owner):
        function()


def call(
    owner: str,
    hook: str,
    function: Callable[..., Result],
    *args: Any,
    default: Result | None = None,
    passing: tuple[type[BaseException], ...] = (),
    **kwargs: Any,
) -> Result | None:
    """The result of a plugin's function, or ``default`` if its plugin isn't running or it fails."""
    if not states.is_running(owner):
        return default
    with contained(hook, owner, passing):
        return function(*args, **kwargs)
    return default


def note(owner: str, hook: str, error: BaseException) -> None:
    """Write a fault to the log and, if it is a plugin's, to the Plugins page; one too many puts the plugin to rest."""
    if not owner:
        logger.error("Fault in %s", hook, exc_info=error)
        return
    logger.error("Fault of plugin %s in %s", owner, hook, exc_info=error)
    if isinstance(error, _OUTAGES) or states.state_of(owner).purged:
        return  # the database or Redis is away, which is no plugin's fault; or no trace of it is to be left
    try:
        with transaction.atomic():
            _store(owner, hook, error)
    except (DatabaseError, transaction.TransactionManagementError):
        # The log has it. What was to be done when this failed must not fail for the note of it.
        logger.exception("The fault of plugin %s could not be noted", owner)


def _store(owner: str, hook: str, error: BaseException) -> None:
    # What PostgreSQL adds in detail are values of rows: a donor's address has no place on a page of faults.
    text = _DETAIL.sub("", "".join(traceback.format_exception(error)))
    words = " ".join(_DETAIL.sub("", f"{type(error).__name__}: {error}").split())
    PluginFault.objects.create(
        label=owner,
        hook=hook[:200],
        error=words.replace("\x00", "")[:500],
        traceback=text.replace("\x00", "")[-8000:],
    )
    newest = PluginFault.objects.filter(label=owner).order_by("-happened_at", "-pk")
    if oldest_kept := newest.values_list("pk", flat=True)[KEPT : KEPT + 1].first():
        PluginFault.objects.filter(label=owner, pk__lte=oldest_kept).delete()
    state = states.state_of(owner)
    if state.running and faults_since(owner, state.looked_at) >= settings.OSTRIV_PLUGIN_FAULTS:
        logger.error(
            "Plugin %s has failed %d times within %d minutes: its hooks rest until somebody has looked at it "
            "(Settings > Plugins, or: ostriv plugin enable %s)",
            owner,
            settings.OSTRIV_PLUGIN_FAULTS,
            settings.OSTRIV_PLUGIN_FAULT_MINUTES,
            owner,
        )
        states.rest(owner)


def faults_since(label: str, looked_at: Any) -> int:
    """How many faults of this plugin count now: those of the last minutes that nobody has looked at."""
    start = timezone.now() - timedelta(minutes=settings.OSTRIV_PLUGIN_FAULT_MINUTES)
    recent = PluginFault.objects.filter(label=label, happened_at__gt=max(start, looked_at or start))
    return recent.count()


def request_in_words(request: Any) -> str:
    """A request by its route: the path itself may hold a token that opens something."""
    match = getattr(request, "resolver_match", None)
    return f"{getattr(request, 'method', '')} /{match.route}" if match else "a request"


def connect() -> None:
    """Called once, when the app is ready."""
    got_request_exception.connect(_request_failed, dispatch_uid="registry.request_failed")


def _request_failed(request: Any = None, **kwargs: Any) -> None:
    """A request ended in an error that nobody contained: an editor's form, say. Name the plugin it came through."""
    import sys

    error = sys.exc_info()[1]
    if error is not None and (owner := owner_of_fault(error)):
        note(owner, request_in_words(request), error)
