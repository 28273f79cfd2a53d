"""How far back a search looks, and in which steps: the newest hundreds of pages, then some thousands, then all.

A word that stands in every tenth page is found often enough among the newest ones; a rare one costs little anywhere.
So the work of a search does not grow with the archive.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.search import lexemes

#: Pages in the first step and in those after it; behind them comes everything else at once.
STEPS = (500, 4_000, 32_000)
#: More months than these are asked for by their years.
_MOST_MONTHS = 18
BEGINNING, END = datetime(1, 1, 2, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Stretch:
    """A stretch of time, and the tsquery for its pages. A query may cover more than the stretch, never less."""

    query: str
    begin: datetime
    end: datetime


@dataclass(frozen=True)
class Month:
    begin: datetime
    end: datetime
    pages: int


def months_of(spans: Iterable[Iterable[Sequence[int]]], now: datetime) -> list[Month]:
    """The months of several languages together, the newest first, from ``SearchSpan.months``.

    They were counted some minutes ago: the month after this one is there too, with nothing in it yet.
    """
    pages: dict[int, int] = {}
    for months in spans:
        for number, count in months:
            pages[number] = pages.get(number, 0) + count
    if pages:
        this = now.year * 100 + now.month
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


def stretches(
    locales: Sequence[str],
    months: Sequence[Month],
    *,
    after: datetime = BEGINNING,
    before: datetime = END,
    now: datetime = END,
    backward: bool = False,
) -> list[Stretch]:
    """The steps from ``before`` back to ``after``; with ``backward`` from ``after`` on. All are moments in UTC."""
    everything = lexemes.either(lexemes.filed("l", each) for each in locales)
    within = [each for each in months if each.end > after and each.begin < before]
    if sum(each.pages for each in within) <= 2 * STEPS[0]:
        return [Stretch(everything, after, before)]
    if backward:
        found = list(_steps(locales, within[::-1], now, by_days=False))
        rest = [Stretch(everything, found[-1].end, END)]
    else:
        found = list(_steps(locales, within, now, by_days=True))
        # The last is for dates in a future that nobody counts; it is looked into if all others are not enough.
        rest = [Stretch(everything, BEGINNING, found[-1].begin), Stretch(everything, found[0].end, END)]
    clipped = [Stretch(each.query, max(each.begin, after), min(each.end, before)) for each in (*found, *rest)]
    return [each for each in clipped if each.begin < each.end]


def _steps(locales: Sequence[str], months: Sequence[Month], now: datetime, *, by_days: bool) -> Iterator[Stretch]:
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
            newest = _newest_days(locales, taken, now, size)
            yield newest
            end = newest.begin
        yield Stretch(_query(locales, taken), begin, end)


def _newest_days(locales: Sequence[str], taken: Sequence[Month], now: datetime, size: int) -> Stretch:
    """The last so many days of these months that they may hold ``size`` pages."""
    written = [each for each in taken if each.pages]
    last = min(written[0].end, now) - timedelta(microseconds=1)
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
