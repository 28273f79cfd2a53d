"""Cursors: a place in a list ordered by time, newest first, that holds while things are added before it."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CursorError(ValueError):
    """Not a cursor that this API gave out."""


@dataclass(frozen=True)
class Cursor:
    """The place just after (or, with ``backward``, just before) one publication."""

    published_at: datetime
    page_id: int
    backward: bool = False

    def encode(self) -> str:
        microseconds = (self.published_at - _EPOCH) // timedelta(microseconds=1)
        plain = f"{'p' if self.backward else 'n'}.{microseconds}.{self.page_id}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Raises CursorError for anything that ``encode`` did not make."""
        try:
            plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
            direction, microseconds, page_id = plain.split(".")
            if direction not in ("n", "p") or not 0 <= int(page_id) < 2**63:
                raise CursorError(text)
            return cls(_EPOCH + timedelta(microseconds=int(microseconds)), int(page_id), direction == "p")
        except (ValueError, OverflowError, binascii.Error) as error:
            raise CursorError(text) from error
