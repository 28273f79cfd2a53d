"""The steps in which a search looks back: together all of time, each of it once."""

import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest

from api.search.stretches import BEGINNING, END, SMALL, Stretches, stretches
from tests.support.content import at

TODAY = at("2026-11-23T00Z")
AN_HOUR = timedelta(hours=1)
#: An archive with a gap, that ends before today; one that goes on today; one that is small.
ARCHIVES = {
    "ended": [[year * 100 + month, 3_000] for year in (2025, 2024, 2019) for month in range(12, 0, -1)],
    "goes on": [[202612, 1], [202611, 2_500], [202610, 2_900], [202609, 40], [202401, 9_000]],
    "small": [[202611, 900], [202609, SMALL - 900]],
    "none": [],
}
MOMENTS = [BEGINNING, at("2001-01-01T00Z"), at("2019-06-15T10:30Z"), at("2026-11-20T09Z"), END]
BETWEEN = [pair for pair in itertools.product(MOMENTS, MOMENTS) if pair[0] < pair[1]]


def steps(archive: str, *, after: datetime = BEGINNING, before: datetime = END, backward: bool = False) -> Stretches:
    spans = (json.dumps(ARCHIVES[archive]),)
    return stretches(("uk",), spans, today=TODAY, after=after, before=before, backward=backward)


def read(array: str) -> list[str]:
    """The elements of an array as PostgreSQL reads it."""
    return [each.strip('"') for each in array[1:-1].split(",")]


def times(found: Stretches) -> list[tuple[datetime, datetime]]:
    ends = zip(read(found.begins), read(found.ends), strict=True)
    return [(datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in ends]


@pytest.mark.parametrize("archive", ARCHIVES)
@pytest.mark.parametrize(("after", "before"), BETWEEN)
@pytest.mark.parametrize("backward", [False, True])
def test_each_moment_is_looked_into_once(archive: str, after: datetime, before: datetime, backward: bool) -> None:
    found = times(steps(archive, after=after, before=before, backward=backward))

    parts = [(begin, end) for begin, end in found if begin < end]
    for begin, end in found:
        if begin > end:  # all that is not between
            parts += [(BEGINNING, end), (begin, END)]
    parts.sort()
    assert (parts[0][0], parts[-1][1]) == (after, before)
    assert all(earlier[1] == later[0] for earlier, later in itertools.pairwise(parts))


@pytest.mark.parametrize("archive", ARCHIVES)
@pytest.mark.parametrize("backward", [False, True])
def test_what_is_counted_is_looked_into_in_its_order(archive: str, backward: bool) -> None:
    after = at("2019-01-01T00Z") if backward else BEGINNING
    begins = [begin for begin, end in times(steps(archive, after=after, backward=backward)) if begin < end]

    assert begins == sorted(begins, reverse=not backward)


def test_a_day_is_asked_for_by_its_lexeme_or_its_months_or_its_years() -> None:
    found = steps("goes on")

    for query, (begin, end) in zip(read(found.queries), times(found), strict=True):
        day = begin
        while day < end:
            assert any(f"':t:uk:{day:{form}}'" in query for form in ("%Y", "%Y-%m", "%Y-%m-%d")), (day, query)
            day += timedelta(days=1)
    assert read(found.queries)[-1] == "':l:uk'", "what nobody counted is asked for by its language"


def test_the_first_steps_are_short_and_later_ones_longer() -> None:
    pages = [int(each) for each in read(steps("ended").pages)]

    assert pages[0] < 1_000
    assert max(pages) > 3_000
    assert sum(pages) == sum(count for _, count in ARCHIVES["ended"])


@pytest.mark.parametrize("archive", ARCHIVES)
@pytest.mark.parametrize(
    ("after", "before"), [("2026-11-20T09Z", "2026-11-05T09Z"), ("2025-03-05T09Z", "2019-01-01T00Z")]
)
def test_between_a_moment_and_an_earlier_one_is_nothing(archive: str, after: str, before: str) -> None:
    assert steps(archive, after=at(after), before=at(before)).begins == "{}"
    assert steps(archive, after=at(after), before=at(before), backward=True).begins == "{}"


def test_time_has_an_end() -> None:
    latest = datetime.max.replace(tzinfo=UTC)

    assert times(steps("ended", before=latest))[0] == times(steps("ended"))[0]


def test_a_small_archive_is_looked_through_at_once() -> None:
    assert times(steps("small")) == [(BEGINNING, END)]


def test_an_hour_of_a_large_archive_is_one_step() -> None:
    begin = datetime(2025, 3, 5, 10, tzinfo=UTC)

    assert times(steps("ended", after=begin, before=begin + AN_HOUR)) == [(begin, begin + AN_HOUR)]
