"""One thread a process that asks the database for news, however many readers are on a stream.

It runs only while somebody follows, asks once a second for all followed pages together, and keeps no database
connection between two questions. Followers wait on one condition; each has a number up to which it knows everything.
"""

import json
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic

from django.db import DatabaseError, connection

from api.contract import published_teasers
from plugins.liveblog import events, reading
from plugins.liveblog.models import Coverage

logger = logging.getLogger(__name__)

#: Seconds between two questions.
INTERVAL = 1.0
#: Changes that one question brings, and that are kept of one page for the slowest of its followers.
AT_ONCE, KEPT = 500, 1000
#: Streams that one address, or the network of an IPv6 address, may have in one process.
PER_ADDRESS = 2
#: Seconds for which a follower may be busy with sending. Then its reader takes nothing any more, and loses its place.
PATIENCE = 30.0


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


@dataclass
class News:
    """What a follower has not seen: encoded events, and whether more can follow."""

    events: list[bytes]
    goes_on: bool = True


class Hub:
    """Followers of this process, and the thread that brings them news."""

    def __init__(
        self, *, question: "Callable[[dict[int, int]], Answer] | None" = None, patience: float = PATIENCE
    ) -> None:
        """``question`` brings the news; ``patience`` is in seconds."""
        self._ask = question or ask
        self._patience = patience
        self._condition = threading.Condition()
        self._channels: dict[int, _Channel] = {}
        self._followers: set[Follower] = set()
        #: Those that have lost their place. The server's thread stays with each until it can send or is cut off.
        self._stuck: set[Follower] = set()
        self._thread: threading.Thread | None = None

    @property
    def followers(self) -> int:
        """How many streams there are."""
        with self._condition:
            return len(self._followers)

    @property
    def is_idle(self) -> bool:
        """Whether no thread runs."""
        with self._condition:
            return not self._is_running()

    def follow(self, coverage: Coverage, *, most: int, address: str) -> "Follower | None":
        """A new follower of a published page, given as its coverage just read, for the reader at this address.

        None if there are ``most`` already, if too many threads are stuck, or if this address has its share.
        """
        page_id, fresh = coverage.page_id, _open(coverage)
        with self._condition:
            self._take_places_back()
            if not self._has_place(most, address):
                return None
            if not self._is_running():
                thread = threading.Thread(target=self._run, name="liveblog-hub", daemon=True)
                thread.start()
                self._thread = thread
            channel = self._channels.get(page_id)
            if channel is None or not channel.is_public:
                # Published anew: who followed the page before it was taken down is on the channel of that time.
                channel = self._channels[page_id] = fresh
            follower = Follower(self, page_id, channel, address)
            self._expect(follower)
            self._followers.add(follower)
            return follower

    def leave(self, follower: "Follower") -> None:
        """One follower less."""
        with self._condition:
            self._followers.discard(follower)
            self._stuck.discard(follower)
            self._forget(follower.page_id, follower.channel)
            self._condition.notify_all()

    def wait(self, follower: "Follower", timeout: float) -> News:
        """What came after the follower's number; nothing after ``timeout`` seconds without news."""
        channel = follower.channel
        with self._condition:
            if follower in self._stuck:
                return News([], goes_on=False)
            self._expect(follower, timeout)
            self._condition.wait_for(lambda: follower.is_closed or follower.is_behind(channel), timeout)
            self._expect(follower)
            return follower.take(channel)

    def _is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _has_place(self, most: int, address: str) -> bool:
        threads = self._followers | self._stuck
        # Freed places must not use up the server's threads: what is stuck takes at most as many as may follow.
        return (
            len(self._followers) < most
            and len(threads) < 2 * most
            and sum(follower.address == address for follower in threads) < PER_ADDRESS
        )

    def _expect(self, follower: "Follower", after: float = 0.0) -> None:
        follower.due = monotonic() + after + self._patience

    def _forget(self, page_id: int, channel: _Channel) -> None:
        is_followed = any(follower.channel is channel for follower in self._followers)
        if self._channels.get(page_id) is channel and not is_followed:
            del self._channels[page_id]

    def _run(self) -> None:
        try:
            while followed := self._next_question():
                self._bring_news(followed)
        finally:
            with self._condition:
                if self._thread is threading.current_thread():
                    # It should go on and can't: streams end, readers connect anew, and with them comes a new thread.
                    self._thread = None
                    self._end(self._channels.values())

    def _next_question(self) -> dict[int, _Channel]:
        """What is followed, a while after the last question; nothing if nobody is there: then the thread ends."""
        with self._condition:
            # A follower who leaves wakes it, so that the last one takes the thread along.
            self._condition.wait_for(lambda: not self._channels, INTERVAL)
            self._take_places_back()
            if not self._channels:
                self._thread = None
            return dict(self._channels)

    def _take_places_back(self) -> None:
        now = monotonic()
        for follower in [each for each in self._followers if each.due < now]:
            logger.info("A reader of live blog %s takes nothing any more and loses its place", follower.page_id)
            self._followers.discard(follower)
            self._stuck.add(follower)
            self._forget(follower.page_id, follower.channel)

    def _bring_news(self, followed: dict[int, _Channel]) -> None:
        asked = {page_id: channel for page_id, channel in followed.items() if channel.is_public}
        try:
            answer = self._ask({page_id: channel.known for page_id, channel in asked.items()})
            with self._condition:
                for page_id, channel in asked.items():
                    _take_in(page_id, channel, answer)
                self._condition.notify_all()
        except DatabaseError:
            logger.warning("The database does not answer: streams of live blogs wait", exc_info=True)
        except Exception:
            logger.exception("News of live blogs can't be read: their streams end")
            with self._condition:
                self._end(asked.values())
        finally:
            connection.close()

    def _end(self, channels: Iterable[_Channel]) -> None:
        for channel in channels:
            channel.is_public = False
        self._condition.notify_all()


class Follower:
    """One stream's place in the changes of its page."""

    def __init__(self, hub: Hub, page_id: int, channel: _Channel, address: str) -> None:
        self.page_id, self.channel, self.address = page_id, channel, address
        self.floor = channel.known
        #: Everything up to this number has been sent.
        self.number = 0
        self.is_closed = False
        #: When it must have asked for news again, by the clock of ``monotonic``.
        self.due = 0.0
        self._head = b""
        self._hub = hub

    def wait(self, timeout: float) -> News:
        """News, as soon as there is any; else none after ``timeout`` seconds."""
        return self._hub.wait(self, timeout)

    def close(self) -> None:
        """Leave. Safe to call twice, from any thread."""
        if not self.is_closed:
            self.is_closed = True
            self._hub.leave(self)

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
class Answer:
    """What one question has brought."""

    public: set[int]
    #: Of the pages that have changed, and what followers get of them.
    coverages: dict[int, Coverage]
    heads: dict[int, bytes]
    changes: list[reading.Change]

    @property
    def is_whole(self) -> bool:
        return len(self.changes) < AT_ONCE


def ask(known: dict[int, int]) -> Answer:
    """The news of these pages after these numbers. A coverage is read before its entries: see ``_take_in``."""
    public = set(published_teasers(known))
    changed = {
        page_id: coverage
        for page_id, coverage in Coverage.objects.in_bulk(list(public)).items()
        if coverage.last_change > known[page_id]
    }
    heads = {page_id: _head(coverage) for page_id, coverage in changed.items()}
    since = {page_id: known[page_id] for page_id in changed}
    return Answer(public, changed, heads, reading.changes_of_many(since, AT_ONCE) if since else [])


def _take_in(page_id: int, channel: _Channel, answer: Answer) -> None:
    if page_id not in answer.public:
        channel.is_public = False
        return
    for change in answer.changes:
        if change.page_id == page_id:
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
