"""How far back a search looks, and in which steps: the newest hundreds of pages, then some thousands, then all.

A word that stands in every tenth page is found often enough among the newest ones; a rare one costs little anywhere.
So the work of a search does not grow with the archive.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from api.search import lexemes

#: Pages in the first step and in those after it; behind them comes everything else at once.
STEPS = (500, 4_000, 32_000)
#: More months than these are asked for by their years.
_MOST_MONTHS = 18
BEGINNING, END = datetime(1, 1, 2, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)


class Stretches(NamedTuple):
    """Stretches of time in the order in which they are looked into, as arrays that PostgreSQL reads.

    The tsquery of each is for its pages. It may cover more than the stretch, never less.
    """

    queries: str
    begins: str
    ends: str


@dataclass(frozen=True)
class Stretch:
    """One of them."""

    query: str
    begin: datetime
    end: datetime


@dataclass(frozen=True)
class Month:
    begin: datetime
    end: datetime
    pages: int


@lru_cache(maxsize=64)
def _months_of(spans: tuple[str, ...], this: int) -> list[Month]:
    """The months of several languages together, the newest first, from ``SearchSpan.months`` as JSON.

    They were counted some minutes ago: all up to the one after ``this`` are there too, with nothing in them yet.
    """
    pages: dict[int, int] = {}
    for months in map(json.loads, spans):
        for number, count in months:
            pages[number] = pages.get(number, 0) + count
    if pages:
        number = max(pages)
        while number <= this:
            number = _after(number)
            pages[number] = 0
    return [Month(_begin(each), _begin(_after(each)), pages[each]) for each in sorted(pages, reverse=True)]


def _after(number: int) -> int:
    year, month = divmod(number, 100)
    return (year + month // 12) * 100 + month % 12 + 1


def _begin(number: int) -> datetime:
    return datetime(number // 100, number % 100, 1, tzinfo=UTC)


@lru_cache(maxsize=256)
def stretches(
    locales: tuple[str, ...],
    spans: tuple[str, ...],
    *,
    today: datetime,
    after: datetime = BEGINNING,
    before: datetime = END,
    backward: bool = False,
) -> Stretches:
    """The steps from ``before`` back to ``after``; with ``backward`` from ``after`` on. All are moments in UTC.

    ``spans`` says how much was published when (``SearchSpan.months``, as JSON, of each language), ``today`` is the
    midnight before this moment. The same searches ask for the same steps all day: they are kept.
    """
    months = _months_of(spans, today.year * 100 + today.month)
    found = _stretches(locales, [each for each in months if each.end > after and each.begin < before], today, backward)
    clipped = [Stretch(each.query, max(each.begin, after), min(each.end, before)) for each in found]
    return _as_arrays([each for each in clipped if each.begin < each.end])


def _as_arrays(found: Sequence[Stretch]) -> Stretches:
    return Stretches(
        lexemes.array(each.query for each in found),
        lexemes.array(each.begin.isoformat() for each in found),
        lexemes.array(each.end.isoformat() for each in found),
    )


def _stretches(locales: Sequence[str], months: Sequence[Month], today: datetime, backward: bool) -> list[Stretch]:
    """The steps through these months, and what is counted in none of them."""
    everything = lexemes.either(lexemes.filed("l", each) for each in locales)
    if sum(each.pages for each in months) <= 2 * STEPS[0]:
        return [Stretch(everything, BEGINNING, END)]
    if backward:
        found = list(_steps(locales, months[::-1], today, by_days=False))
        return [*found, Stretch(everything, found[-1].end, END)]
    found = list(_steps(locales, months, today, by_days=True))
    # A step that goes back to the first of the months goes on, to what is older and not counted yet.
    behind = found.pop().end if found[-1].begin == months[-1].begin else found[-1].begin
    # The last is for dates in a future that nobody counts; it is looked into if all others are not enough.
    return [*found, Stretch(everything, BEGINNING, behind), Stretch(everything, months[0].end, END)]


def _steps(locales: Sequence[str], months: Sequence[Month], today: datetime, *, by_days: bool) -> Iterator[Stretch]:
    place = 0
    for size in STEPS:
        taken: list[Month] = []
        while place < len(months) and sum(each.pages for each in taken) < size:
            taken.append(months[place])
            place += 1
        if not taken:
            return
        begin, end = min(each.begin for each in taken), max(each.end for each in taken)
        if by_days and size == STEPS[0] and sum(each.pages for each in taken) > 2 * size:
            newest = _newest_days(locales, taken, today, size)
            yield newest
            end = newest.begin
        yield Stretch(_query(locales, taken), begin, end)


def _newest_days(locales: Sequence[str], taken: Sequence[Month], today: datetime, size: int) -> Stretch:
    """The last so many days of these months that they may hold ``size`` pages."""
    written = [each for each in taken if each.pages]
    last = min(written[0].end, today + timedelta(days=1)) - timedelta(microseconds=1)
    days = (last - written[-1].begin).days + 1
    needed = int(size * days / sum(each.pages for each in written)) + 1
    begin = datetime(last.year, last.month, last.day, tzinfo=UTC) - timedelta(days=min(needed, days - 1))
    end = taken[0].end
    query = lexemes.either(
        [
            *(
                lexemes.day(locale, begin + timedelta(days=each))
                for locale in locales
                for each in range((written[0].end - begin).days)
            ),
            *(
                lexemes.month(locale, each.begin.year, each.begin.month)
                for locale in locales
                for each in taken
                if not each.pages
            ),
        ]
    )
    return Stretch(query, begin, end)


def _query(locales: Sequence[str], taken: Sequence[Month]) -> str:
    if len(taken) > _MOST_MONTHS:
        years = sorted({each.begin.year for each in taken})
        return lexemes.either(lexemes.year(locale, year) for locale in locales for year in years)
    return lexemes.either(
        lexemes.month(locale, each.begin.year, each.begin.month) for locale in locales for each in taken
    )
