"""Where changes come from: the room's way to the log of what became public, which is the read side's.

The read side installs the log when it is loaded (as with ``cms.content.teasers``).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Change:
    """One change of what is public about one page. ``before`` and ``cursor`` are places in the list of changes."""

    position: int
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
    """Changes in their order, and the place (position, page) up to which they are all that there are."""

    changes: list[Change]
    end: tuple[int, int]
    has_more: bool


class ChangeLog(Protocol):
    """What this room asks of the log."""

    def at(self, moment: datetime) -> tuple[int, int]:
        """The place of the last change before this moment."""

    def after(self, place: tuple[int, int], limit: int) -> Portion:
        """At most ``limit`` changes behind this place; from the end of the log, if it has no such place."""

    def end(self) -> tuple[int, int]:
        """The last place there is."""

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
