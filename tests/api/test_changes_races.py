"""The log of changes while others write: in order, nothing lost, and wherever the follower dies."""

import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from api.publications import changes, writer
from api.publications.changes import Change
from api.publications.models import Publication
from cms.content.models import ArticlePage
from tests.support.content import api, follow, make_article, make_page
from tests.support.races import ended, meanwhile, sessions_that_wait
from tests.support.waiting import poll


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
        with transaction.atomic():
            assert changes.arrange() == 1
            given.set()
            assert may_end.wait(30)

    slow = meanwhile(arrange_slowly)
    assert given.wait(30)
    second = make_article("Друга").pk
    reading: list[tuple[list[Any], str]] = []

    reader = meanwhile(lambda: reading.append(follow(Client(), now)))
    poll(lambda: sessions_that_wait() == 1, what="a reader that waits for who gives places")
    may_end.set()
    ended(slow)
    ended(reader)

    ((rows, _next),) = reading
    assert [(row["id"], row["kind"]) for row in rows] == [(first, "update"), (second, "publish")]


@pytest.mark.django_db(transaction=True)
def test_who_commits_late_is_not_passed_over(client: Client) -> None:
    """The row of a long transaction has a lower id than one that others have seen meanwhile."""
    begun, may_end = threading.Event(), threading.Event()
    late, early = make_article("Довго").pk, make_article("Швидко").pk
    _seen, now = follow(client)

    def write_slowly() -> None:
        with transaction.atomic():
            write(late, title="Довго, і ще довше")
            begun.set()
            assert may_end.wait(30)

    slow = meanwhile(write_slowly)
    assert begun.wait(30)
    write(early, live=False)
    seen, since = follow(client, now)
    may_end.set()
    ended(slow)

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

        return meanwhile(guarded)

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
    ended(worker)
    ended(editor)

    assert faults == []
    assert not Publication.objects.filter(pk=page.pk).exists()
    told = [row["kind"] for row in follow(client)[0] if row["id"] == page.pk]
    assert told == ["publish", "unpublish", "publish", "unpublish", "delete"]


WRITERS, STEPS = 8, 12


@pytest.fixture
def _connections_for_all(transactional_db: None) -> Iterator[None]:
    """Eight are a process's own pool: the writers would have them all, and followers would come after them."""
    pool: Any = connection.pool  # type: ignore[attr-defined]
    least, most = pool.min_size, pool.max_size
    pool.resize(least, 2 * WRITERS)
    yield
    pool.resize(least, most)


class Writers:
    """Eight writers, each on a connection of its own: short and long transactions, some of which are rolled back."""

    def __init__(self, pages: list[int], seed: int) -> None:
        self.pages = pages
        self.seed = seed
        self.faults: list[BaseException] = []
        self.readings = 0
        self._read_again = threading.Condition()
        self.threads = [threading.Thread(target=self._run, args=(n,)) for n in range(WRITERS)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def alive(self) -> bool:
        return any(thread.is_alive() for thread in self.threads)

    def were_read(self) -> None:
        """A follower has read once more."""
        with self._read_again:
            self.readings += 1
            self._read_again.notify_all()

    def _wait_for_readings(self, number: int) -> None:
        with self._read_again:
            enough = self.readings + number
            assert self._read_again.wait_for(lambda: self.readings >= enough, timeout=60), "nobody reads"

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
                    self._wait_for_readings(chance.randint(0, 2))  # a long transaction: others are seen meanwhile
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
        elif alone and chance.random() < 0.3:
            # Wagtail logs whose page it was: of two who delete it, one has to see that it has gone.
            for page in ArticlePage.objects.select_for_update(of=("self",)).filter(pk=page_id):
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


@pytest.mark.usefixtures("_connections_for_all")
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
                writers.were_read()
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


@pytest.mark.usefixtures("_connections_for_all")
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
        writers.were_read()
        reading += 1
        if reading % 2:
            continue  # killed: it had read, and kept nothing
        kept = {"since": follower.since, "mirror": follower.mirror}
        if not alive and not more:
            break
    writers.join()

    assert reading >= 2 * len(pages) / 3
    assert set(kept["mirror"]) == set(Publication.objects.values_list("pk", flat=True))


@pytest.mark.plugin("events")
@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_deleted_while_its_plugin_is_switched_on_is_gone_at_last() -> None:
    from cms.registry import states
    from plugins.events.models import EventPage

    page = make_page(EventPage, "Лекція", starts_at=timezone.now())
    pk = page.pk
    states.deactivate("events")

    with transaction.atomic():
        Publication.objects.filter(pk=pk).delete()
        other = meanwhile(lambda: states.activate("events"))
        poll(sessions_that_wait, what="the switch waiting for whoever takes the page away")
    ended(other)

    assert Change.objects.filter(page_id=pk).latest("id").kind == "unpublish"
