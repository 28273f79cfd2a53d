"""Webhooks that nobody takes: what is tried again and when, who is paused, and what can be sent again."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.content.outbox import OutboxEvent
from cms.webhooks import sending, services
from cms.webhooks.models import Attempt, Delivery, Endpoint
from cms.webhooks.sending import claims, schedule
from tests.support.content import make_article
from tests.support.receiving import Receiver, Reply, receiving
from tests.support.webhooks import SECONDS, later, make_endpoint, states, told, verified

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_receivers")]


# --- failing --------------------------------------------------------------------------------------------------------


def test_what_fails_is_tried_again_as_the_specification_advises_and_given_up(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    make_article("Кран")
    receiver.answer = lambda request: Reply(400, body="Ні.".encode())
    delays = []
    for _attempt in range(schedule.ATTEMPTS):
        before = timezone.now()
        assert sending.send_due(SECONDS) == 1
        delivery = endpoint.deliveries.get()
        delays.append((delivery.next_attempt_at - before).total_seconds())
        later(endpoint)

    assert delivery.state == "failed"
    assert sending.send_due(SECONDS) == 0
    for delay, wanted in zip(delays, schedule.DELAYS, strict=False):
        assert wanted <= delay <= wanted * 1.1 + SECONDS
    attempts = Attempt.objects.filter(delivery=delivery)
    assert [(each.number, each.status, each.answer) for each in attempts] == [
        (n, 400, "Ні.") for n in range(1, schedule.ATTEMPTS + 1)
    ]
    requests = receiver.requests
    assert len({request.headers["webhook-id"] for request in requests}) == 1
    assert len({request.body for request in requests}) == 1
    for request in requests:
        verified(endpoint, request)


def test_a_receiver_that_is_down_is_left_alone_and_told_in_order_when_it_is_up() -> None:
    from cms.embedded.processes import free_port

    port = free_port()
    endpoint = make_endpoint(f"http://127.0.0.1:{port}/")
    pages = [make_article(f"Новина {n}") for n in range(3)]

    assert sending.send_due(SECONDS) == 1, "one attempt tells it; the others wait"
    endpoint.refresh_from_db()
    assert endpoint.rests_until is not None and endpoint.failures == 1
    assert sending.send_due(SECONDS) == 0
    with receiving(port) as receiver:
        later(endpoint)
        sending.send_due(SECONDS)
        assert [json.loads(each.body)["data"]["id"] for each in receiver.requests] == [page.pk for page in pages]
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since, endpoint.rests_until) == (0, None, None)
    assert "Refused" in Attempt.objects.earliest("pk").error


def test_one_that_is_refused_by_itself_holds_up_no_other(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    pages = [make_article(f"Новина {n}") for n in range(3)]
    receiver.answer = lambda request: Reply(422 if json.loads(request.body)["data"]["id"] == pages[0].pk else 200)

    sending.send_due(SECONDS)

    assert states(endpoint) == ["pending", "delivered", "delivered"]


def test_a_retry_that_was_overtaken_by_a_later_change_of_its_page_is_left(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    page = make_article("Кран")
    receiver.answer = lambda request: Reply(404)
    sending.send_due(SECONDS)
    page.unpublish()
    receiver.answer = lambda request: Reply(200)
    later(endpoint)

    sending.send_due(SECONDS)

    assert told(receiver) == ["content.publish", "content.unpublish"]
    assert states(endpoint) == ["superseded", "delivered"]


@pytest.mark.parametrize("status", [301, 302, 307, 308, 304, 100 + 99])
def test_only_2xx_is_a_success(receiver: Receiver, status: int) -> None:
    endpoint = make_endpoint(receiver.url)
    make_article("Кран")
    receiver.answer = lambda request: Reply(status, {"Location": f"{receiver.url}/elsewhere"})

    sending.send_due(SECONDS)

    assert states(endpoint) == ["pending"]
    assert {request.path for request in receiver.requests} == {"/"}


def test_a_receiver_that_asks_for_time_gets_it(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    make_article("Кран")
    receiver.answer = lambda request: Reply(503, {"Retry-After": "3600"})
    before = timezone.now()

    sending.send_due(SECONDS)

    endpoint.refresh_from_db()
    assert endpoint.rests_until >= before + timedelta(hours=1)
    assert endpoint.deliveries.get().next_attempt_at >= before + timedelta(hours=1)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("", None), ("soon", None), ("120", 120.0), ("0", 0.0), ("9" * 40, 86400.0), ("-5", None), ("١٢", None),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0), ("Sun, 22 Nov 2020 12:00:00 GMT", 0.0),
        ("Sun, 22 Nov 2099 12:00:00 GMT", 86400.0),
    ],
)  # fmt: skip
@pytest.mark.django_db(False)
def test_retry_after_in_all_its_forms(value: str, seconds: float | None) -> None:
    from datetime import UTC, datetime

    assert schedule.retry_after(value, datetime(2026, 11, 22, 12, tzinfo=UTC)) == seconds


def test_gone_for_good_is_believed(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    make_article("Кран")
    make_article("Порт")
    receiver.answer = lambda request: Reply(410)

    sending.send_due(SECONDS)

    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.reason) == ("paused", "gone")
    assert len(receiver.requests) == 1
    assert states(endpoint) == ["failed", "pending"]
    assert OutboxEvent.objects.get(name="webhooks.paused").payload["endpoint"] == endpoint.pk


def test_who_fails_for_days_is_paused_and_people_are_told(receiver: Receiver, mailoutbox: list[Any]) -> None:
    from django.contrib.auth.models import Group

    from tests.support.content import make_editor
    from workers.tasks.webhooks import tell_paused

    editor = make_editor()
    editor.email = "olena@example.org"
    editor.save()
    editor.groups.add(Group.objects.get(name="Integrators"))
    endpoint = make_endpoint(receiver.url, description="Сайт")
    make_article("Кран")
    receiver.answer = lambda request: Reply(500)
    for _time in range(schedule.PAUSE_FAILURES - 1):
        sending.send_due(SECONDS)
        later(endpoint)
        endpoint.deliveries.update(attempts=1)
    endpoint.refresh_from_db()
    assert endpoint.state == "active", "it fails often, but not for long"
    Endpoint.objects.update(failing_since=timezone.now() - schedule.PAUSE_AFTER)

    sending.send_due(SECONDS)
    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.reason) == ("paused", "failing")
    tell_paused.run(endpoint.pk)

    assert [mail.to for mail in mailoutbox] == [[editor.email]]
    assert "Сайт" in mailoutbox[0].subject
    assert f"/admin/webhook_endpoints/inspect/{endpoint.pk}/" in mailoutbox[0].body


def test_a_private_address_is_an_attempt_that_failed(receiver: Receiver, settings: Any) -> None:
    endpoint = make_endpoint("https://localhost:8443/")
    make_article("Кран")
    settings.WEBHOOKS_ALLOW_PRIVATE = False

    sending.send_due(SECONDS)

    assert "private" in Attempt.objects.get().error
    assert states(endpoint) == ["pending"]


def test_an_endpoint_that_is_deleted_while_it_is_told_troubles_nobody(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    make_article("Кран")
    claim = claims.claim(endpoint.pk)
    assert claim is not None
    endpoint.delete()

    claims.record(claim, claims.Outcome(timezone.now(), 5, 200))

    assert not Attempt.objects.exists()


def test_what_a_dead_sender_had_begun_is_sent_again_with_the_same_id(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    make_article("Кран")
    claim = claims.claim(endpoint.pk)
    assert claim is not None
    assert states(endpoint) == ["sending"]

    sending.send_due(SECONDS)

    assert receiver.requests[0].headers["webhook-id"] == claim.event
    assert states(endpoint) == ["delivered"]


# --- the state machine, replays -------------------------------------------------------------------------------------


def test_a_settled_delivery_is_sent_again_in_another_round(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    make_article("Кран")
    sending.send_due(SECONDS)
    delivery = endpoint.deliveries.get()

    assert services.replay(delivery.pk)
    assert not services.replay(delivery.pk), "it is open now"
    sending.send_due(SECONDS)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.round, delivery.attempts) == ("delivered", 1, 1)
    assert [(each.round, each.number) for each in delivery.log.all()] == [(0, 1), (1, 1)]
    first, second = receiver.requests
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)


def test_a_span_of_failures_is_sent_again(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    for n in range(3):
        make_article(f"Новина {n}")
    sending.send_due(SECONDS)
    first, second, third = endpoint.deliveries.order_by("pk")
    Delivery.objects.filter(pk__in=[first.pk, second.pk]).update(state="failed")
    Delivery.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=2))
    span = (timezone.now() - timedelta(hours=1), timezone.now())

    assert services.replay_span(endpoint.pk, services.Span(*span)) == 1
    assert services.replay_span(endpoint.pk, services.Span(*span, only_failed=False)) == 1
    assert sending.send_due(SECONDS) == 2
    assert [request.headers["webhook-id"] for request in receiver.requests[3:]] == [second.event, third.event]


@pytest.mark.parametrize(("state", "settled"), [("pending", True), ("sending", True), ("delivered", False)])
def test_state_and_times_agree(receiver: Receiver, state: str, settled: bool) -> None:
    endpoint = make_endpoint(receiver.url)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            endpoint=endpoint, event="x", kind="x", body="{}", state=state,
            settled_at=timezone.now() if settled else None,
        )  # fmt: skip


def test_the_ledger_is_kept_for_a_month(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    make_article("Кран")
    sending.send_due(SECONDS)
    make_article("Порт")
    services.fill(endpoint.pk)
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=60))
    endpoint.deliveries.filter(state="delivered").update(settled_at=timezone.now() - timedelta(days=31))

    services.forget_old()

    assert states(endpoint) == ["pending"]
