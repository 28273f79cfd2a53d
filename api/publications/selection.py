"""What a list of publications is asked for: a value that filters fill, and ``statements`` makes SQL of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from api.publications.cursor import Order
from api.publications.shelves import AUTHOR, SECTION, TAG, in_section

#: SQL, each with its parameters; they are joined by AND.
Conditions = list[tuple[str, tuple[Any, ...]]]
_COLUMNS = {
    SECTION: "p.section = ANY(%s::text[])",
    AUTHOR: "p.authors && %s::varchar[]",
    TAG: "p.tags && %s::varchar[]",
}


@dataclass
class Selection:
    """Which publications, and in which order. Empty, it is what lists show in the newsroom's first language.

    ``locales`` are in the order of preference: what has a translation in an earlier one is left out of the later ones.
    None at all means all languages, each for itself. ``types`` empty means those that lists show unasked.
    """

    locales: Sequence[str] = (settings.LANGUAGE_CODE,)
    types: Sequence[str] = ()
    order: Order = Order.NEWEST
    #: Any of the values, for each name: ``{"tag": ["port", "more"], "section": ["misto"]}``.
    shelved: dict[str, list[str]] = field(default_factory=dict)
    #: Keys of which it must have each: ``["has=image", "has=video"]``.
    all_of: list[str] = field(default_factory=list)
    #: Conditions on the publication ``p``.
    conditions: Conditions = field(default_factory=list)
    #: By column (``published_at``, ``updated_at``): comparisons with moments.
    moments: dict[str, list[tuple[str, datetime]]] = field(default_factory=dict)
    #: Few rows fulfil a condition, and an index of its own finds them: the planner should look at it, and at no shelf.
    found_by_condition: bool = False

    def of_types(self, types: Iterable[str]) -> None:
        """Only these types; of none of them there is nothing."""
        self.types = list(types)
        if not self.types:
            self.find_nothing()

    def on_shelf(self, name: str, values: Iterable[str]) -> None:
        """Only what is found by one of these values of this name; by none of them there is nothing."""
        if wanted := list(dict.fromkeys(values)):
            self.shelved[name] = wanted
        else:
            self.find_nothing()

    def where(self, sql: str, *parameters: Any, finds: bool = False) -> None:
        """Only what fulfils this condition on ``p``; ``finds`` says that an index of its own leads to few rows."""
        self.conditions.append((sql, parameters))
        self.found_by_condition = self.found_by_condition or finds

    def find_nothing(self) -> None:
        """Nothing at all: PostgreSQL sees that before it reads a row."""
        self.where("false")

    def bound(self, column: str, comparison: str, moment: datetime) -> None:
        """Only what was published or updated, as the column says, ``>=`` or ``<`` this moment."""
        self.moments.setdefault(column, []).append((comparison, moment))

    def groups(self, *, of_a_section: bool) -> list[tuple[str, list[str]]]:
        """The names and values that content must stand on a shelf of, one of each.

        ``of_a_section``: there are shelves for one more name within each section, where no types are asked for.
        """
        every = [*self.shelved.items(), *map(_group, self.all_of)]
        sections = self.shelved.get(SECTION, [])
        if of_a_section and len(sections) == 1 and len(every) > 1:
            return [(in_section(sections[0], name), values) for name, values in every if name != SECTION]
        return every

    def shelf_conditions(self) -> Conditions:
        """What standing on the shelves means for the publication itself."""
        conditions: Conditions = [("p.keys @> %s::text[]", (self.all_of,))] if self.all_of else []
        for name, values in self.shelved.items():
            if name in _COLUMNS:
                conditions.append((_COLUMNS[name], (values,)))
            else:
                conditions.append(("p.keys && %s::text[]", ([f"{name}={value}" for value in values],)))
        return conditions

    @property
    def is_across(self) -> bool:
        """Whether it is ordered by one time and bounded by the other."""
        return bool(self.bounds_beside())

    def bounds_of(self, at: str) -> Conditions:
        """The comparisons on the column that ``at`` names, with or without its table."""
        bounds = self.moments.get(at.rpartition(".")[2], [])
        return [(f"{at} {comparison} %s::timestamptz", (moment,)) for comparison, moment in bounds]

    def bounds_beside(self) -> Conditions:
        """The comparisons on the column that the order is not of, as conditions on ``p``."""
        return self.bounds_of("p.updated_at" if self.order.column == "published_at" else "p.published_at")


def _group(key: str) -> tuple[str, list[str]]:
    name, _, value = key.partition("=")
    return name, [value]
