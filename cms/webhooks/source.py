"""Where changes come from: the room's way to the log of what became public, which is the read side's.

The read side installs the log when it is loaded (as with ``cms.content.teasers``).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

#: The place before the first change.
BEGINNING = (0, 0)


@dataclass(frozen=True)
class Change:
    """One change of what is public about one page. ``cursor`` is its place as the list of changes takes it."""

    place: tuple[int, int]
    page_id: int
    kind: str
    type: str
    locale: str
    slug: str
    path: str
    url: str | None
    at: datetime
    cursor: str


@dataclass(frozen=True)
class Portion:
    """Changes in their order, and the place (position, mark) up to which they are all that there are.

    ``broken``: the log does not have the place that was asked for, so nobody can say what came after it.
    """

    changes: list[Change]
    end: tuple[int, int]
    has_more: bool
    broken: bool = False


class ChangeLog(Protocol):
    """What this room asks of the log."""

    def after(self, place: tuple[int, int], limit: int) -> Portion:
        """At most ``limit`` changes behind this place; none and ``broken``, if the log has no such place."""

    def end(self) -> tuple[int, int]:
        """The last place there is, with everything that was committed by now before it."""

    def address(self, place: tuple[int, int]) -> str:
        """Where a receiver reads what came after this place."""


_log: ChangeLog | None = None


def set_change_log(log: ChangeLog) -> None:
    """Install the log (once, at start)."""
    global _log
    _log = log


def change_log() -> ChangeLog:
    if _log is None:
        raise RuntimeError("No read side is installed: add 'api' to INSTALLED_APPS.")
    return _log
