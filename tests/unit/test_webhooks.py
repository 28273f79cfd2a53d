"""Webhooks: what is told to whom, in which order and how fast, and how it is signed."""

import json
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from standardwebhooks import WebhookVerificationError

from api.publications.changes import Change
from cms.content.outbox import OutboxEvent
from cms.webhooks import sending, services, signing
from cms.webhooks.models import Delivery, Endpoint, Secret
from cms.webhooks.services import queueing
from tests.support.content import make_article, make_section
from tests.support.receiving import Receiver, Reply, Request, receiving
from tests.support.webhooks import SECONDS, make_endpoint, states, told, verified

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_receivers")]


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
    from cms.content.locks import alone
    from cms.webhooks.sending.sender import LOCK, SESSION

    make_endpoint(receiver.url)
    make_article("Кран")
    with alone(LOCK, SESSION) as mine:
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
