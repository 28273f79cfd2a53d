"""Lists of publications: one page of any list by one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from api.publications.cursor import Cursor
from api.publications.database import fetch
from api.publications.selection import Selection
from api.publications.statements import statement


class Row(NamedTuple):
    """One publication of a list: its time in the order of the list, its page, and its columns."""

    at: datetime
    page_id: int
    columns: tuple[Any, ...]


@dataclass(frozen=True)
class Listing:
    """One page of a list, and the cursors around it."""

    rows: list[Row]
    next: Cursor | None
    previous: Cursor | None

    @property
    def teasers(self) -> list[str]:
        """The first column of each row: its teaser as JSON text, unless others were asked for."""
        return [row.columns[0] for row in self.rows]


def listing(selection: Selection, *, size: int, cursor: Cursor | None = None, columns: str = "p.teaser") -> Listing:
    """``size`` publications of this selection from the cursor on. One statement, and few steps in an index.

    ``columns`` are SQL on ``p``. The cursor must be of the selection's order. Raises TooManyShelves.
    """
    backward = bool(cursor and cursor.backward)
    sql, parameters, walks = statement(selection, limit=size + 1, cursor=cursor, columns=columns)
    found = [Row(at, page_id, tuple(rest)) for at, page_id, *rest in fetch(sql, parameters, walks=walks)]
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    if not found:
        return Listing([], None, None)
    first, last, order = found[0], found[-1], selection.order
    has_next, has_previous = (True, more) if backward else (more, cursor is not None)
    return Listing(
        rows=found,
        next=Cursor(last.at, last.page_id, order=order) if has_next else None,
        previous=Cursor(first.at, first.page_id, backward=True, order=order) if has_previous else None,
    )
