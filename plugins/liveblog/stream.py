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
#: What a new reader may have missed to be given it on a stream: changes, and bytes. It must fit into what is on its way
#: between server and reader, so that one who does not read blocks nothing at the very start.
PORTION, BYTES = 50, 64_000


class TooMuchMissed(Exception):  # noqa: N818  (an answer for the reader, not a fault)
    """This reader has to ask for what was missed in portions first."""


class Stream:
    """An iterator of encoded events. Whoever makes one closes it; the server does when the reader has left."""

    def __init__(self, follower: Follower, *, since: int, seconds: float) -> None:
        """Raises TooMuchMissed, with the follower closed, as after any other failure."""
        self._follower = follower
        self._ends_at = monotonic() + seconds
        self._is_begun = self._is_over = False
        try:
            self._first = events.retry(RETRY) + self._missed(min(since, follower.floor))
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> "Stream":
        return self

    def __next__(self) -> bytes:
        if not self._is_begun:
            self._is_begun = True
            return self._first
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

    def _missed(self, since: int) -> bytes:
        changes = reading.changes(self._follower.page_id, since, PORTION + 1)
        missed = b"".join(map(events.of_change, changes))
        if len(changes) > PORTION or len(missed) > BYTES:
            raise TooMuchMissed
        # Read after the follower was made: nothing up to its floor is missing, nor up to what was read here.
        newest = changes[-1].number if changes else since
        self._follower.number = max(newest, self._follower.floor)
        return missed


def give_back_connection() -> None:
    """Let other threads have this one's database connection (unless a transaction is open: then it isn't ours)."""
    if connection.connection is None or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("RESET statement_timeout")  # the limit of this request, not of whoever gets the connection next
    connection.close()
