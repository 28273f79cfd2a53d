"""One reader's stream: first what the reader has missed, then the news of the process's hub, then the end.

The server keeps one of its threads on it. No database connection is held while it waits.
"""

from time import monotonic

from django.db import connection

from plugins.liveblog import events, reading
from plugins.liveblog.hub import Follower

#: Milliseconds after which a browser connects anew, when its stream has ended.
RETRY = 2000
#: Seconds of silence after which a heartbeat is written. A thread stays with a reader who has left at most as long.
SILENCE = 5.0
#: Missed changes read from the database in one go.
PORTION = 100


class Stream:
    """An iterator of encoded events. Whoever makes one closes it; the server does when the reader has left."""

    def __init__(self, follower: Follower, *, since: int, seconds: float) -> None:
        self._follower = follower
        self._since = min(since, follower.floor)
        self._ends_at = monotonic() + seconds
        self._is_begun = self._has_caught_up = self._is_over = False

    def __iter__(self) -> "Stream":
        return self

    def __next__(self) -> bytes:
        if not self._is_begun:
            self._is_begun = True
            return events.retry(RETRY)
        if not self._has_caught_up:
            return self._missed()
        left = self._ends_at - monotonic()
        if self._is_over or left <= 0:
            self.close()
            raise StopIteration
        news = self._follower.wait(min(SILENCE, left))
        self._is_over = not news.goes_on
        return b"".join(news.events) or events.HEARTBEAT

    def close(self) -> None:
        """Make room for another reader."""
        self._follower.close()

    def _missed(self) -> bytes:
        try:
            changes = reading.changes(self._follower.page_id, self._since, PORTION)
        finally:
            give_back_connection()
        if changes:
            self._since = changes[-1].number
        if len(changes) < PORTION:
            # Read after the follower was made: nothing up to its floor is missing, nor up to what was read here.
            self._has_caught_up = True
            self._follower.number = max(self._since, self._follower.floor)
        return b"".join(map(events.of_change, changes)) or events.HEARTBEAT


def give_back_connection() -> None:
    """Let other threads have this one's database connection (unless a transaction is open: then it isn't ours)."""
    if not connection.in_atomic_block:
        connection.close()
