"""How far back a search looks, and in which steps: time, cut so that each step holds some of the archive's pages.

A word that stands in every tenth page is found often enough among the newest ones; a rare one costs little anywhere.
So the work of a search does not grow with the archive. The database takes as many steps at once as what it found by
then makes likely to be enough.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from api.search import lexemes

#: Pages of a step at least; later ones hold this part of all pages before them. Behind so many, steps are whole months.
STEP, PART, FINE = 500, 1 / 4, 2_000
#: An archive of no more pages is looked through at once.
SMALL = 4_000
BEGINNING, END = datetime(1, 1, 2, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)


class Stretches(NamedTuple):
    """Stretches of time in the order in which they are looked into, as arrays that PostgreSQL reads.

    The tsquery of each is for its pages: it may cover more than the stretch, never less. ``pages`` is how many they
    are, about. A stretch that begins after its end is all that is not between these two.
    """

    queries: str
    begins: str
    ends: str
    pages: str


@dataclass(frozen=True)
class Span:
    """A time and how much was published in it. Whole months as they are counted; whole days as they are searched."""

    begin: datetime
    end: datetime
    pages: int


@lru_cache(maxsize=64)
def _months_of(spans: tuple[str, ...], this: int) -> list[Span]:
    """The months of several languages together, the newest first, from ``SearchSpan.months`` as JSON.

    They were counted some minutes ago: what is between them, and until the month after ``this``, is there too with
    nothing in it yet.
    """
    pages: dict[int, int] = {}
    for months in map(json.loads, spans):
        for number, count in months:
            pages[number] = pages.get(number, 0) + count
    if not pages:
        return []
    found: list[Span] = []
    for number in sorted(pages):
        if found and found[-1].end < _begin(number):
            found.append(Span(found[-1].end, _begin(number), 0))
        found.append(Span(_begin(number), _begin(_after(number)), pages[number]))
    if (end := _begin(_after(_after(this)))) > found[-1].end:
        found.append(Span(found[-1].end, end, 0))
    return found[::-1]


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
    within = [each for each in months if after < before and each.end > after and each.begin < before]
    counted = list(_steps([_between(each, after, before) for each in within], today, backward))
    if sum(each.pages for each in counted) <= SMALL:
        counted = []
    older, newer = _not_counted(counted, after, before)
    if backward:
        found = [older, *counted, newer]
    elif counted and after == BEGINNING and before == END:
        found = [*counted, replace(older, begin=newer.begin)]
    else:
        found = [*counted, older, newer]
    return _as_arrays(locales, found, after, before)


def _not_counted(counted: Sequence[Span], after: datetime, before: datetime) -> tuple[Span, Span]:
    """What lies outside of these steps: what is older than was counted yet, and a future that nobody counts."""
    begin = max(after, min((each.begin for each in counted), default=before))
    end = min(before, max((each.end for each in counted), default=before))
    return Span(after, begin, 0), Span(end, before, 0)


def _as_arrays(locales: Sequence[str], found: Sequence[Span], after: datetime, before: datetime) -> Stretches:
    """These, between the two moments. What is left of none of them is left out."""
    begins = [max(each.begin, after) for each in found]
    ends = [min(each.end, before) for each in found]
    kept = [place for place, each in enumerate(found) if begins[place] < ends[place] or each.begin > each.end]
    return Stretches(
        lexemes.array(lexemes.either(_times(locales, found[place])) for place in kept),
        lexemes.array(begins[place].isoformat() for place in kept),
        lexemes.array(ends[place].isoformat() for place in kept),
        lexemes.array(str(found[place].pages) for place in kept),
    )


def _between(month: Span, after: datetime, before: datetime) -> Span:
    """The days of this month that are not wholly before or behind these moments."""
    begin = max(month.begin, _midnight(after))
    end = month.end if before >= month.end else _midnight(before) + timedelta(days=1)
    return Span(begin, end, round(month.pages * ((end - begin) / (month.end - month.begin))))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _steps(months: Sequence[Span], today: datetime, backward: bool) -> Iterator[Span]:
    """Whole days, then months, that hold so many pages. A month's pages are taken as spread over its days."""
    seen = 0
    step: list[Span] = []
    for month in reversed(months) if backward else months:
        rest: Span | None = month
        while rest:
            wanted = max(STEP, int(seen * PART)) - sum(each.pages for each in step)
            part, rest = _cut(rest, wanted, today, backward) if seen < FINE else (rest, None)
            step.append(part)
            if part.pages >= wanted:
                yield _joined(step)
                seen += sum(each.pages for each in step)
                step = []
    if step:
        yield _joined(step)


def _cut(span: Span, pages: int, today: datetime, backward: bool) -> tuple[Span, Span | None]:
    """As many of its days as hold so many pages, from the side where one begins to look; and the others."""
    # Of this month only the days until today hold anything.
    written = min(span.end, max(today, span.begin) + timedelta(days=1))
    days = (written - span.begin).days
    taken = pages * days // max(span.pages, 1) + 1
    if span.pages <= 2 * pages or taken >= days:
        return span, None
    cut = span.begin + timedelta(days=taken) if backward else written - timedelta(days=taken)
    held = round(span.pages * taken / days)
    early, late = Span(span.begin, cut, 0), Span(cut, span.end, 0)
    first, second = (early, late) if backward else (late, early)
    return replace(first, pages=held), replace(second, pages=span.pages - held)


def _joined(spans: Sequence[Span]) -> Span:
    return Span(min(each.begin for each in spans), max(each.end for each in spans), sum(each.pages for each in spans))


def _times(locales: Sequence[str], span: Span) -> Iterator[str]:
    """The years, months and days that these whole days consist of; of what was not counted all there is."""
    if not span.pages:
        yield from (lexemes.filed("l", locale) for locale in locales)
        return
    begin = span.begin
    while begin < span.end:
        if begin.day == 1 and begin.month == 1 and (following := begin.replace(year=begin.year + 1)) <= span.end:
            yield from (lexemes.year(locale, begin.year) for locale in locales)
        elif begin.day == 1 and (following := _begin(_after(begin.year * 100 + begin.month))) <= span.end:
            yield from (lexemes.month(locale, begin.year, begin.month) for locale in locales)
        else:
            following = begin + timedelta(days=1)
            yield from (lexemes.day(locale, begin) for locale in locales)
        begin = following
