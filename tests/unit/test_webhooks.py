"""Webhooks: what is told to whom, in which order, how it is signed, and what becomes of it when nobody listens."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from api.publications.changes import Change
from cms.content.outbox import OutboxEvent
from cms.webhooks import sending, services, signing
from cms.webhooks.models import Attempt, Delivery, Endpoint, Secret
from cms.webhooks.sending import claims, schedule
from cms.webhooks.services import queueing
from tests.support.content import make_article, make_section
from tests.support.receiving import Receiver, Reply, Request, receiving

pytestmark = pytest.mark.django_db

SECONDS = 20.0


@pytest.fixture(autouse=True)
def _private_allowed(settings: Any) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def make_endpoint(url: str, **fields: Any) -> Endpoint:
    endpoint = Endpoint(url=url, **{"rate": 100, **fields})
    services.begin(endpoint)
    return endpoint


def told(receiver: Receiver) -> list[str]:
    return [json.loads(request.body)["type"] for request in receiver.requests]


def states(endpoint: Endpoint) -> list[str]:
    return list(endpoint.deliveries.order_by("pk").values_list("state", flat=True))


def later(endpoint: Endpoint) -> None:
    """Time passes, until everything is due again."""
    past = timezone.now() - timedelta(seconds=1)
    endpoint.deliveries.filter(state="pending").update(next_attempt_at=past)
    Endpoint.objects.filter(pk=endpoint.pk).update(rests_until=None)


def verified(endpoint: Endpoint, request: Request, secret: Secret | None = None) -> Any:
    words = signing.written(secret or signing.valid_secrets(endpoint)[0])
    return Webhook(words).verify(request.body, request.headers)


# --- what is told ---------------------------------------------------------------------------------------------------


def test_each_change_is_told_in_its_order_and_signed(receiver: Receiver) -> None:
    make_article("Було раніше")
    endpoint = make_endpoint(f"{receiver.url}/hook")
    page = make_article("Кран")
    page.save_revision().publish()
    page.unpublish()
    page.delete()

    sent = sending.send_due(SECONDS)

    assert sent == 4
    assert told(receiver) == ["content.publish", "content.update", "content.unpublish", "content.delete"]
    assert states(endpoint) == ["delivered"] * 4
    documents = [verified(endpoint, request) for request in receiver.requests]
    assert {document["data"]["id"] for document in documents} == {page.pk}
    first = documents[0]
    assert first["timestamp"].endswith("Z")
    assert first["data"] == {
        "id": page.pk, "type": "article", "locale": "uk", "slug": "kran", "path": "/uk/kran/", "url": None,
        "cursor": first["data"]["cursor"],
    }  # fmt: skip
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 4
    assert receiver.requests[0].headers["content-type"] == "application/json"
    assert sending.send_due(SECONDS) == 0


def test_the_cursor_of_an_event_is_one_of_the_list_of_changes(receiver: Receiver, client: Any) -> None:
    from tests.support.content import api

    make_endpoint(receiver.url)
    make_article("Кран")
    second = make_article("Порт")
    sending.send_due(SECONDS)

    cursor = json.loads(receiver.requests[0].body)["data"]["cursor"]
    assert [row["id"] for row in api(client, "/changes/", since=cursor)["results"]] == [second.pk]


def test_a_signature_of_another_secret_or_body_does_not_hold(receiver: Receiver) -> None:
    endpoint, other = make_endpoint(receiver.url), make_endpoint(receiver.url, state="paused", reason="by_hand")
    make_article("Кран")
    sending.send_due(SECONDS)
    (request,) = receiver.requests

    verified(endpoint, request)
    with pytest.raises(WebhookVerificationError):
        verified(other, request)
    request.body += b" "
    with pytest.raises(WebhookVerificationError):
        verified(endpoint, request)


def test_an_endpoint_is_told_what_it_asked_for(receiver: Receiver) -> None:
    with receiving() as english, receiving() as removals, receiving() as campaigns:
        make_endpoint(receiver.url)
        make_endpoint(english.url, locales=["en"], types=["article"])
        make_endpoint(removals.url, kinds=["unpublish", "delete"])
        make_endpoint(campaigns.url, types=["campaign"])
        make_article("Кран").unpublish()
        make_article("Crane", locale="en")

        sending.send_due(SECONDS)

        assert told(receiver) == ["content.publish", "content.unpublish", "content.publish"]
        assert told(english) == ["content.publish"]
        assert told(removals) == ["content.unpublish"]
        assert told(campaigns) == []


def test_a_change_is_made_into_one_delivery_however_often_it_is_looked_for(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    make_article("Кран")

    assert [services.fill(endpoint.pk) for _time in range(3)] == [1, 0, 0]
    delivery = endpoint.deliveries.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(endpoint=endpoint, event=delivery.event, kind="x", body="{}")


def test_more_than_fits_is_folded_and_nothing_of_it_lost(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queueing, "LARGEST_QUEUE", 3)
    endpoint = make_endpoint(receiver.url)
    pages = [make_article(f"Новина {n}") for n in range(5)]
    for page in pages[:2]:
        page.save_revision().publish()

    assert services.fill(endpoint.pk) == 3
    sending.send_due(SECONDS)

    documents = [json.loads(request.body) for request in receiver.requests]
    assert [(each["type"], each["data"]["id"]) for each in documents] == [
        *(("content.publish", page.pk) for page in pages[2:]),
        *(("content.update", page.pk) for page in pages[:2]),
    ]


def test_an_import_is_told_in_one_event_that_leads_to_the_list(
    receiver: Receiver, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "LARGEST_BACKLOG", 3)
    endpoint = make_endpoint(receiver.url)
    pages = [make_article(f"Новина {n}") for n in range(5)]

    sending.send_due(SECONDS)
    make_article("Після")
    sending.send_due(SECONDS)

    assert told(receiver) == ["content.bulk", "content.publish"]
    url = verified(endpoint, receiver.requests[0])["data"]["changes_url"]
    listed = client.get(url.partition("://")[2].partition("/")[2].join(["/", ""]))
    assert [row["id"] for row in listed.json()["results"]][:5] == [page.pk for page in pages]


def test_a_paused_endpoint_costs_nothing_and_goes_on_where_it_stopped(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    first = make_article("Кран")
    sending.send_due(SECONDS)
    services.pause(endpoint.pk, Endpoint.Reason.BY_HAND)
    second = make_article("Порт")
    assert sending.send_due(SECONDS) == 0
    assert endpoint.deliveries.count() == 1

    services.resume(endpoint.pk)
    sending.send_due(SECONDS)

    assert [json.loads(request.body)["data"]["id"] for request in receiver.requests] == [first.pk, second.pk]
    assert not OutboxEvent.objects.filter(name="webhooks.paused").exists(), "an editor who pauses needs no letter"


def test_one_that_was_told_what_a_restored_backup_does_not_know_is_to_read_everything(
    receiver: Receiver, client: Any
) -> None:
    """The place in the log belongs to another change now, of the same page."""
    page = make_article("Кран")
    endpoint = make_endpoint(receiver.url)
    Change.objects.update(at=timezone.now() - timedelta(minutes=1))

    sending.send_due(SECONDS)
    page.save_revision().publish()
    sending.send_due(SECONDS)

    assert told(receiver) == ["content.bulk", "content.update"]
    url = verified(endpoint, receiver.requests[0])["data"]["changes_url"]
    listed = client.get(url.partition("://")[2].partition("/")[2].join(["/", ""])).json()
    assert [row["kind"] for row in listed["results"] if row["id"] == page.pk] == ["publish", "update"]


def test_a_trial_is_sent_to_a_paused_endpoint_too_and_tried_once(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    services.pause(endpoint.pk, Endpoint.Reason.BY_HAND)
    make_article("Кран")
    receiver.answer = lambda request: Reply(500)

    event = services.send_ping(endpoint.pk)
    sending.send_due(SECONDS)

    assert told(receiver) == ["ping"]
    assert receiver.requests[0].headers["webhook-id"] == event
    assert states(endpoint) == ["failed"]
    endpoint.refresh_from_db()
    assert endpoint.failures == 0


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


# --- secrets --------------------------------------------------------------------------------------------------------


def test_a_secret_is_shown_once(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    words = services.reveal(endpoint.pk)
    assert words is not None and words.startswith("whsec_")
    assert services.reveal(endpoint.pk) is None
    stored = " ".join(map(str, Secret.objects.values_list().get()))
    assert words.removeprefix("whsec_") not in stored
    assert signing.key_of(Secret.objects.get()).hex() not in stored


def test_endpoints_have_different_secrets_of_full_length(receiver: Receiver) -> None:
    keys = {signing.key_of(make_endpoint(receiver.url).secrets.get()) for _n in range(3)}
    assert len(keys) == 3
    assert {len(key) for key in keys} == {32}


def test_while_a_secret_is_rotated_both_hold(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    old = endpoint.secrets.get()
    new = services.rotate(endpoint.pk)
    make_article("Кран")
    sending.send_due(SECONDS)

    (request,) = receiver.requests
    assert len(request.headers["webhook-signature"].split()) == 2
    verified(endpoint, request, old)
    verified(endpoint, request, new)

    Secret.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    make_article("Порт")
    sending.send_due(SECONDS)
    verified(endpoint, receiver.requests[1], new)
    with pytest.raises(WebhookVerificationError):
        verified(endpoint, receiver.requests[1], old)


def test_a_secret_that_others_know_ends_at_once(receiver: Receiver) -> None:
    endpoint = make_endpoint(receiver.url)
    services.rotate(endpoint.pk)
    services.rotate(endpoint.pk, timedelta(0))
    assert len(signing.valid_secrets(endpoint)) == 1


def test_a_new_secret_key_takes_no_secret_away_while_the_old_one_is_known(receiver: Receiver, settings: Any) -> None:
    endpoint = make_endpoint(receiver.url)
    words = signing.written(endpoint.secrets.get())
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "x" * 50, [old]
    assert signing.written(endpoint.secrets.get()) == words

    settings.SECRET_KEY_FALLBACKS = []
    make_article("Кран")
    assert sending.send_due(SECONDS) == 0
    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.reason) == ("paused", "no_secret")


# --- many ----------------------------------------------------------------------------------------------------------


def test_a_slow_receiver_holds_up_no_other(receiver: Receiver) -> None:
    import threading

    free = threading.Event()
    with receiving() as quick:
        quick_endpoint = make_endpoint(quick.url)

        def answer_when_the_other_is_done(request: Request) -> Reply:
            return Reply(200, wait=free)

        def note(request: Request) -> Reply:
            if len(quick.requests) == 4:
                free.set()
            return Reply()

        receiver.answer, quick.answer = answer_when_the_other_is_done, note
        slow_endpoint = make_endpoint(receiver.url)
        for n in range(4):
            make_article(f"Новина {n}")

        sending.send_due(SECONDS)

        assert states(quick_endpoint) == ["delivered"] * 4
        assert states(slow_endpoint) == ["delivered"] * 4
        assert free.is_set(), "the quick one was told everything before the slow one answered its first"


def test_no_two_requests_to_one_endpoint_at_a_time(receiver: Receiver) -> None:
    import threading

    inside, most = threading.Lock(), []

    def answer(request: Request) -> Reply:
        most.append(inside.acquire(blocking=False))
        if most[-1]:
            inside.release()
        return Reply()

    receiver.answer = answer
    make_endpoint(receiver.url)
    section = make_section("Порт")
    for n in range(6):
        make_article(f"Новина {n}", section=section)
    sending.send_due(SECONDS)
    assert most == [True] * 6


def test_a_second_sender_leaves_it_to_the_first(receiver: Receiver) -> None:
    from cms.webhooks.sending.alone import alone

    make_endpoint(receiver.url)
    make_article("Кран")
    with alone() as mine:
        assert mine
        assert sending.send_due(SECONDS) == 0
    assert sending.send_due(SECONDS) == 1


def test_all_are_told_within_the_rate(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten a second: the moments of two requests lie a tenth of a second apart, by the sender's own clock."""
    from cms.webhooks.sending import sender

    moments: list[float] = []
    submit = sender.claims.claim

    def noting(endpoint_id: int) -> Any:
        found = submit(endpoint_id)
        if found:
            moments.append(sender.time.monotonic())
        return found

    monkeypatch.setattr(sender.claims, "claim", noting)
    make_endpoint(receiver.url, rate=10)
    for n in range(4):
        make_article(f"Новина {n}")

    assert sending.send_due(SECONDS) == 4
    assert all(b - a >= 0.099 for a, b in pairwise(moments))
