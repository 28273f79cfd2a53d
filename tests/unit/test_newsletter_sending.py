"""Handing messages over to a real mail server, and what is recorded of it."""

import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from cms.newsletters import sending, services
from cms.newsletters.models import Delivery, Dispatch, EditionPage, Newsletter, Subscriber, Subscription
from cms.newsletters.sending import Outcome, Sender
from cms.newsletters.sending.claims import Recovered, claim_batch
from cms.newsletters.sending.sender import pause_after
from cms.newsletters.sending.smtp import SmtpSession
from tests.support.newsletters import (
    Mailbox,
    add_readers,
    make_article,
    make_due,
    make_edition,
    make_newsletter,
    states,
)

pytestmark = pytest.mark.django_db
State = Delivery.State


@pytest.fixture
def newsletter() -> Newsletter:
    return make_newsletter()


@pytest.fixture
def edition(newsletter: Newsletter) -> EditionPage:
    return make_edition(newsletter)


def start(edition: EditionPage) -> Dispatch:
    dispatch = services.schedule_dispatch(edition)
    assert services.start_due_dispatches() == [dispatch.pk]
    return dispatch


def text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return part.get_content()


def test_everybody_confirmed_gets_it_once(mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage) -> None:
    readers = add_readers(newsletter, 7)
    services.subscribe(newsletter, "pending@example.org")
    gone = services.add_confirmed_subscriber(newsletter, "gone@example.org", source="test")
    services.unsubscribe(gone.pk)
    dispatch = start(edition)
    services.add_confirmed_subscriber(newsletter, "late@example.org", source="test")

    assert sending.send_due() is Outcome.IDLE
    assert sending.send_due() is Outcome.IDLE

    assert mailbox.counted == dict.fromkeys(readers, 1)
    assert mailbox.sessions == 1
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.SENT
    assert dispatch.finished_at is not None
    assert set(states(dispatch).values()) == {State.SENT}


def test_the_message_has_what_mailboxes_ask_of_bulk_mail(
    mailbox: Mailbox, newsletter: Newsletter, settings: Any
) -> None:
    article = make_article("Міст відкрили", lede="Перші машини пройшли вночі & вранці.")
    edition = make_edition(
        newsletter,
        ("paragraph", "<p>Слово <b>редакторки</b></p>"),
        ("teasers", {"heading": "Головне", "pages": [article.pk]}),
    )
    services.add_confirmed_subscriber(newsletter, "Olena@Example.org", source="test")
    dispatch = start(edition)
    sending.send_due()

    message = mailbox.to("Olena@example.org")
    delivery = dispatch.deliveries.get()
    assert message["Subject"] == "Що змінилося за тиждень"
    assert message["From"].addresses[0].display_name == "Острів"
    assert message["From"].addresses[0].addr_spec == "news@ostriv.example"
    assert message["Reply-To"] == "editor@ostriv.example"
    assert message["List-Id"] == f"<{newsletter.slug}-uk.newsletters.ostriv.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].startswith(f"<{settings.BASE_URL}/newsletters/unsubscribe/")
    assert message["Message-ID"] == f"<{dispatch.key.hex}.{delivery.pk}@ostriv.example>" == delivery.message_id
    assert message["Date"]
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    link = message["List-Unsubscribe"].strip("<>")
    for kind in ("plain", "html"):
        body = text_of(message, kind)
        assert "Міст відкрили" in body
        assert article.public_url in body
        assert edition.public_url in body
        assert link in body
        assert "Набережна" in body
        assert "[[" not in body
    assert "Перші машини пройшли вночі & вранці." in text_of(message, "plain")
    assert "Перші машини пройшли вночі &amp; вранці." in text_of(message, "html")
    assert all(len(line) <= 998 for line in mailbox.raw[0].split(b"\r\n"))


def test_a_permanent_refusal_fails_and_counts_a_bounce(
    mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage
) -> None:
    good, bad = add_readers(newsletter, 2)
    mailbox.rcpt_answers[bad] = ["550 5.1.1 no such user"]
    dispatch = start(edition)
    sending.send_due()

    assert states(dispatch) == {good: State.SENT, bad: State.FAILED}
    failed = dispatch.deliveries.get(email=bad)
    assert failed.smtp_code == 550
    assert "no such user" in failed.response
    assert Subscriber.objects.get(email=bad).bounces == 1
    assert Subscription.objects.get(subscriber__email=bad).state == "confirmed"


def test_the_third_refusal_in_a_row_suppresses(mailbox: Mailbox, newsletter: Newsletter) -> None:
    (bad,) = add_readers(newsletter, 1)
    for number in range(3):
        mailbox.rcpt_answers[bad] = ["550 5.1.1 no such user"]
        start(make_edition(newsletter, title=f"Випуск {number}"))
        sending.send_due()
    assert Subscription.objects.get(subscriber__email=bad).state == "suppressed"


def test_success_forgives_refusals(mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage) -> None:
    (reader,) = add_readers(newsletter, 1)
    Subscriber.objects.update(bounces=2)
    start(edition)
    sending.send_due()
    assert Subscriber.objects.get(email=reader).bounces == 0


@pytest.mark.parametrize("where", ["rcpt_answers", "data_answers"])
def test_a_temporary_refusal_is_tried_again_later(
    where: str, mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage
) -> None:
    good, slow = add_readers(newsletter, 2)
    getattr(mailbox, where)[slow] = ["450 4.2.0 greylisted"]
    dispatch = start(edition)
    sending.send_due()

    waiting = dispatch.deliveries.get(email=slow)
    assert (waiting.state, waiting.attempts, waiting.smtp_code) == (State.PENDING, 1, 450)
    assert waiting.next_attempt_at > timezone.now() + timedelta(seconds=20)
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.SENDING

    assert sending.send_due() is Outcome.IDLE
    make_due()
    sending.send_due()
    assert mailbox.counted == {good: 1, slow: 1}
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.SENT


def test_a_refusal_that_never_ends_is_given_up(mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage) -> None:
    (slow,) = add_readers(newsletter, 1)
    mailbox.rcpt_answers[slow] = ["450 4.2.0 later"] * 50
    dispatch = start(edition)
    for _attempt in range(14):
        make_due()
        sending.send_due()
    assert dispatch.deliveries.get().state == State.FAILED
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.SENT


def test_a_connection_lost_after_the_content_is_uncertain_and_not_sent_again(
    mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage
) -> None:
    readers = add_readers(newsletter, 5)
    mailbox.data_answers[readers[2]] = ["hang up"]
    dispatch = start(edition)
    sending.send_due()
    make_due()
    sending.send_due()

    found = states(dispatch)
    assert found.pop(readers[2]) == State.UNCERTAIN
    assert set(found.values()) == {State.SENT}
    assert mailbox.counted == {reader: 1 for reader in readers if reader != readers[2]}
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.SENT


def test_421_closes_the_session_and_the_rest_goes_on(
    mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage
) -> None:
    readers = add_readers(newsletter, 4)
    mailbox.rcpt_answers[readers[1]] = ["421 4.7.0 too many messages in this session"]
    dispatch = start(edition)
    sending.send_due()
    make_due()
    sending.send_due()
    assert mailbox.counted == dict.fromkeys(readers, 1)
    assert set(states(dispatch).values()) == {State.SENT}


def test_no_mail_server_loses_nothing(newsletter: Newsletter, edition: EditionPage, settings: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed.getsockname()[1]
        add_readers(newsletter, 3)
        dispatch = start(edition)
        assert sending.send_due() is Outcome.UNREACHABLE
    deliveries = list(dispatch.deliveries.all())
    assert {each.state for each in deliveries} == {State.PENDING}
    assert {each.attempts for each in deliveries} == {1}
    assert all("can't be reached" in each.response for each in deliveries)
    assert all(each.next_attempt_at > timezone.now() for each in deliveries)


def test_whoever_unsubscribes_while_it_is_being_sent_gets_nothing(
    mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage
) -> None:
    first, second, third = add_readers(newsletter, 3)
    dispatch = start(edition)
    with Sender() as sender, SmtpSession() as session:
        claims = claim_batch(sender.number, 10)
        sending.send_claimed(sender.number, claims[:1], session)
        services.unsubscribe(Subscription.objects.get(subscriber__email=third).pk)
        # A second way to the same end, past the service that takes messages back.
        Subscription.objects.filter(subscriber__email=second).update(state="suppressed", ended_at=timezone.now())
        sending.send_claimed(sender.number, claims[1:], session)
    assert mailbox.counted == {first: 1}
    assert states(dispatch) == {first: State.SENT, second: State.SKIPPED, third: State.SKIPPED}


def test_an_editor_stops_a_dispatch(mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage) -> None:
    first, *rest = add_readers(newsletter, 4)
    dispatch = start(edition)
    with Sender() as sender, SmtpSession() as session:
        claims = claim_batch(sender.number, 2)
        sending.send_claimed(sender.number, claims[:1], session)
        services.cancel_dispatch(dispatch.pk)
        sending.send_claimed(sender.number, claims[1:], session)
    assert mailbox.counted == {first: 1}
    assert [states(dispatch)[each] for each in rest] == [State.SKIPPED] * 3
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.SENT  # it has gone to somebody, so it can't be sent again
    with pytest.raises(services.DispatchRefused):
        services.schedule_dispatch(edition)


@pytest.mark.django_db(transaction=True)
def test_two_senders_share_the_work_and_send_nothing_twice(
    mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage, settings: Any
) -> None:
    settings.MAIL_SENDERS = 2
    mailbox.wait_for_sessions(2)
    readers = add_readers(newsletter, 120)
    dispatch = start(edition)

    def send() -> None:
        try:
            sending.send_due()
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _sender in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert mailbox.counted == dict.fromkeys(readers, 1)
    assert dispatch.deliveries.values("claimed_by").distinct().count() == 2


def test_there_are_no_more_senders_than_places(newsletter: Newsletter) -> None:
    with Sender(slots=1) as first, Sender(slots=1) as second:
        assert first.number is not None
        assert second.number is None
    with Sender(slots=1) as third:
        assert third.number is not None


def test_a_living_sender_keeps_its_claims_and_a_dead_one_leaves_them(
    mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage, poll: Callable[..., Any]
) -> None:
    readers = add_readers(newsletter, 5)
    dispatch = start(edition)
    with Sender() as sender:
        claims = claim_batch(sender.number, 3)
        assert len(claims) == 3
        Delivery.objects.filter(pk=claims[0].delivery_id).update(state=State.SENDING)
        assert sending.recover_dead_claims() == Recovered(0, 0)
    # PostgreSQL notices a moment later that the session has ended.
    recovered: list[Recovered] = []
    poll(lambda: recovered.append(sending.recover_dead_claims()) or recovered[-1] != Recovered(0, 0))
    assert recovered[-1] == Recovered(pending=2, uncertain=1)
    sending.send_due()
    found = states(dispatch)
    assert found.pop(claims[0].email) == State.UNCERTAIN
    assert set(found.values()) == {State.SENT}
    assert mailbox.counted == {reader: 1 for reader in readers if reader != claims[0].email}


def test_a_sender_that_was_taken_for_dead_sends_nothing_twice(
    mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage
) -> None:
    """Its database session was lost, others took its claims back and sent; then it goes on where it was."""
    readers = add_readers(newsletter, 3)
    start(edition)
    with Sender() as lost:
        claims = claim_batch(lost.number, 3)
    sending.send_due()
    with SmtpSession() as session:
        sending.send_claimed(lost.number, claims, session)
    assert mailbox.counted == dict.fromkeys(readers, 1)


def test_a_late_answer_settles_what_others_called_uncertain(
    mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    (reader,) = add_readers(newsletter, 1)
    dispatch = start(edition)
    with Sender() as lost:
        claims = claim_batch(lost.number, 1)
    hand_over = SmtpSession.hand_over

    def declared_dead_meanwhile(self: SmtpSession, *arguments: Any) -> tuple[int, str]:
        reply = hand_over(self, *arguments)
        assert sending.recover_dead_claims().uncertain == 1
        return reply

    monkeypatch.setattr(SmtpSession, "hand_over", declared_dead_meanwhile)
    with SmtpSession() as session:
        sending.send_claimed(lost.number, claims, session)
    assert states(dispatch) == {reader: State.SENT}


def test_uncertain_is_settled_or_sent_again_only_by_an_editor(
    mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage
) -> None:
    first, second = add_readers(newsletter, 2)
    mailbox.data_answers = {first: ["hang up"], second: ["hang up"]}
    dispatch = start(edition)
    sending.send_due()
    make_due()
    sending.send_due()
    one, two = dispatch.deliveries.order_by("pk")
    assert (one.state, two.state) == (State.UNCERTAIN, State.UNCERTAIN)

    services.settle_uncertain(one.pk)
    services.resend_delivery(two.pk)
    sending.send_due()
    assert set(states(dispatch).values()) == {State.SENT}
    assert mailbox.counted == {second: 1}
    assert mailbox.to(second)["Message-ID"] == two.message_id
    with pytest.raises(services.DispatchRefused):
        services.settle_uncertain(one.pk)
    with pytest.raises(services.DispatchRefused):
        services.resend_delivery(two.pk)


def test_pauses_grow_and_stop_growing() -> None:
    pauses = [pause_after(attempts).total_seconds() for attempts in range(1, 15)]
    assert pauses[:4] == [30, 60, 120, 240]
    assert pauses[-1] == 3600


def test_a_rate_is_kept(mailbox: Mailbox, newsletter: Newsletter, edition: EditionPage, settings: Any) -> None:
    settings.MAIL_RATE = 20
    add_readers(newsletter, 11)
    start(edition)
    began = timezone.now()
    sending.send_due()
    assert timezone.now() - began >= timedelta(seconds=0.5)
    assert len(mailbox.received) == 11


def test_a_trial_goes_to_one_address_and_unsubscribes_nobody(mailbox: Mailbox, newsletter: Newsletter) -> None:
    draft = make_edition(newsletter, live=False)
    add_readers(newsletter, 2)
    sending.send_test(draft, "editor@example.org")
    message = mailbox.to("editor@example.org")
    assert message["Subject"] == "[Проба] Що змінилося за тиждень"
    assert "/newsletters/unsubscribe/" not in text_of(message, "html")
    assert not Delivery.objects.exists()
