"""The outbox: written with the change, drained once, kept until it is done."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from cms.content.outbox import OutboxEvent, record, record_many
from workers import events, outbox
from workers.tasks.background import drain_outbox


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What the handler of ``test.event`` was given."""
    seen: list[Any] = []
    monkeypatch.setitem(events._handlers, "test.event", [lambda payload: seen.append(payload["n"])])
    yield seen


@pytest.mark.django_db
def test_events_are_handled_in_the_order_in_which_they_were_written(handled: list[Any]) -> None:
    record("test.event", n=1)
    record_many([("test.event", {"n": 2}), ("test.event", {"n": 3}), ("of no interest", {})])

    assert outbox.drain() == 4

    assert handled == [1, 2, 3]
    assert OutboxEvent.objects.filter(done_at=None).count() == 0
    assert outbox.drain() == 0


@pytest.mark.django_db
def test_more_than_a_batch_is_drained_in_one_go(handled: list[Any]) -> None:
    record_many(("test.event", {"n": n}) for n in range(outbox.BATCH * 2 + 1))

    outbox.drain()

    assert handled == list(range(outbox.BATCH * 2 + 1))


@pytest.mark.django_db
def test_one_that_fails_waits_longer_each_time_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def handle(payload: dict[str, Any]) -> None:
        if payload["n"] == 1:
            record("left.over", n=0)
            raise ValueError("not today")
        seen.append(payload["n"])

    monkeypatch.setitem(events._handlers, "test.event", [handle])
    failing, fine = record("test.event", n=1), record("test.event", n=2)

    delays = []
    for attempt in range(1, len(outbox.BACKOFF) + 2):
        before = timezone.now()
        outbox.drain()
        failing.refresh_from_db()
        assert failing.attempts == attempt
        assert failing.done_at is None
        assert "not today" in failing.last_error
        delays.append(round((failing.available_at - before).total_seconds()))
        OutboxEvent.objects.filter(pk=failing.pk).update(available_at=timezone.now() - timedelta(seconds=1))

    assert delays == [*outbox.BACKOFF, outbox.BACKOFF[-1]]
    assert seen == [2]
    fine.refresh_from_db()
    assert fine.done_at
    assert not OutboxEvent.objects.filter(name="left.over").exists(), "what a failed handler wrote is undone"

    monkeypatch.setitem(events._handlers, "test.event", [lambda payload: seen.append(payload["n"])])
    outbox.drain()
    failing.refresh_from_db()
    assert failing.done_at and seen == [2, 1]


@pytest.mark.django_db
def test_a_database_error_in_a_handler_spoils_no_other_event(
    monkeypatch: pytest.MonkeyPatch, handled: list[Any]
) -> None:
    def break_the_transaction(payload: dict[str, Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setitem(events._handlers, "test.broken", [break_the_transaction])
    record("test.broken")
    record("test.event", n=1)

    outbox.drain()

    assert handled == [1]
    assert OutboxEvent.objects.get(name="test.broken").attempts == 1


@pytest.mark.django_db
def test_an_event_waits_for_its_time(handled: list[Any]) -> None:
    event = record("test.event", n=1)
    OutboxEvent.objects.filter(pk=event.pk).update(available_at=timezone.now() + timedelta(minutes=1))

    assert outbox.drain() == 0
    assert handled == []


@pytest.mark.django_db
def test_done_events_are_forgotten_after_days_and_others_never(handled: list[Any]) -> None:
    old, recent, waiting = (record("test.event", n=n) for n in range(3))
    long_ago = timezone.now() - outbox.KEEP_DONE - timedelta(hours=1)
    OutboxEvent.objects.filter(pk=old.pk).update(done_at=long_ago)
    OutboxEvent.objects.filter(pk=recent.pk).update(done_at=timezone.now())
    OutboxEvent.objects.filter(pk=waiting.pk).update(created_at=long_ago)

    assert outbox.forget_done() == 1
    assert set(OutboxEvent.objects.values_list("pk", flat=True)) == {recent.pk, waiting.pk}


@pytest.mark.django_db(transaction=True)
def test_two_drains_at_once_handle_each_event_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    both_have_some = threading.Barrier(2, timeout=20)
    met: set[int] = set()

    def handle(payload: dict[str, Any]) -> None:
        if threading.get_ident() not in met:
            met.add(threading.get_ident())
            both_have_some.wait()
        seen.append(payload["n"])

    monkeypatch.setitem(events._handlers, "test.event", [handle])
    count = outbox.BATCH * 2
    record_many(("test.event", {"n": n}) for n in range(count))

    def drain() -> None:
        try:
            outbox.drain()
        finally:
            connection.close()

    threads = [threading.Thread(target=drain) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(seen) == list(range(count))
    assert len(met) == 2


# --- waking the worker ------------------------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The times that a drain was asked for."""
    times: list[Any] = []
    monkeypatch.setattr(drain_outbox, "apply_async", lambda *a, **k: times.append(k))
    return times


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_woken_once_a_transaction_and_when_it_commits(asked: list[Any]) -> None:
    with transaction.atomic():
        record("test.event", n=1)
        with transaction.atomic():
            record("test.event", n=2)
        record_many([("test.event", {"n": 3})])
        assert asked == []
    assert len(asked) == 1

    with transaction.atomic():
        record("test.event", n=4)
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_wakes_nobody(asked: list[Any]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record("test.event", n=1)
        raise RuntimeError
    assert asked == []

    with transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            record("test.event", n=2)
            raise RuntimeError
        record("test.event", n=3)
    assert len(asked) == 1
    assert OutboxEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_down_the_change_is_made_and_the_event_stays(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    from cms.embedded.processes import free_port
    from workers.app import app

    # A real connection to a port where nobody listens.
    with app.connection_for_write(f"redis://127.0.0.1:{free_port()}/0") as nowhere:
        send = drain_outbox.apply_async
        monkeypatch.setattr(drain_outbox, "apply_async", lambda **options: send(connection=nowhere, **options))
        with pytest.raises(OperationalError):
            drain_outbox.apply_async(retry=False)

        with transaction.atomic():
            record("test.event", n=1)

    assert OutboxEvent.objects.filter(done_at=None).count() == 1
    assert "broker" in caplog.text
