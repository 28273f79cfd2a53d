"""Cursors: a place in a list ordered by time that holds while things are added before it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from api import opaque

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 80


class CursorError(ValueError):
    """Not a cursor that this API gave out."""


class Order(StrEnum):
    """The orders that lists come in. What has the same time stands in the order of its ids."""

    NEWEST = "-published_at"
    OLDEST = "published_at"
    LATEST_UPDATE = "-updated_at"
    EARLIEST_UPDATE = "updated_at"

    @property
    def column(self) -> str:
        return self.value.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.value.startswith("-")


#: How cursors name the order that they belong to.
_LETTERS = {Order.NEWEST: "", Order.OLDEST: "o", Order.LATEST_UPDATE: "u", Order.EARLIEST_UPDATE: "e"}
_ORDERS = {letter: order for order, letter in _LETTERS.items()}


@dataclass(frozen=True)
class Cursor:
    """The place just after (or, with ``backward``, just before) one publication, whose time in the order is ``at``."""

    at: datetime
    page_id: int
    backward: bool = False
    order: Order = Order.NEWEST

    def encode(self) -> str:
        microseconds = (self.at - _EPOCH) // timedelta(microseconds=1)
        plain = f"{'p' if self.backward else 'n'}{_LETTERS[self.order]}.{microseconds}.{self.page_id}"
        return opaque.encode(plain)

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Raises CursorError for anything that ``encode`` did not make."""
        try:
            if len(text) > _LONGEST:
                raise CursorError(text)
            kind, microseconds, page_id = opaque.decode(text).split(".")
            at = _EPOCH + timedelta(microseconds=int(microseconds))
            cursor = cls(at, int(page_id), kind[:1] == "p", _ORDERS[kind[1:]])
            # Whatever else Python reads as the same numbers is not what was given out. Ids are of 63 bits, and
            # PostgreSQL knows no times before 4713 BC: Python none before year 1.
            if kind[:1] not in ("n", "p") or not 0 <= cursor.page_id < 2**63 or cursor.encode() != text.rstrip("="):
                raise CursorError(text)
        except (KeyError, ValueError, OverflowError) as error:
            raise CursorError(text) from error
        return cursor
