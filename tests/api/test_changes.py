"""The log of changes: what is told of a page, what a cursor may be, and what is forgotten after months."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import takewhile
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from api.publications import changes, writer
from api.publications.changes import Change, Place
from api.publications.models import Publication
from tests.support.content import api, follow, make_article, make_page, problem


def kinds(rows: list[Any]) -> list[str]:
    return [row["kind"] for row in rows]


@pytest.fixture
def now(db: None, client: Client) -> str:
    """The end of the log."""
    return follow(client)[1]


@pytest.mark.django_db
def test_a_page_is_followed_from_its_first_day_to_its_last(client: Client, now: str) -> None:
    page = make_article("Кран")
    page.title = "Кран стоїть"
    page.save_revision().publish()
    page.unpublish()
    page.save_revision().publish()
    page.delete()

    rows, _next = follow(client, now)

    assert kinds(rows) == ["publish", "update", "unpublish", "publish", "unpublish", "delete"]
    assert {row["id"] for row in rows} == {page.pk}
    assert {(row["type"], row["locale"], row["slug"]) for row in rows} == {("article", "uk", "kran")}
    assert all(row["path"].endswith("/kran/") and row["at"].endswith("Z") for row in rows)
    assert {row["url"] for row in rows} == {None}, "it is nowhere any more"


@pytest.mark.django_db
def test_what_is_public_has_its_address(client: Client, now: str) -> None:
    page = make_article("Порт")

    (row,), _next = follow(client, now)

    assert row["url"] == page.specific.public_url
    assert row["url"].endswith(row["path"])


@pytest.mark.django_db
def test_a_draft_and_a_rewrite_without_a_difference_are_no_change(client: Client, now: str) -> None:
    page = make_article("Причал")
    _rows, since = follow(client, now)

    page.title = "Чернетка"
    page.save_revision()
    make_article("Ще не готово", live=False).delete()
    writer.rewrite([page.pk])

    assert follow(client, since) == ([], since)


@pytest.mark.django_db
def test_a_section_with_another_name_is_an_update_of_its_articles(client: Client, now: str) -> None:
    from tests.support.content import make_section

    section = make_section("Порт")
    page = make_article("Кран", section=section)
    _rows, since = follow(client, now)

    section.name = "Гавань"
    section.save()
    writer.rewrite([page.pk])

    assert kinds(follow(client, since)[0]) == ["update"]


@pytest.mark.django_db
def test_pages_are_cut_where_the_follower_asks(client: Client, now: str) -> None:
    pages = [make_article(f"Новина {n}") for n in range(5)]

    first = api(client, "/changes/", since=now, page_size=2)
    second = api(client, "/changes/", since=first["next"], page_size=2)
    third = api(client, "/changes/", since=second["next"], page_size=2)

    assert [first["has_more"], second["has_more"], third["has_more"]] == [True, True, False]
    assert [row["id"] for each in (first, second, third) for row in each["results"]] == [page.pk for page in pages]
    exactly = api(client, "/changes/", since=now, page_size=5)
    assert not exactly["has_more"]
    assert exactly["next"] == third["next"]


@pytest.mark.django_db
def test_filters_pass_over_what_is_not_asked_for_and_still_go_on(
    client: Client, now: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "WINDOW", 2)
    articles = [make_article(f"Новина {n}") for n in range(5)]
    other = make_article("Piece", locale="en")
    articles[0].unpublish()

    assert [row["id"] for row in follow(client, now, locale="en")[0]] == [other.pk]
    assert [row["id"] for row in follow(client, now, kind="unpublish")[0]] == [articles[0].pk]
    assert kinds(follow(client, now, kind="unpublish,delete", type="article", locale="uk,ru")[0]) == ["unpublish"]
    assert follow(client, now, type="front")[0] == []
    first = api(client, "/changes/", since=now, locale="en")
    assert (first["results"], first["has_more"]) == ([], True)
    assert first["next"] != now


@pytest.mark.django_db
def test_a_front_page_is_followed_too(client: Client, now: str) -> None:
    from tests.support.content import fill_front

    page = make_article("Кран")
    front = fill_front(page)

    rows, _next = follow(client, now, type="front")

    assert {row["id"] for row in rows} == {front.pk}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "since", ["x", "%%%", "c.1.2", "Yy4xLjI=", "бачили", "0" * 500, Place(-1, 1).encode(), Place(2**64, 1).encode()]
)
def test_garbage_is_no_cursor(client: Client, since: str) -> None:
    assert problem(client, "/changes/", 400, since=since)["errors"][0]["field"] == "since"


@pytest.mark.django_db
def test_a_cursor_of_the_future_or_of_another_log_is_refused(client: Client, now: str) -> None:
    make_article("Кран")
    make_article("Порт")
    _rows, since = follow(client, now)
    place = Place.decode(since)
    Change.objects.filter(position=place.position - 1).delete()  # as a gap, which a restored sequence may have

    for other in (
        Place(place.position + 1, place.mark),
        Place(place.position, place.mark - 1),
        Place(place.position - 1, place.mark - 1),
    ):
        document = problem(client, "/changes/", 400, since=other.encode())
        assert "backup" in document["errors"][0]["message"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page_size", "0"), ("page_size", "1001"), ("page_size", "багато"), ("page_size", "1e3"), ("type", "nothing"),
        ("locale", "de"), ("kind", "moved"), ("cursor", "x"), ("type", "a\x00"),
    ],
)  # fmt: skip
def test_other_parameters_are_looked_at(client: Client, name: str, value: str) -> None:
    assert problem(client, "/changes/", 400, **{name: value})["errors"][0]["field"] == name


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 20])
def test_the_number_of_queries_does_not_grow(
    client: Client, now: str, number: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(number):
        make_article(f"Новина {n}")
    with django_assert_max_num_queries(10):
        assert len(api(client, "/changes/", since=now)["results"]) == number
    with django_assert_max_num_queries(6):
        api(client, "/changes/", since=now)


@pytest.mark.django_db
def test_every_answer_dies_with_any_change(client: Client, now: str) -> None:
    make_article("Кран")
    assert client.get("/api/v1/changes/", {"since": now})["Cache-Tag"] == "content"


def heard(listener: Any) -> set[str]:
    """The tags that were raised since the last look."""
    listener.execute("NOTIFY ostriv_changed, 'now'")  # told after what was raised before
    with closing(listener.notifies(timeout=60)) as notes:
        payloads = takewhile(lambda payload: payload != "now", (note.payload for note in notes))
        return {tag for payload in payloads for tag in payload.split()}


@pytest.fixture
def listener(transactional_db: None) -> Iterator[Any]:
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as session:
        session.execute("LISTEN ostriv_changed")
        yield session


def test_whatever_writes_a_row_raises_the_tag_of_the_answer(client: Client, listener: Any) -> None:
    """Also the deletion of a page that nobody could see any more: an answer that was empty is so no longer."""
    page = make_article("Кран")
    assert "content" in heard(listener)
    page.unpublish()
    assert "content" in heard(listener)
    _rows, since = follow(client)
    assert not [tag for tag in heard(listener) if tag == "content"], "to give places is no change"

    page.delete()

    assert "content" in heard(listener)
    assert kinds(follow(client, since)[0]) == ["delete"]


@pytest.mark.django_db
def test_a_large_backlog_is_placed_in_portions_and_said_to_go_on(
    client: Client, now: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "PORTION", 2)
    monkeypatch.setattr(changes.arrange, "__defaults__", (2,))
    pages = [make_article(f"Новина {n}") for n in range(5)]

    first = api(client, "/changes/", since=now)

    assert len(first["results"]) == 2
    assert first["has_more"]
    assert [row["id"] for row in follow(client, now)[0]] == [page.pk for page in pages]


@pytest.mark.django_db(transaction=True)
def test_a_page_that_becomes_a_translation_of_another_is_said_of_both_groups() -> None:
    page, key = make_article("Кран"), uuid4()
    before = page.translation_key

    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as listener:
        listener.execute("LISTEN ostriv_changed")
        Publication.objects.filter(pk=page.pk).update(translation_key=key)
        said = next(iter(listener.notifies(timeout=60, stop_after=1))).payload.split()

    assert said == [f"page-{page.pk}", f"translation-{key}", f"translation-{before}", "content"]


# --- compaction, plugins --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_superseded_is_forgotten_after_months_and_every_follower_ends_the_same(client: Client) -> None:
    stays, changed, gone, young = (make_article(title) for title in ("Стоїть", "Інша", "Зникла", "Молода"))
    for _time in range(3):
        changed.save_revision().publish()
    gone.delete()
    long_ago = timezone.now() - changes.KEEP - timedelta(days=1)
    Change.objects.exclude(page_id=young.pk).update(at=long_ago)
    cursors = [""]
    while (document := api(client, "/changes/", since=cursors[-1], page_size=1))["has_more"]:
        cursors.append(document["next"])
    young.save_revision().publish()

    def mirrored(since: str) -> dict[int, bool]:
        return {row["id"]: row["kind"] in ("publish", "update") for row in follow(client, since)[0]}

    before = [mirrored(since) for since in cursors]

    forgotten = changes.forget_superseded()

    assert forgotten >= 3 + 2
    assert [mirrored(since) for since in cursors] == before
    left = Change.objects.filter(page_id__in=[stays.pk, changed.pk, gone.pk, young.pk])
    assert set(left.values_list("page_id", "kind")) == {
        (stays.pk, "publish"),
        (changed.pk, "update"),
        (gone.pk, "delete"),
        (young.pk, "publish"),
        (young.pk, "update"),
    }
    assert left.count() == 5
    assert changes.forget_superseded() == 0


@pytest.mark.plugin("events")
@pytest.mark.django_db
def test_pages_of_a_plugin_that_is_switched_off_are_taken_away_and_brought_back(client: Client, now: str) -> None:
    from cms.registry import states
    from plugins.events.models import EventPage

    page = make_page(EventPage, "Лекція", starts_at=timezone.now())
    make_article("Кран")
    _rows, since = follow(client, now)

    states.deactivate("events")
    states.deactivate("events")
    taken, since = follow(client, since)
    states.activate("events")
    states.rest("events")
    states.wake("events")
    brought, _next = follow(client, since)

    assert [(row["kind"], row["id"]) for row in taken] == [("unpublish", page.pk)]
    assert [(row["kind"], row["id"]) for row in brought] == [("publish", page.pk)]
