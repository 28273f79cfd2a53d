"""One thread a process that asks the database for news, however many readers are on a stream.

It runs only while somebody follows, asks once a second for all followed pages together, and keeps no database
connection between two questions. Followers wait on one condition; each has a number up to which it knows everything.
"""

import json
import logging
import threading
from collections import deque
from dataclasses import dataclass, field

from django.db import DatabaseError, connection

from api.contract import published_teasers
from plugins.liveblog import events, reading
from plugins.liveblog.models import Coverage

logger = logging.getLogger(__name__)

#: Seconds between two questions.
INTERVAL = 1.0
#: Changes that one question brings, and that are kept of one page for the slowest of its followers.
AT_ONCE, KEPT = 500, 1000


@dataclass
class _Channel:
    """What this process knows of one followed page. All numbers are changes of the page."""

    #: Everything after ``floor`` and up to ``known`` is among the events.
    floor: int
    known: int
    head: bytes
    is_live: bool
    is_public: bool = True
    events: deque[tuple[int, bytes]] = field(default_factory=deque)
    followers: int = 0


@dataclass
class News:
    """What a follower has not seen: encoded events, and whether more can follow."""

    events: list[bytes]
    goes_on: bool = True


class Hub:
    """Followers of this process, and the thread that brings them news."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._channels: dict[int, _Channel] = {}
        self._thread: threading.Thread | None = None

    @property
    def followers(self) -> int:
        """How many streams there are."""
        with self._condition:
            return sum(channel.followers for channel in self._channels.values())

    @property
    def is_idle(self) -> bool:
        """Whether no thread runs."""
        with self._condition:
            return self._thread is None

    def follow(self, coverage: Coverage, *, most: int) -> "Follower | None":
        """A new follower of a published page, given as its coverage just read; None if there are ``most`` already."""
        page_id, fresh = coverage.page_id, _open(coverage)
        with self._condition:
            if sum(channel.followers for channel in self._channels.values()) >= most:
                return None
            channel = self._channels.setdefault(page_id, fresh)
            channel.followers += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="liveblog-hub", daemon=True)
                self._thread.start()
            return Follower(self, page_id, channel)

    def leave(self, page_id: int) -> None:
        """One follower of this page less."""
        with self._condition:
            channel = self._channels[page_id]
            channel.followers -= 1
            if not channel.followers:
                del self._channels[page_id]
            self._condition.notify_all()

    def wait(self, channel: _Channel, follower: "Follower", timeout: float) -> News:
        """What came after the follower's number; nothing after ``timeout`` seconds without news."""
        with self._condition:
            self._condition.wait_for(lambda: follower.is_closed or follower.is_behind(channel), timeout)
            return follower.take(channel)

    def _run(self) -> None:
        while True:
            with self._condition:
                # A follower who leaves wakes it, so that the last one takes the thread along.
                self._condition.wait_for(lambda: not self._channels, INTERVAL)
                if not self._channels:
                    self._thread = None
                    return
                known = {page_id: channel.known for page_id, channel in self._channels.items()}
            try:
                answer = _ask(known)
            except DatabaseError:
                logger.warning("The database does not answer: streams of live blogs wait", exc_info=True)
                continue
            except Exception:
                logger.exception("News of live blogs can't be read: their streams end")
                answer = _Answer(set(), {}, {}, [])
            finally:
                connection.close()
            with self._condition:
                for page_id, channel in self._channels.items():
                    if page_id in known:
                        _take_in(page_id, channel, answer)
                self._condition.notify_all()


class Follower:
    """One stream's place in the changes of its page."""

    def __init__(self, hub: Hub, page_id: int, channel: _Channel) -> None:
        self.page_id = page_id
        self.floor = channel.known
        #: Everything up to this number has been sent.
        self.number = 0
        self.is_closed = False
        self._head = b""
        self._hub, self._channel = hub, channel

    def wait(self, timeout: float) -> News:
        """News, as soon as there is any; else none after ``timeout`` seconds."""
        return self._hub.wait(self._channel, self, timeout)

    def close(self) -> None:
        """Leave. Safe to call twice, from any thread."""
        if not self.is_closed:
            self.is_closed = True
            self._hub.leave(self.page_id)

    def is_behind(self, channel: _Channel) -> bool:
        """Whether there is something to send, or to end for."""
        return channel.known > self.number or channel.head != self._head or not channel.is_public

    def take(self, channel: _Channel) -> News:
        """What is to be sent now; afterwards it counts as sent."""
        if self.is_closed or not channel.is_public or self.number < channel.floor:
            # Who is too far behind connects anew and is given the rest out of the database.
            return News([], goes_on=False)
        found = [event for number, event in channel.events if number > self.number]
        self.number = max(self.number, channel.known)
        if channel.head != self._head:
            self._head = channel.head
            found.append(events.encode("state", channel.head, number=self.number))
        return News(found, goes_on=channel.is_live)


@dataclass
class _Answer:
    public: set[int]
    #: Of the pages that have changed, and what followers get of them.
    coverages: dict[int, Coverage]
    heads: dict[int, bytes]
    changes: list[reading.Change]

    @property
    def is_whole(self) -> bool:
        return len(self.changes) < AT_ONCE


def _ask(known: dict[int, int]) -> _Answer:
    """The news of these pages after these numbers. A coverage is read before its entries: see ``_take_in``."""
    public = set(published_teasers(known))
    changed = {
        page_id: coverage
        for page_id, coverage in Coverage.objects.in_bulk(list(public)).items()
        if coverage.last_change > known[page_id]
    }
    heads = {page_id: _head(coverage) for page_id, coverage in changed.items()}
    since = {page_id: known[page_id] for page_id in changed}
    return _Answer(public, changed, heads, reading.changes_of_many(since, AT_ONCE) if since else [])


def _take_in(page_id: int, channel: _Channel, answer: _Answer) -> None:
    if page_id not in answer.public:
        channel.is_public = False
        return
    for change in answer.changes:
        # Another channel of this page may have been opened since it was asked.
        if change.page_id == page_id and change.number > channel.known:
            channel.events.append((change.number, events.of_change(change)))
            channel.known = change.number
    while len(channel.events) > KEPT:
        channel.floor = channel.events.popleft()[0]
    coverage = answer.coverages.get(page_id)
    if coverage is not None and answer.is_whole:
        # All entries up to this number were there to be read.
        channel.known = max(channel.known, coverage.last_change)
        channel.head, channel.is_live = answer.heads[page_id], not coverage.is_closed


def _open(coverage: Coverage) -> _Channel:
    return _Channel(
        floor=coverage.last_change,
        known=coverage.last_change,
        head=_head(coverage),
        is_live=not coverage.is_closed,
    )


def _head(coverage: Coverage) -> bytes:
    (document,) = reading.fill([reading.coverage_document(coverage)])
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


#: The one of this process.
hub = Hub()
