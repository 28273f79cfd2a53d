"""Pieces by outlet and by country: the same words in another case or with other spaces are one."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cms.contract import slugify


@dataclass
class Group:
    """What one outlet or one country is cited with: places of the pieces in the review, from 0."""

    slug: str
    name: str
    places: list[int] = field(default_factory=list)


def key(name: str) -> str:
    """The slug that a filter knows a name by: the same in every language of the newsroom; empty for no name."""
    return slugify(name, "uk", fallback="") if name.strip() else ""


def grouped(names: Iterable[str]) -> list[Group]:
    """Groups of equal names: what is cited most first, then what is cited first; the nameless at the end."""
    groups: dict[str, Group] = {}
    for place, name in enumerate(names):
        shown = " ".join(name.split())
        group = groups.setdefault(key(shown) or shown.casefold(), Group(key(shown), shown))
        group.places.append(place)
    return sorted(groups.values(), key=lambda group: (not group.name, -len(group.places), group.places[0]))
