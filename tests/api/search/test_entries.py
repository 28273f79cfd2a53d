"""What search reads is written with the publication, goes with it, and is made good by the worker if it is missing."""

from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.search import index, months
from api.search.finding import RANKED
from api.search.models import SearchEntry, SearchSpan, SearchUnread, SearchWord
from tests.support.content import api, at, make_article
from tests.support.importing import item, load
from workers.app import app
from workers.schedule import beat_schedule
from workers.tasks import search as tasks

pytestmark = pytest.mark.django_db


def found(client: Client, question: str) -> list[str]:
    return [each["headline"] for each in api(client, "/search/", q=question)["results"]]


def test_an_entry_is_written_in_the_transaction_that_publishes(client: Client) -> None:
    class ChangedMindError(Exception):
        pass

    with pytest.raises(ChangedMindError), transaction.atomic():
        make_article("Кубок здобуто")
        assert found(client, "кубки") == ["Кубок здобуто"]
        raise ChangedMindError

    assert found(client, "кубки") == []
    assert not SearchEntry.objects.exists()


def test_an_entry_goes_with_its_publication_whoever_deletes_it(client: Client) -> None:
    page = make_article("Кубок здобуто")

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM api_publication WHERE page_id = %s", [page.pk])

    assert not SearchEntry.objects.exists()
    assert not SearchUnread.objects.exists()
    assert found(client, "кубки") == []


def test_the_worker_makes_entries_that_are_missing_or_of_older_rules(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing, old, new = (make_article(f"Кубок {name}") for name in ("перший", "другий", "третій"))
    SearchEntry.objects.filter(pk=missing.pk).delete()
    SearchEntry.objects.filter(pk=old.pk).update(rules=index.RULES - 1, vector="", head="")
    assert found(client, "кубок") == [new.title]
    monkeypatch.setattr(tasks, "PORTION", 1)

    tasks.fill_search()

    assert set(found(client, "кубок")) == {missing.title, old.title, new.title}
    assert not SearchEntry.objects.exclude(rules=index.RULES).exists()
    assert index.fill(10) == 0, "what is made is not made again"


def test_republishing_makes_every_entry_anew(client: Client) -> None:
    page = make_article("Кубок здобуто")
    SearchEntry.objects.filter(pk=page.pk).delete()

    call_command("republish", "--all", verbosity=0)

    assert found(client, "кубки") == ["Кубок здобуто"]


def test_the_worker_learns_words_of_what_was_published_once() -> None:
    make_article("Кубок кубка", tags=["перемога"])
    make_article("Кубок")
    assert SearchUnread.objects.count() == 2

    tasks.learn_words()
    tasks.learn_words()

    frequencies = dict(SearchWord.objects.filter(locale="uk").values_list("form", "frequency"))
    assert frequencies["кубок"] == 2
    assert frequencies["кубка"] == 1
    assert frequencies["перемога"] == 1
    assert not SearchUnread.objects.exists()


def test_the_worker_measures_how_much_was_published_when() -> None:
    for moment in ("2026-11-02T09Z", "2026-11-20T23:59Z", "2024-02-01T00Z"):
        make_article(published_at=at(moment))
    make_article(locale="en", published_at=at("2026-11-02T09Z"))

    tasks.measure_search()
    tasks.measure_search()

    assert SearchSpan.objects.get(pk="uk").months == [[202611, 2], [202402, 1]]
    assert SearchSpan.objects.get(pk="en").months == [[202611, 1]]


def test_old_and_new_are_found_whatever_was_measured(client: Client) -> None:
    make_article("Кубок старий", published_at=at("1999-02-01T09Z"))
    tasks.measure_search()
    make_article("Кубок новий", published_at=at("2026-11-20T09Z"))
    future = make_article("Кубок майбутній")
    SearchEntry.objects.filter(pk=future.pk).update(published_at=at("2031-11-20T09Z"))

    assert len(found(client, "кубок")) == 3


def test_what_was_measured_is_read_once_a_minute(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_read(question: str, **parameters: str) -> bool:
        with CaptureQueriesContext(connection) as queries:
            api(client, "/search/", q=question, **parameters)
        assert "api_searchword" in str(queries.captured_queries)
        return "api_searchspan" in str(queries.captured_queries)

    assert is_read("кубок")
    assert not is_read("перемога")
    assert is_read("cup", locale="en")
    monkeypatch.setattr(months, "monotonic", lambda: monotonic() + months.KEPT)
    assert is_read("матч")


def test_the_steps_back_in_time_lose_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [make_article("Кубок", published_at=at(f"20{year}-{month:02}-03T09Z")) for year in (19, 24, 26)
            for month in (1, 2, 7)]  # fmt: skip
    # As of an archive of thousands: each step takes what is counted in months.
    months = [[202611, 0], *([int(f"20{year}{month:02}"), 700] for year in (26, 24, 19) for month in (7, 2, 1))]
    SearchSpan.objects.create(locale="uk", months=months)

    every, parameters = [], {"q": "кубок", "sort": "newest", "page_size": 2}
    while parameters:
        answer = api(client, "/search/", **parameters)
        every += [each["id"] for each in answer["results"]]
        parameters = _parameters(answer["next"])

    assert every == [page.pk for page in reversed(made)]
    assert len(api(client, "/search/", q="кубок", page_size=50)["results"]) == len(made)


def test_an_old_headline_is_found_behind_more_matches_than_are_ranked(client: Client) -> None:
    headed = [make_article("Кубок", published_at=at(moment)) for moment in ("2009-03-03T09Z", "2020-05-03T09Z")]
    days = [f"2026-{month:02}-{day:02}T09:00:00+00:00" for month in (8, 9, 10) for day in range(1, 29)]
    assert len(days) > RANKED
    load(*(item(f"a-{day}", published_at=day, body_html="<p>Про кубок.</p>") for day in days))
    # As of an archive of thousands: what is looked for lies some steps back.
    months = [[202610, 900], [202609, 900], [202608, 900], [202005, 9_000], [200903, 9_000]]
    SearchSpan.objects.create(locale="uk", months=months)

    results = api(client, "/search/", q="кубок", page_size=50)["results"]

    assert [each["id"] for each in results[:2]] == [page.pk for page in reversed(headed)]
    assert len(results) == 50


def _parameters(address: str | None) -> dict[str, Any]:
    return dict(parse_qsl(urlsplit(address).query)) if address else {}


def test_beat_asks_for_it() -> None:
    entries = {each["task"]: each["options"]["queue"] for each in beat_schedule().values()}

    for task in (tasks.fill_search, tasks.learn_words, tasks.sweep_words, tasks.measure_search):
        assert entries[task.name] == "background"
        assert task.name in app.tasks
