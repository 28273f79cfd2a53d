"""One rendering at a time of one address: whoever asks meanwhile waits for it and takes what it brings."""

from threading import Event, Lock

from api.edge.entries import Entry
from api.edge.store import Key

#: Seconds for which somebody waits for another's rendering before rendering it anew.
PATIENCE = 5.0


class Flight:
    """One rendering under way."""

    __slots__ = ("_landed", "brought", "was_overtaken", "was_too_heavy")

    def __init__(self) -> None:
        self._landed = Event()
        #: What it brings, if that is good for others too.
        self.brought: Entry | None = None
        #: Something that it shows has changed meanwhile; or the database gave up on it.
        self.was_overtaken = self.was_too_heavy = False

    def wait(self) -> None:
        """Until it is back, or patience ends."""
        self._landed.wait(PATIENCE)

    def land(self) -> None:
        self._landed.set()


class Flights:
    """The renderings under way in this process."""

    def __init__(self) -> None:
        self._under_way: dict[Key, Flight] = {}
        self._lock = Lock()

    def join(self, key: Key) -> tuple[Flight, bool]:
        """The flight to this address, and whether the caller is its pilot, who renders and then calls ``end``."""
        with self._lock:
            if (flight := self._under_way.get(key)) is not None:
                return flight, False
            flight = self._under_way[key] = Flight()
            return flight, True

    def end(self, key: Key, flight: Flight) -> None:
        """The pilot is back; waiting ones may go on."""
        with self._lock:
            if self._under_way.get(key) is flight:
                del self._under_way[key]
        flight.land()
