"""A place among the results of a search: what stands next to it, and the moment that the ranks are of."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api import opaque

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CursorError(ValueError):
    """Not a cursor that a search gave out."""


@dataclass(frozen=True)
class Place:
    """The place after (or, with ``backward``, before) one result.

    ``key`` is what the results are ordered by before their ids: points by relevance, microseconds since 1970 by time.
    ``as_of`` is when the first page was asked for: later publications are not among the results of the others.
    """

    sort: str
    key: int
    page: int
    as_of: datetime
    backward: bool = False

    @property
    def moment(self) -> datetime:
        """The key as a time."""
        return _EPOCH + timedelta(microseconds=self.key)

    def encode(self) -> str:
        seconds = int((self.as_of - _EPOCH).total_seconds())
        return opaque.encode(f"{'p' if self.backward else 'n'}.{self.sort}.{self.key}.{self.page}.{seconds}")

    @classmethod
    def decode(cls, text: str) -> "Place":
        """Raises CursorError for anything that ``encode`` did not make."""
        try:
            direction, sort, key, page, seconds = opaque.decode(text).split(".")
            as_of = _EPOCH + timedelta(seconds=int(seconds))
            found = cls(sort, int(key), int(page), as_of, direction == "p")
            if direction not in ("n", "p") or not 0 <= found.page < 2**63 or not 1970 <= as_of.year <= 9000:
                raise CursorError(text)
            if sort == "newest":
                if not 1 < found.moment.year < 9998:
                    raise CursorError(text)
            elif sort != "relevance" or abs(found.key) >= 2**31:
                raise CursorError(text)
            return found
        except (ValueError, OverflowError) as error:
            raise CursorError(text) from error
