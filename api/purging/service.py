"""Purges a CDN of what has changed since it was told last. Called by a worker, never where somebody waits."""

import logging
import time
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from api.publications import changes
from api.publications.changes import Place
from api.purging.backends import PurgeFailed, backend
from api.purging.models import PurgeState, RaisedTags

logger = logging.getLogger(__name__)

#: Changes and other rows taken at a time, and tags above which everything is purged: one call instead of many.
PORTION, LARGEST = 1000, 300
EVERYTHING = "everything"
#: Seconds between looking and telling. For one after a change a web process may still answer with what was before it
#: (see api/edge): a CDN that asked anew within it would keep that, and hear of it no more.
SETTLE = 1.0
#: Seconds until a failed purge is tried again, by failures in a row; the last one repeats.
BACKOFF = (2, 5, 15, 60, 300)
#: Rows that nobody takes, because there is no CDN, are kept so long.
KEEP = timedelta(days=1)


def is_configured() -> bool:
    """Whether there is a CDN to tell."""
    return bool(settings.CDN)


def purge_due() -> int:
    """Tell every CDN what has changed. Returns how many tags; 0 if there is nothing, or it failed and is tried later.

    Nothing is marked as told before it was: whatever dies, it is told again. To tell twice does no harm.
    """
    if not is_configured():
        return 0
    state = _state()
    if state.next_attempt_at > timezone.now():
        return 0
    place = Place(state.position, state.mark)
    try:
        found = changes.read(place, PORTION)
        tags = {tag for row in found.rows for tag in (f"page-{row.page_id}", f"translation-{row.translation_key}")}
        tags |= {"content"} if found.rows else set()
        end = found.next
    except changes.UnknownPlace:  # the database was restored from a backup
        tags, end = {EVERYTHING}, changes.last()
    raised = dict(RaisedTags.objects.order_by("pk").values_list("pk", "tags")[:PORTION])
    tags |= {tag for names in raised.values() for tag in names.split()}
    if not tags:
        return 0
    time.sleep(SETTLE)
    try:
        _tell(sorted(tags))
    except PurgeFailed as error:
        _failed(state, error)
        return 0
    PurgeState.objects.filter(pk=state.pk).update(
        position=end.position, mark=end.mark, failures=0, last_error="", next_attempt_at=timezone.now()
    )
    RaisedTags.objects.filter(pk__in=list(raised)).delete()
    return len(tags)


def forget_old() -> int:
    """Delete what an installation without a CDN gathers. Returns how many rows."""
    deleted, _by_model = RaisedTags.objects.filter(at__lt=timezone.now() - KEEP).delete()
    return deleted


def _tell(tags: list[str]) -> None:
    for each in _backends(tuple(settings.CDN)):
        if EVERYTHING in tags or len(tags) > LARGEST:
            each.purge_everything()
        else:
            each.purge_tags(tags)


@cache
def _backends(urls: tuple[str, ...]) -> list[Any]:
    return [backend(url) for url in urls]


def _state() -> PurgeState:
    state = PurgeState.objects.first()
    if state is None:
        # A CDN that is new has kept nothing yet; one that is not is told at the next change of each page.
        end = changes.last()
        state, _created = PurgeState.objects.get_or_create(pk=1, defaults={"position": end.position, "mark": end.mark})
    return state


def _failed(state: PurgeState, error: PurgeFailed) -> None:
    logger.warning("The CDN could not be told what has changed: %s", error)
    delay = BACKOFF[min(state.failures, len(BACKOFF) - 1)]
    PurgeState.objects.filter(pk=state.pk).update(
        failures=state.failures + 1,
        last_error=str(error)[:1000],
        next_attempt_at=timezone.now() + timedelta(seconds=delay),
    )
