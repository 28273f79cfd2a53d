"""The log of changes: everything in order, nothing lost, whoever writes meanwhile and whenever the follower dies."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from api.publications import changes, writer
from api.publications.changes import Change, Place
from api.publications.models import Publication
from cms.content.models import ArticlePage
from tests.support.content import api, make_article, make_page, problem
from tests.support.waiting import poll


def follow(client: Client, since: str = "", **parameters: Any) -> tuple[list[Any], str]:
    """Everything behind a cursor, page by page, and the cursor to go on from."""
    found: list[Any] = []
    while True:
        document = api(client, "/changes/", since=since, **parameters)
        found += document["results"]
        since = document["next"]
        if not document["has_more"]:
            return found, since


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
    listener.execute("SELECT 1")
    return {tag for note in listener.notifies(timeout=1, stop_after=None) for tag in note.payload.split()}


@pytest.fixture
def listener(transactional_db: None) -> Iterator[Any]:
    import psycopg

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


# --- places ---------------------------------------------------------------------------------------------------------


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


def write(page_id: int, *, title: str = "", live: bool = True) -> None:
    """Change a page and its publication as an import does: without Wagtail's index of search, whose writers wait for
    each other whatever they write."""
    changed = {"title": title, "last_published_at": timezone.now()} if title else {}
    ArticlePage.objects.filter(pk=page_id).update(live=live, **changed)
    writer.rewrite([page_id])


@pytest.mark.django_db(transaction=True)
def test_places_are_visible_in_their_order_whoever_gives_them(client: Client) -> None:
    """Who gives places has not committed yet: another waits for it, and does not give higher ones meanwhile."""
    first = make_article("Перша").pk
    given, may_end = threading.Event(), threading.Event()
    _seen, now = follow(client)
    write(first, title="Перша знову")

    def arrange_slowly() -> None:
        try:
            with transaction.atomic():
                assert changes.arrange() == 1
                given.set()
                assert may_end.wait(30)
        finally:
            connection.close()

    slow = threading.Thread(target=arrange_slowly)
    slow.start()
    assert given.wait(30)
    second = make_article("Друга").pk
    reading: list[tuple[list[Any], str]] = []

    def read() -> None:
        try:
            reading.append(follow(Client(), now))
        finally:
            connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    poll(lambda: waiters() == 1, what="a reader that waits for who gives places")
    may_end.set()
    slow.join(30)
    reader.join(30)

    ((rows, _next),) = reading
    assert [(row["id"], row["kind"]) for row in rows] == [(first, "update"), (second, "publish")]


def waiters() -> int:
    """How many wait for the lock of whoever gives places."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_who_commits_late_is_not_passed_over(client: Client) -> None:
    """The row of a long transaction has a lower id than one that others have seen meanwhile."""
    begun, may_end = threading.Event(), threading.Event()
    late, early = make_article("Довго").pk, make_article("Швидко").pk
    _seen, now = follow(client)

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                write(late, title="Довго, і ще довше")
                begun.set()
                assert may_end.wait(30)
        finally:
            connection.close()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    assert begun.wait(30)
    write(early, live=False)
    seen, since = follow(client, now)
    may_end.set()
    slow.join(30)

    more, _next = follow(client, since)

    assert [(row["id"], row["kind"]) for row in seen] == [(early, "unpublish")]
    assert [(row["id"], row["kind"]) for row in more] == [(late, "update")]
    assert Change.objects.filter(page_id=late).latest("id").pk < Change.objects.filter(page_id=early).latest("id").pk


@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_deleted_while_a_worker_writes_it_is_gone(client: Client) -> None:
    page = make_article("Кран")
    writer.withdraw([page.pk])
    begun, may_end = threading.Event(), threading.Event()
    faults: list[BaseException] = []

    def run(action: Callable[[], object]) -> threading.Thread:
        def guarded() -> None:
            try:
                action()
            except BaseException as fault:
                faults.append(fault)
            finally:
                connection.close()

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    def rewrite_slowly() -> None:
        with transaction.atomic():
            writer.rewrite([page.pk])
            begun.set()
            assert may_end.wait(30)

    worker = run(rewrite_slowly)
    assert begun.wait(30)
    editor = run(page.delete)
    poll(lambda: sessions_that_wait() == 1, what="the deletion's waiting")
    may_end.set()
    worker.join(30)
    editor.join(30)

    assert faults == []
    assert not Publication.objects.filter(pk=page.pk).exists()
    told = [row["kind"] for row in follow(client)[0] if row["id"] == page.pk]
    assert told == ["publish", "unpublish", "publish", "unpublish", "delete"]


def sessions_that_wait() -> int:
    """How many wait for somebody else's rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


WRITERS, STEPS = 8, 12


class Writers:
    """Eight writers, each on a connection of its own: short and long transactions, some of which are rolled back."""

    def __init__(self, pages: list[int], seed: int) -> None:
        self.pages = pages
        self.seed = seed
        self.faults: list[BaseException] = []
        self.threads = [threading.Thread(target=self._run, args=(n,)) for n in range(WRITERS)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def alive(self) -> bool:
        return any(thread.is_alive() for thread in self.threads)

    def join(self) -> None:
        for thread in self.threads:
            thread.join(120)
        assert not self.alive()
        assert self.faults == []

    def _run(self, number: int) -> None:
        chance = random.Random(self.seed * 100 + number)
        try:
            for step in range(STEPS):
                self._step(chance, f"{number}-{step}")
        except BaseException as fault:
            self.faults.append(fault)
        finally:
            connection.close()

    def _step(self, chance: random.Random, name: str) -> None:
        """One transaction over some pages, in the order of their ids so that two never wait for each other."""
        chosen = sorted(chance.sample(self.pages, chance.choice([1, 1, 1, 3])))
        try:
            with transaction.atomic():
                for page_id in chosen:
                    self._change(chance, page_id, name, alone=len(chosen) == 1)
                if len(chosen) > 1:
                    time.sleep(chance.uniform(0.0, 0.1))  # a long transaction: others commit meanwhile
                if chance.random() < 0.25:
                    raise _Undone
        except (_Undone, OperationalError):  # a deadlock is a transaction that was rolled back, too
            pass

    def _change(self, chance: random.Random, page_id: int, name: str, *, alone: bool) -> None:
        action = chance.choice(["publish", "publish", "publish", "unpublish", "rewrite", "delete"])
        if action == "publish":
            write(page_id, title=f"Новина {name}")
        elif action == "unpublish":
            write(page_id, live=False)
        elif action == "rewrite":
            writer.rewrite([page_id])
        elif alone and chance.random() < 0.3 and (page := ArticlePage.objects.filter(pk=page_id).first()):
            page.delete()


class _Undone(Exception):  # noqa: N818
    pass


class Follower:
    """A mirror: what it was told is public, by page."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.since = ""
        self.mirror: dict[int, str] = {}
        self.kinds: dict[int, list[str]] = {}

    def read(self) -> bool:
        document = api(Client(), "/changes/", since=self.since, page_size=self.size)
        for row in document["results"]:
            self.kinds.setdefault(row["id"], []).append(row["kind"])
            if row["kind"] in ("publish", "update"):
                self.mirror[row["id"]] = row["slug"]
            else:
                self.mirror.pop(row["id"], None)
        self.since = document["next"]  # kept last: who dies before reads this page again
        return bool(document["has_more"])

    def catch_up(self) -> None:
        while self.read():
            pass


POSSIBLE = {
    "": {"publish"},
    "publish": {"update", "unpublish"},
    "update": {"update", "unpublish"},
    "unpublish": {"publish", "delete"},
    "delete": set(),
}


def assert_possible(kinds_of_page: list[str]) -> None:
    for before, after in zip(["", *kinds_of_page], kinds_of_page, strict=False):
        assert after in POSSIBLE[before], kinds_of_page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2])
def test_followers_of_eight_writers_end_with_what_is_public(seed: int) -> None:
    pages = [make_article(f"Новина {n}").pk for n in range(12)]
    writers = Writers(pages, seed)
    followers = [Follower(size) for size in (1, 7, 1000)]
    faults: list[BaseException] = []

    def go_on(follower: Follower) -> None:
        try:
            while writers.alive():
                follower.read()
            follower.catch_up()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    readers = [threading.Thread(target=go_on, args=(follower,)) for follower in followers]
    writers.start()
    for reader in readers:
        reader.start()
    writers.join()
    for reader in readers:
        reader.join(120)

    assert faults == []
    public = dict(Publication.objects.values_list("pk", "slug"))
    for follower in followers:
        assert {pk: slug for pk, slug in follower.mirror.items() if pk in pages} == {
            pk: slug for pk, slug in public.items() if pk in pages
        }
        assert set(follower.mirror) == set(public)
        for page_id in pages:
            assert_possible(follower.kinds[page_id])
    assert len({tuple(sorted((pk, tuple(found)) for pk, found in each.kinds.items())) for each in followers}) == 1


@pytest.mark.django_db(transaction=True)
def test_a_follower_that_is_killed_goes_on_from_its_cursor() -> None:
    pages = [make_article(f"Новина {n}").pk for n in range(6)]
    writers = Writers(pages, seed=3)
    writers.start()
    kept: dict[str, Any] = {"since": "", "mirror": {}}
    reading = 0
    while True:
        alive = writers.alive()
        follower = Follower(size=3)
        follower.since, follower.mirror = kept["since"], dict(kept["mirror"])
        more = follower.read()
        reading += 1
        if reading % 2:
            continue  # killed: it had read, and kept nothing
        kept = {"since": follower.since, "mirror": follower.mirror}
        if not alive and not more:
            break
    writers.join()

    assert reading >= 2 * len(pages) / 3
    assert set(kept["mirror"]) == set(Publication.objects.values_list("pk", flat=True))


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


@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_deleted_while_its_plugin_is_switched_on_is_gone_at_last() -> None:
    from cms.registry import states
    from plugins.events.models import EventPage

    page = make_page(EventPage, "Лекція", starts_at=timezone.now())
    pk = page.pk
    states.deactivate("events")

    def switch_on() -> None:
        try:
            states.activate("events")
        finally:
            connection.close()

    other = threading.Thread(target=switch_on)
    with transaction.atomic():
        Publication.objects.filter(pk=pk).delete()
        other.start()
        poll(somebody_waits_for_a_lock, what="the switch waiting for whoever takes the page away")
    other.join(timeout=20)

    assert not other.is_alive()
    assert Change.objects.filter(page_id=pk).latest("id").kind == "unpublish"


@pytest.mark.django_db(transaction=True)
def test_a_page_that_becomes_a_translation_of_another_is_said_of_both_groups() -> None:
    page, key = make_article("Кран"), uuid4()
    before = page.translation_key

    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as listener:
        listener.execute("LISTEN ostriv_changed")
        Publication.objects.filter(pk=page.pk).update(translation_key=key)
        said = next(iter(listener.notifies(timeout=20, stop_after=1))).payload.split()

    assert said == [f"page-{page.pk}", f"translation-{key}", f"translation-{before}", "content"]


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
