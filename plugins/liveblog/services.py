"""What the live desk does: every change of a coverage or of an entry goes through here.

Each change takes the next number of its page while it holds the page's rows, so that numbers become visible in their
order: who has seen one has seen, or can see, all before it. It also rewrites the page's publication, in the same
transaction: what the API shows and what the desk shows can't come apart.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.contract import content_changed
from plugins.liveblog.models import Coverage, LiveBlogPage, LiveEntry, State, StateChange

#: The fields of an entry that an editor writes; a change of one by two editors at once is a conflict.
WORDS = ("shown_at", "headline", "text", "author", "image", "image_credit")
FLAGS = ("pinned", "key")
#: By which a form that is sent twice is known. Not the time: left empty it is that of each sending.
_SENT = ("headline", "text", "author", "image", "image_credit")

#: Which state may follow which.
_NEXT = {State.NOT_STARTED: {State.LIVE}, State.LIVE: {State.CLOSED}, State.CLOSED: {State.LIVE}}


class Refused(Exception):  # noqa: N818  (an answer for the editor, not a fault)
    """The coverage is not in a state for this; the message is for the editor."""


class Conflict(Exception):  # noqa: N818
    """Somebody else has changed it since this editor opened it. ``current`` is what it is now, entry or coverage."""

    def __init__(self, current: Any):
        super().__init__(str(current.pk))
        self.current = current


@dataclass
class _Held:
    """A page whose rows this transaction holds."""

    page: LiveBlogPage
    coverage: Coverage

    def next_change(self) -> int:
        """The next number of this page."""
        self.coverage.last_change += 1
        return self.coverage.last_change


@contextmanager
def _holding(page_id: int) -> Iterator[_Held]:
    """Hold the rows of a page and of its coverage, and at the end rewrite what readers get of it.

    The page's own row too, and before it is read: who publishes or hides the page meanwhile waits, or is waited for.
    """
    with transaction.atomic():
        page = LiveBlogPage.objects.select_for_update(no_key=True).get(pk=page_id)
        Coverage.objects.get_or_create(page=page)
        coverage = Coverage.objects.select_for_update().get(page=page)
        page.coverage = coverage  # what the page's documents are made of
        held = _Held(page, coverage)
        before = coverage.last_change
        yield held
        if coverage.last_change != before:
            coverage.save()
            content_changed([page])


def post(page_id: int, *, by: Any, id: UUID | None = None, **fields: Any) -> LiveEntry:
    """Post a new entry, which gets this ``id``. Raises Refused once the coverage is closed.

    What is sent once more, as by a second click, is posted already. Other words under the same id, as of a form to
    which the browser went back, are another entry.
    """
    with _holding(page_id) as held:
        posted = LiveEntry.objects.filter(pk=id).first()
        if posted and posted.page_id == page_id and _says(posted, fields):
            return posted
        if held.coverage.state == State.CLOSED:
            raise Refused(_("This live blog is closed. Reopen it to post."))
        entry = LiveEntry(page=held.page, **fields, created_by=by, updated_by=by, change=held.next_change())
        if id and not posted:
            entry.pk = id
        entry.save(force_insert=True)
    return entry


def edit(entry_id: UUID, *, by: Any, edition: int, **fields: Any) -> LiveEntry:
    """Change the words of an entry that was opened as this edition. Raises Conflict if it is another one now."""
    with _changing(entry_id) as (entry, held):
        if entry.edition != edition:
            raise Conflict(entry)
        if all(getattr(entry, name) == value for name, value in fields.items()):
            return entry
        if any(getattr(entry, name) != fields[name] for name in WORDS if name in fields):
            entry.edition += 1
            entry.updated_at, entry.updated_by = timezone.now(), by
        for name, value in fields.items():
            setattr(entry, name, value)
        _save(entry, held)
    return entry


def flag(entry_id: UUID, name: str, value: bool) -> LiveEntry:
    """Pin an entry, or make it a key moment, or undo that."""
    if name not in FLAGS:
        raise ValueError(f"{name!r} is not among {FLAGS}.")
    with _changing(entry_id) as (entry, held):
        if getattr(entry, name) != value:
            setattr(entry, name, value)
            _save(entry, held)
    return entry


def withdraw(entry_id: UUID, *, by: Any, withdrawn: bool = True) -> LiveEntry:
    """Take an entry back from readers, who are told that it is gone; or give it to them again."""
    with _changing(entry_id) as (entry, held):
        if entry.withdrawn != withdrawn:
            entry.withdrawn = withdrawn
            entry.edition += 1
            entry.updated_by = by
            _save(entry, held)
    return entry


def move(page_id: int, to: State, *, by: Any) -> Coverage:
    """Start, close or reopen a coverage, and note it in its log. Raises Refused."""
    with _holding(page_id) as held:
        coverage = held.coverage
        if to not in _NEXT[State(coverage.state)]:
            raise Refused(_("This can't be done: the state of this live blog is “%s”.") % coverage.get_state_display())
        now = timezone.now()
        coverage.state = to
        coverage.started_at = coverage.started_at or now
        coverage.ended_at = now if to == State.CLOSED else None
        StateChange.objects.create(coverage=coverage, change=held.next_change(), state=to, made_at=now, made_by=by)
    return coverage


def summarise(page_id: int, summary: str, *, before: str) -> Coverage:
    """Write the closing summary. Raises Conflict if it is no longer what the editor saw, ``before``."""
    with _holding(page_id) as held:
        if held.coverage.summary not in (before, summary):
            raise Conflict(held.coverage)
        if held.coverage.summary != summary:
            held.coverage.summary = summary
            held.next_change()
    return held.coverage


def send_anew(entry_ids: Iterable[UUID | str]) -> None:
    """Give these entries to readers once more: something that they show has changed elsewhere."""
    visible = LiveEntry.objects.filter(pk__in=list(entry_ids), withdrawn=False)
    for page_id in sorted(set(visible.values_list("page_id", flat=True))):
        with _holding(page_id) as held:
            entries = list(visible.filter(page=page_id).order_by("change"))
            for entry in entries:
                entry.change = held.next_change()
            LiveEntry.objects.bulk_update(entries, ["change"], batch_size=500)


@contextmanager
def _changing(entry_id: UUID) -> Iterator[tuple[LiveEntry, _Held]]:
    page_id = LiveEntry.objects.values_list("page_id", flat=True).get(pk=entry_id)
    with _holding(page_id) as held:
        yield LiveEntry.objects.select_related("author", "image").get(pk=entry_id), held


def _says(entry: LiveEntry, fields: dict[str, Any]) -> bool:
    return all(getattr(entry, name) == fields[name] for name in _SENT if name in fields)


def _save(entry: LiveEntry, held: _Held) -> None:
    entry.change = held.next_change()
    entry.save(force_update=True)
