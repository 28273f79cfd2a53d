"""The statements that lists are read by. None of them counts, skips or sorts what the page does not show.

There are three ways to a page, and the question decides:

- *along shelves* (see ``shelves``), one or a few merged in the order of the list: what most lists are;
- *along the emptiest*, where it must stand on several: a step along that one looks whether it stands on the others;
- *as planned*, where a condition finds few rows by itself, or the order is of updates: PostgreSQL's planner knows best.
"""

from typing import Any

from api.publications.cursor import Cursor
from api.publications.selection import Conditions, Selection
from api.publications.shelves import shelf
from api.publications.visibility import VISIBLE, hidden_types, shown_types

#: Shelves that are merged as they are read; of more each is read for itself, which costs a page from each.
_MERGED = 64
#: Shelves that one list is read from, at most.
MOST_SHELVES = 500
Statement = tuple[str, list[Any]]


class TooManyShelves(ValueError):  # noqa: N818  (named for what is wrong)
    """The values of a selection combine to more than ``MOST_SHELVES``."""


def statement(selection: Selection, *, limit: int, cursor: Cursor | None, columns: str) -> tuple[str, list[Any], bool]:
    """The statement for ``limit`` rows of ``(time in the order, page id, *columns)`` from the cursor on.

    With its parameters, and whether it walks: its plan does not depend on them. Raises TooManyShelves.
    """
    types = list(selection.types)
    hidden = hidden_types()
    if hidden:
        types = [name for name in types or shown_types() if name not in hidden]
    page = _Page(selection, types, bool(hidden), limit, cursor, columns)
    if selection.found_by_condition or selection.is_across or not selection.locales:
        return (*page.planned(), False)
    if hidden and not types:
        types.append(_NO_TYPE)
    groups = selection.groups(of_a_section=not types)
    if selection.order.column == "updated_at":
        return (*page.planned(), False) if groups else (*page.merged(page.by_update()), True)
    if len(groups) > 1:
        return (*page.emptiest(groups), True)
    shelves = page.shelves(*(groups or [("", [""])])[0])
    return (*(page.merged(page.by_shelf(shelves)) if len(shelves) <= _MERGED else page.each(shelves)), True)


#: Stands for the types of a list that has none to show now.
_NO_TYPE = "-"


class _Page:
    """One page of one list, as SQL."""

    def __init__(
        self, selection: Selection, types: list[str], hidden: bool, limit: int, cursor: Cursor | None, columns: str
    ) -> None:
        self.selection, self.types, self.hidden = selection, types, hidden
        self.limit, self.cursor, self.columns = limit, cursor, columns
        self.backward = bool(cursor and cursor.backward)
        self.direction = " DESC" if selection.order.descending != self.backward else ""

    # --- along shelves ------------------------------------------------------------------------------------------

    def shelves(self, name: str, values: list[str]) -> list[str]:
        """Every shelf on which it may stand to be found by one of these values."""
        types, locales = self.types or [""], self.selection.locales
        if len(locales) * len(types) * len(values) > MOST_SHELVES:
            raise TooManyShelves
        return [shelf(locale, type, name, value) for locale in locales for type in types for value in values]

    def by_shelf(self, shelves: list[str]) -> list[Statement]:
        """What stands on each of these shelves, in the order of the list."""
        bounds, parameters = _and(self._bounds("published_at", "page_id"))
        sql = (
            f"SELECT published_at AS at, page_id FROM api_filing WHERE shelf = %s::text{bounds}"
            f" ORDER BY {self._order('published_at', 'page_id')}"
        )
        return [(sql, [name, *parameters]) for name in shelves]

    def by_update(self) -> list[Statement]:
        """What there is of each type in each language, in the order of updates."""
        bounds, parameters = _and(self._bounds("updated_at", "page_id"))
        sql = (
            f"SELECT updated_at AS at, page_id FROM api_publication WHERE locale = %s::text AND type = %s::text{bounds}"
            f" ORDER BY {self._order('updated_at', 'page_id')}"
        )
        types = self.types or shown_types() or [_NO_TYPE]
        return [(sql, [locale, type, *parameters]) for locale in self.selection.locales for type in types]

    def merged(self, sources: list[Statement]) -> Statement:
        """What these sources give, each in the order of the list, merged as it is read."""
        conditions, parameters = _and(
            [*self.selection.bounds_beside(), *self.selection.conditions, *self._in_one_language()]
        )
        once = "DISTINCT ON (f.at, f.page_id) " if len(sources) > 1 else ""
        every = " UNION ALL ".join(f"({sql})" for sql, _ in sources)
        sql = (
            f"SELECT {once}f.at, f.page_id, {self.columns} FROM ({every}) f"
            f" JOIN api_publication p ON p.page_id = f.page_id WHERE {VISIBLE.format('p')}{conditions}"
            f" ORDER BY {self._order('f.at', 'f.page_id')} LIMIT {self.limit:d}"
        )
        return sql, [*(value for _, each in sources for value in each), *parameters]

    def each(self, shelves: list[str]) -> Statement:
        """A page from each of these shelves, and a page of them."""
        conditions = [*self.selection.conditions, *self._in_one_language()]
        return self._page_of_each("unnest(%s::text[])", [shelves], conditions)

    # --- along the emptiest -------------------------------------------------------------------------------------

    def emptiest(self, groups: list[tuple[str, list[str]]]) -> Statement:
        """Along the shelves of the group on which fewest stand, looking whether it stands on the others' too."""
        shelves = [self.shelves(name, values) for name, values in groups]
        asked = ", ".join(f"({place}, %s::text[])" for place in range(len(shelves)))
        source = (
            "(SELECT unnest(shelves), place FROM"
            f" (SELECT place, shelves FROM (VALUES {asked}) AS asked (place, shelves)"
            " ORDER BY (SELECT coalesce(sum(count), 0) FROM api_shelf WHERE api_shelf.shelf = ANY(asked.shelves))"
            " LIMIT 1) emptiest)"
        )
        # A scalar subquery: PostgreSQL would make a join of EXISTS, and read the fuller shelf from end to end.
        stands_there: Conditions = [
            (
                f"(s.place = {place} OR (SELECT true FROM api_filing o WHERE o.shelf = ANY(%s::text[])"
                " AND o.published_at = f.published_at AND o.page_id = f.page_id LIMIT 1))",
                (names,),
            )
            for place, names in enumerate(shelves)
        ]
        conditions = [*stands_there, *self.selection.conditions, *self._in_one_language()]
        return self._page_of_each(source, list(shelves), conditions, ", place")

    def _page_of_each(self, source: str, parameters: list[Any], conditions: Conditions, more: str = "") -> Statement:
        bounds, bound_parameters = _and(self._bounds("f.published_at", "f.page_id"))
        where, condition_parameters = _and(conditions)
        sql = (
            f"SELECT DISTINCT ON (found.at, found.page_id) found.* FROM {source} AS s (shelf{more})"
            f" CROSS JOIN LATERAL (SELECT f.published_at AS at, f.page_id, {self.columns} FROM api_filing f"
            f" JOIN api_publication p ON p.page_id = f.page_id WHERE f.shelf = s.shelf{bounds}"
            f" AND {VISIBLE.format('p')}{where} ORDER BY {self._order('f.published_at', 'f.page_id')}"
            f" LIMIT {self.limit:d}) found ORDER BY {self._order('found.at', 'found.page_id')} LIMIT {self.limit:d}"
        )
        return sql, [*parameters, *bound_parameters, *condition_parameters]

    # --- as planned ---------------------------------------------------------------------------------------------

    def planned(self) -> Statement:
        """Everything as a condition on the publications themselves."""
        column, locales = f"p.{self.selection.order.column}", list(self.selection.locales)
        conditions: Conditions = []
        if len(locales) == 1:
            conditions.append(("p.locale = %s::text", (locales[0],)))
        elif locales:
            conditions.append(("p.locale = ANY(%s::text[])", (locales,)))
        conditions += self._of_types()
        conditions += [*self.selection.shelf_conditions(), *self.selection.conditions, *self._in_one_language()]
        where, parameters = _and([*conditions, *self._bounds(column, "p.page_id"), *self.selection.bounds_beside()])
        sql = (
            f"SELECT {column}, p.page_id, {self.columns} FROM api_publication p WHERE {VISIBLE.format('p')}{where}"
            f" ORDER BY {self._order(column, 'p.page_id')} LIMIT {self.limit:d}"
        )
        return sql, parameters

    # --- parts --------------------------------------------------------------------------------------------------

    def _of_types(self) -> Conditions:
        conditions: Conditions = []
        if self.types or self.hidden:
            conditions.append(("p.type = ANY(%s::text[])", (self.types,)))
        if not self.selection.types:
            conditions.append(("p.listed", ()))
        return conditions

    def _bounds(self, at: str, page_id: str) -> Conditions:
        """Between which times, and from where on."""
        bounds = self.selection.bounds_of(at)
        if self.cursor:
            side = "<" if self.direction else ">"
            values = (self.cursor.at, self.cursor.page_id)
            bounds.append((f"({at}, {page_id}) {side} (%s::timestamptz, %s::bigint)", values))
        return bounds

    def _order(self, at: str, page_id: str) -> str:
        return f"{at}{self.direction}, {page_id}{self.direction}"

    def _in_one_language(self) -> Conditions:
        """Of each piece of content only the page in the first of these languages that has it."""
        locales = list(self.selection.locales)
        if len(locales) < 2:
            return []
        has_none_earlier = (
            "NOT EXISTS (SELECT 1 FROM api_publication e WHERE e.translation_key = p.translation_key"
            " AND e.type = p.type AND array_position(%s::text[], e.locale::text)"
            f" < array_position(%s::text[], p.locale::text) AND {VISIBLE.format('e')})"
        )
        return [(has_none_earlier, (locales, locales))]


def _and(conditions: Conditions) -> Statement:
    return "".join(f" AND {sql}" for sql, _ in conditions), [value for _, each in conditions for value in each]
