"""The memory of one web process: answers by their address, dropped when something that they show changes."""

from collections import defaultdict
from collections.abc import Iterable
from threading import Lock
from time import time

from api.edge.entries import Entry

Key = tuple[str, str]
#: In the place of tags: nothing that is kept can be relied on any more.
EVERYTHING = "everything"
#: Tags whose last change is remembered; beyond it the oldest knowledge is given up, never a change.
REMEMBERED = 50_000
#: Characters of a query whose answer is kept: what is asked for often is short.
LONGEST_QUERY = 2_000


class _Generation:
    """The answers of a stretch of time: when there are too many, the older generation is forgotten whole."""

    __slots__ = ("by_tag", "entries", "size")

    def __init__(self) -> None:
        self.entries: dict[Key, Entry] = {}
        self.by_tag: defaultdict[str, set[Key]] = defaultdict(set)
        self.size = 0

    def put(self, key: Key, entry: Entry) -> None:
        self.take(key)
        self.entries[key] = entry
        self.size += _size(key, entry)
        for tag in entry.answer.tags:
            self.by_tag[tag].add(key)

    def take(self, key: Key) -> Entry | None:
        """The answer for this address, which is here no more."""
        entry = self.entries.pop(key, None)
        if entry is not None:
            self.size -= _size(key, entry)
            for tag in entry.answer.tags:
                keys = self.by_tag[tag]
                keys.discard(key)
                if not keys:
                    del self.by_tag[tag]
        return entry

    def drop(self, tag: str) -> None:
        for key in self.by_tag.pop(tag, ()):
            self.take(key)


def _size(key: Key, entry: Entry) -> int:
    return entry.size + 2 * (len(key[0]) + len(key[1]))


class Store:
    """Answers in memory, at most ``most_bytes`` of them.

    Whoever renders an answer says when it ``began``. What changed after that is not in the answer: it is given to
    those who asked, and not kept.
    """

    def __init__(self, most_bytes: int) -> None:
        self._half = most_bytes // 2
        self._young, self._old = _Generation(), _Generation()
        self._lock = Lock()
        self._count = 0  # of changes
        self._ended: dict[str, tuple[int, float]] = {}  # tag: which change, and when
        self._floor: tuple[int, float] = (0, time())  # of what happened before this nothing is known

    def get(self, key: Key) -> Entry | None:
        """The answer for this address, if there is one that is still right."""
        entry = self._young.entries.get(key)
        if entry is None:
            entry = self._old.entries.get(key)
            if entry is None:
                return None
            self._renew(key, entry)
        if entry.dies_at <= time():
            return None
        return entry

    def begin(self) -> int:
        """The mark of this moment, to be given with what is rendered from now on."""
        return self._count

    def put(self, key: Key, entry: Entry, began: int) -> bool:
        """Keep this answer. False if it is outdated, or too large for that."""
        with self._lock:
            size = _size(key, entry)
            if self.is_outdated(entry.answer.tags, began) or size > self._half // 4 or len(key[1]) > LONGEST_QUERY:
                return False
            if self._young.size + size > self._half:
                self._young, self._old = _Generation(), self._young
            self._young.put(key, entry)
        return True

    def changed_at(self, tags: Iterable[str]) -> float:
        """When the last change of any of these was heard of, in seconds since 1970."""
        ended = self._ended
        return max([self._floor[1], *(ended[tag][1] for tag in tags if tag in ended)])

    def end(self, tags: Iterable[str]) -> None:
        """Something has changed: drop every answer that shows one of these."""
        now = time()
        with self._lock:
            self._count += 1
            for tag in tags:
                if tag == EVERYTHING:
                    self._forget(now)
                    return
                self._ended[tag] = (self._count, now)
                self._young.drop(tag)
                self._old.drop(tag)
            if len(self._ended) > REMEMBERED:
                self._floor = (self._count, now)
                self._ended.clear()

    def _forget(self, now: float) -> None:
        self._young, self._old = _Generation(), _Generation()
        self._ended.clear()
        self._floor = (self._count, now)

    def is_outdated(self, tags: Iterable[str], began: int) -> bool:
        """Whether something that shows under these tags has changed since."""
        ended = self._ended
        return self._floor[0] > began or any(tag in ended and ended[tag][0] > began for tag in tags)

    def _renew(self, key: Key, entry: Entry) -> None:
        """What is asked for stays, when its generation goes."""
        with self._lock:
            if self._old.take(key) is entry and self._young.size + _size(key, entry) <= self._half:
                self._young.put(key, entry)
