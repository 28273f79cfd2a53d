"""Eight editors post at once while somebody follows: no change is ever skipped, and no thread stays behind."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.support.waiting import poll

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.plugin("liveblog")]

WRITERS, POSTS = 8, 6


def in_threads(*work: Callable[[], None]) -> None:
    """Run these at the same time, each on a database connection of its own; the first failure is raised."""
    failures: list[BaseException] = []

    def run(each: Callable[[], None]) -> None:
        try:
            each()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    connection.close()
    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_a_follower_of_eight_writers_misses_nothing(liveblog: Any) -> None:
    from plugins.liveblog import reading, services
    from plugins.liveblog.models import Coverage, LiveEntry

    heard: list[tuple[int, str]] = []
    done = threading.Event()

    def write(number: int) -> None:
        for turn in range(POSTS):
            entry = services.post(liveblog.pk, by=None, headline=f"{number}.{turn}")
            if turn % 2:
                services.flag(entry.pk, "key", True)
            elif turn % 3 == 2:
                services.withdraw(entry.pk, by=None)
            connection.close()  # as a request does

    def follow() -> None:
        since = 0
        while True:
            is_last_look = done.is_set()
            for change in reading.changes(liveblog.pk, since, 5):
                assert change.number > since
                heard.append((change.number, str(change.document["id"])))
                since = change.number
            newest = Coverage.objects.filter(page=liveblog.pk).values_list("last_change", flat=True).first()
            connection.close()
            if is_last_look and since == newest:
                return

    def write_all() -> None:
        try:
            in_threads(*[lambda number=number: write(number) for number in range(WRITERS)])
        finally:
            done.set()

    in_threads(write_all, follow)

    entries = dict(LiveEntry.objects.values_list("pk", "change"))
    assert len(entries) == WRITERS * POSTS
    # The last that was heard of each entry is its latest change; what was heard came in order, nothing twice.
    last = {id: number for number, id in heard}
    assert last == {str(pk): change for pk, change in entries.items()}
    assert [number for number, _id in heard] == sorted({number for number, _id in heard})
    assert Coverage.objects.get(page=liveblog.pk).last_change == max(entries.values())


def test_the_publication_shows_what_the_last_of_eight_writers_left(liveblog: Any) -> None:
    import json

    from api.contract import published
    from plugins.liveblog import services

    work = [
        lambda number=number: [services.post(liveblog.pk, by=None, headline=f"{number}.{turn}") for turn in range(3)]
        for number in range(WRITERS)
    ]
    in_threads(*work)  # type: ignore[arg-type]

    document = published(type="liveblog", slug=liveblog.slug)
    assert document is not None
    assert document.detail["entry_count"] == document.detail["last_change"] == WRITERS * 3
    assert len({entry["id"] for entry in document.detail["entries"]}) == WRITERS * 3
    assert json.dumps(document.detail)


def test_two_first_visits_to_a_desk_make_one_coverage(make_liveblog: Any) -> None:
    from plugins.liveblog import services
    from plugins.liveblog.models import Coverage

    page = make_liveblog("Перші двоє")
    in_threads(*[lambda: services.post(page.pk, by=None, headline="Перший") and None for _ in range(4)])

    assert Coverage.objects.get(page=page).last_change == 4


def test_clicks_at_the_same_time_post_once(liveblog: Any) -> None:
    from plugins.liveblog import services
    from plugins.liveblog.models import LiveEntry

    id = uuid.uuid4()
    in_threads(*[lambda: services.post(liveblog.pk, by=None, id=id, headline="Один") and None for _ in range(4)])

    assert LiveEntry.objects.get().pk == id


def test_one_thread_serves_all_followers_and_leaves_with_the_last(liveblog: Any, make_liveblog: Any) -> None:
    from plugins.liveblog import services
    from plugins.liveblog.hub import Hub

    other = make_liveblog("Другий")
    hub = Hub()
    before = threading.active_count()
    pages = [liveblog, liveblog, other]
    followers = [hub.follow(page.live_coverage, most=3, address=f"192.0.2.{n}") for n, page in enumerate(pages)]

    assert all(followers) and hub.followers == 3
    assert hub.follow(liveblog.live_coverage, most=3, address="192.0.2.9") is None
    assert threading.active_count() == before + 1
    for follower in followers:
        follower.wait(0)  # how the coverage stands
    services.post(liveblog.pk, by=None, headline="Усім")
    for follower in followers[:2]:
        events = b"".join(follower.wait(10).events).decode()
        assert events.startswith("event: entry\nid: 1\ndata: {") and "Усім" in events
    assert followers[2].wait(0).events == []

    for follower in followers:
        follower.close()
        follower.close()
    poll(lambda: hub.is_idle and threading.active_count() == before, what="end of the hub's thread")
    assert hub.followers == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("fault", ["an entry that can't be encoded", "the end of the thread"])
def test_after_a_fault_streams_end_and_new_ones_hear_everything(liveblog: Any, fault: str) -> None:
    from plugins.liveblog import hub as hubs
    from plugins.liveblog import services
    from plugins.liveblog.reading import Change

    faults = [fault]

    def ask(known: dict[int, int]) -> Any:
        if not faults:
            return hubs.ask(known)
        if faults.pop() == "the end of the thread":
            raise SystemExit
        return hubs.Answer(set(known), {}, {}, [Change(liveblog.pk, 1, {"id": object()})])

    hub = hubs.Hub(question=ask)
    first = hub.follow(liveblog.live_coverage, most=1, address="192.0.2.1")
    assert first
    first.wait(0)  # how the coverage stands
    assert not first.wait(10).goes_on
    first.close()

    second = hub.follow(liveblog.live_coverage, most=1, address="192.0.2.1")
    assert second and second.wait(0).goes_on
    services.post(liveblog.pk, by=None, headline="Після збою")
    assert "Після збою" in b"".join(second.wait(10).events).decode()
    second.close()
    poll(lambda: hub.is_idle, what="end of the hub's thread")


def test_a_page_published_anew_has_streams_while_an_old_one_has_not_gone(liveblog: Any) -> None:
    from plugins.liveblog import services
    from plugins.liveblog.hub import Hub
    from plugins.liveblog.models import LiveBlogPage

    hub = Hub()
    old = hub.follow(liveblog.live_coverage, most=3, address="192.0.2.1")
    assert old
    liveblog.unpublish()
    poll(lambda: not old.wait(1).goes_on, what="end of the old stream")
    page = LiveBlogPage.objects.get(pk=liveblog.pk)
    page.save_revision().publish()

    new = hub.follow(page.live_coverage, most=3, address="192.0.2.2")
    assert new and new.wait(0).goes_on
    old.close()
    services.post(page.pk, by=None, headline="Знову тут")
    assert "Знову тут" in b"".join(new.wait(10).events).decode()
    new.close()
    poll(lambda: hub.is_idle, what="end of the hub's thread")


def test_who_takes_nothing_loses_the_place_and_may_not_fill_the_process(liveblog: Any) -> None:
    from plugins.liveblog.hub import Hub

    hub = Hub(patience=1)
    coverage = liveblog.live_coverage

    def enter(number: int) -> Any:
        return hub.follow(coverage, most=2, address=f"192.0.2.{number}")

    def read_until_places_are_free() -> None:
        poll(lambda: reads.wait(0.1).goes_on and hub.followers == 1, what="a place taken back")

    reads, *stuck = enter(1), enter(2)
    assert enter(3) is None, "there are two places"
    read_until_places_are_free()
    stuck.append(enter(3))
    read_until_places_are_free()
    stuck.append(enter(4))
    read_until_places_are_free()
    assert all(stuck)
    assert enter(5) is None, "their threads are the server's, and stay with them"

    assert not stuck[0].wait(10).goes_on, "it could send after all"
    stuck[0].close()
    after = enter(5)
    assert after
    for follower in (*stuck, reads, after):
        follower.close()
    poll(lambda: hub.is_idle, what="end of the hub's thread")


def test_one_subscriber_has_two_streams_at_most_whatever_the_address(client: Client, liveblog: Any) -> None:
    from plugins.liveblog.hub import hub

    path = f"/api/v1/x/liveblog/{liveblog.slug}/stream/"
    addresses = ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::3", "2001:db8:1:3::4"]
    answers = [client.get(path, headers={"Accept": "text/event-stream"}, REMOTE_ADDR=each) for each in addresses]

    assert [answer.status_code for answer in answers] == [200, 200, 503, 200]
    for answer in answers:
        answer.close()
    poll(lambda: hub.is_idle, what="end of the hub's thread")


def test_one_address_has_two_streams_at_most(liveblog: Any) -> None:
    from plugins.liveblog.hub import Hub

    hub = Hub()
    followers = [hub.follow(liveblog.live_coverage, most=9, address="192.0.2.1") for _ in range(3)]

    assert [bool(each) for each in followers] == [True, True, False]
    followers[2] = hub.follow(liveblog.live_coverage, most=9, address="192.0.2.2")
    for follower in followers:
        assert follower
        follower.close()
    poll(lambda: hub.is_idle, what="end of the hub's thread")
