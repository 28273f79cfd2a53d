"""What one bad edition, a mail server that doesn't answer and an editor's stop may cost, and what they may not."""

import socket
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone
from wagtail.models import Page

from cms.content.locks import alone
from cms.newsletters import sending, services
from cms.newsletters.models import ConfirmationMail, Delivery, Dispatch, EditionPage, Newsletter, Subscriber
from cms.newsletters.rendering import RenderingError, render_edition
from cms.newsletters.rendering.richtext import mail_html
from cms.newsletters.sending import Outcome
from cms.newsletters.sending.claims import CONFIRMATIONS, SESSION
from cms.newsletters.sending.smtp import SmtpSession
from cms.newsletters.services import dispatching
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


def fail_for(monkeypatch: pytest.MonkeyPatch, title: str) -> None:
    def render(edition: EditionPage) -> object:
        if edition.title == title:
            raise RenderingError("no such markup")
        return render_edition(edition)

    monkeypatch.setattr(dispatching, "render_edition", render)


def start(newsletter: Newsletter) -> Dispatch:
    dispatch = services.schedule_dispatch(make_edition(newsletter))
    assert services.start_due_dispatches() == [dispatch.pk]
    return dispatch


def test_control_characters_are_left_out(newsletter: Newsletter) -> None:
    edition = make_edition(
        newsletter,
        ("heading", {"text": "Мі\x1fст\x0b\x0cвідкрили"}),
        ("paragraph", "<p>Добрий\x0bра\x0eнок &#12; усім</p>"),
        lede="Перше\x0cслово\nі\tдруге",
    )
    edition.title = "Один\x0bрядок\x00"
    message = render_edition(edition)
    assert message.subject == "Один рядок"
    for form in (message.html, message.text):
        assert not {each for each in form if ord(each) < 32} - {"\n", "\t"}
    assert "Добрий ранок" in message.text
    assert "Міст" in message.html


def test_an_edition_that_cannot_be_rendered_holds_up_no_other(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_readers(newsletter, 1)
    bad, good = (services.schedule_dispatch(make_edition(newsletter, title=title)) for title in ("Bad", "Good"))
    fail_for(monkeypatch, "Bad")
    assert services.start_due_dispatches() == [good.pk]
    bad.refresh_from_db()
    assert bad.state == Dispatch.State.CANCELLED
    assert "no such markup" in bad.note
    assert services.start_due_dispatches() == []


def test_an_editor_is_told_that_an_edition_cannot_be_rendered(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    add_readers(newsletter, 1)
    edition = make_edition(newsletter, title="Bad")
    fail_for(monkeypatch, "Bad")
    with pytest.raises(services.DispatchRefused, match="no such markup"):
        services.schedule_dispatch(edition)
    assert not Dispatch.objects.exists()

    monkeypatch.setattr("cms.newsletters.rendering.render_edition", dispatching.render_edition)
    monkeypatch.setattr("cms.newsletters.sending.testing.render_edition", dispatching.render_edition)
    for mode in ("mail", "text"):
        preview = edition.serve_preview(RequestFactory().get("/"), mode)
        assert (preview.status_code, "no such markup" in preview.text) == (200, True)
    client.force_login(User.objects.create_superuser("boss", "boss@example.org"))
    answer = client.post(reverse("send_edition", args=[edition.pk]), {"trial": "1", "trial-email": "me@example.org"})
    assert (answer.status_code, "no such markup" in answer.text) == (200, True)


def ask(newsletter: Newsletter, count: int) -> None:
    for number in range(count):
        services.subscribe(newsletter, f"asks{number}@example.org")


def test_an_outage_costs_confirmations_time_and_no_attempt(
    newsletter: Newsletter, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    open_session = SmtpSession.open
    monkeypatch.setattr(SmtpSession, "open", lambda self: (opened.append(1), open_session(self)))
    ask(newsletter, 4)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed.getsockname()[1]
        assert sending.send_due_confirmations() == 0
        assert len(opened) == 1
        assert not sending.has_due_confirmations()
        assert set(ConfirmationMail.objects.values_list("attempts", flat=True)) == {0}

        now = timezone.now()
        ConfirmationMail.objects.update(due_at=now, requested_at=now - timedelta(minutes=10))
        sending.send_due_confirmations()
        for each in ConfirmationMail.objects.all():
            assert each.due_at is not None
            assert timedelta(minutes=9) < each.due_at - now < timedelta(minutes=11)


def test_after_the_outage_all_confirmations_go_out(mailbox: Mailbox, newsletter: Newsletter) -> None:
    mailbox.mail_answers = ["530 5.7.0 Authentication required"]
    ask(newsletter, 3)
    assert sending.send_due_confirmations() == 0
    ConfirmationMail.objects.update(due_at=timezone.now())
    assert sending.send_due_confirmations() == 3


def test_a_refused_sender_holds_up_only_its_own_newsletter(mailbox: Mailbox, newsletter: Newsletter) -> None:
    mailbox.mail_answers = ["550 5.7.1 not your domain"]
    ask(newsletter, 2)
    ask(make_newsletter(from_email="other@ostriv.example"), 2)
    assert sending.send_due_confirmations() == 2


def test_one_sends_confirmations_at_a_time_and_not_for_long(mailbox: Mailbox, newsletter: Newsletter) -> None:
    ask(newsletter, 1)
    with alone(CONFIRMATIONS, SESSION) as mine:
        assert mine
        assert sending.send_due_confirmations() == 0
    assert sending.send_due_confirmations(seconds=0) == 0
    assert sending.send_due_confirmations() == 1


def test_a_server_that_never_answers_makes_one_message_a_turn_uncertain(
    mailbox: Mailbox, newsletter: Newsletter
) -> None:
    readers = add_readers(newsletter, 5)
    mailbox.data_answers = {reader: ["hang up"] for reader in readers}
    dispatch = start(newsletter)
    for turn in (1, 2):
        make_due()
        assert sending.send_due() is Outcome.UNREACHABLE
        assert dispatch.deliveries.filter(state=State.UNCERTAIN).count() == turn
        waiting = dispatch.deliveries.filter(state=State.PENDING, attempts=0, next_attempt_at__gt=timezone.now())
        assert waiting.count() == 5 - turn


def test_what_is_refused_after_a_stop_is_not_tried_again(
    mailbox: Mailbox, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    (reader,) = add_readers(newsletter, 1)
    mailbox.data_answers[reader] = ["451 4.3.0 later", "554 no", "451 4.3.0 later"]
    dispatch = start(newsletter)
    hand_over = SmtpSession.hand_over

    def stopped_meanwhile(self: SmtpSession, sender: str, to: str, message: bytes, begin: Any) -> Any:
        def begin_and_stop() -> bool:
            begun = begin()
            services.cancel_dispatch(dispatch.pk)
            return begun

        return hand_over(self, sender, to, message, begin_and_stop)

    with monkeypatch.context() as patch:
        patch.setattr(SmtpSession, "hand_over", stopped_meanwhile)
        sending.send_due()
    delivery = dispatch.deliveries.get()
    assert (delivery.state, delivery.smtp_code) == (State.SKIPPED, 451)
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.SENT

    # An editor who sends one again after the stop means it: that one is tried as often as any.
    Delivery.objects.update(state=State.FAILED)
    for expected in (State.FAILED, State.PENDING):
        services.resend_delivery(delivery.pk)
        sending.send_due()
        delivery.refresh_from_db()
        assert delivery.state == expected


def test_a_link_to_what_is_not_published_keeps_its_words_only() -> None:
    article = make_article("Міст відкрили")
    draft = Page.objects.get(pk=make_article("Таємниця").pk).specific
    draft.unpublish()
    html = mail_html(
        f'<p><a linktype="page" id="{article.pk}">є</a> <a id="{draft.pk}" linktype="page">нема</a> '
        f'<a linktype="page" id="999999">зникло</a> <a linktype="page" id="x">хиба</a> '
        f'<a href="https://example.org/">світ</a></p>'
    )
    assert f'<a href="{article.public_url}">є</a>' in html
    assert " нема зникло хиба " in html
    assert '<a href="https://example.org/">світ</a>' in html


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_for_the_mail_server(
    newsletter: Newsletter, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = make_edition(newsletter)
    client.force_login(User.objects.create_superuser("boss", "boss@example.org"))
    seen: list[bool] = []
    monkeypatch.setattr(sending, "send_test", lambda *arguments: seen.append(connection.in_atomic_block))
    path = reverse("send_edition", args=[edition.pk])
    assert client.post(path, {"trial": "1", "trial-email": "me@example.org"}).status_code == 302
    assert seen == [False]
    assert resolve(path).func.manages_transactions
    assert not hasattr(resolve(reverse("wagtailadmin_pages:edit", args=[edition.pk])).func, "manages_transactions")


def test_a_server_that_refuses_us_fails_nobody(mailbox: Mailbox, newsletter: Newsletter) -> None:
    """530 "authentication required" comes with a 5xx, and is no fault of any recipient's."""
    readers = add_readers(newsletter, 3)
    mailbox.mail_answers = ["530 5.7.0 Authentication required"]
    dispatch = start(newsletter)
    assert sending.send_due() is Outcome.UNREACHABLE
    assert set(states(dispatch).values()) == {State.PENDING}
    assert not Subscriber.objects.filter(bounces__gt=0).exists()
    make_due()
    sending.send_due()
    assert mailbox.counted == dict.fromkeys(readers, 1)


def test_an_address_that_makes_no_message_fails_alone(mailbox: Mailbox, newsletter: Newsletter) -> None:
    good, bad = add_readers(newsletter, 2)
    dispatch = start(newsletter)
    dispatch.deliveries.filter(email=bad).update(email="evil@example.org\r\nBcc: all@example.org")
    sending.send_due()
    assert mailbox.counted == {good: 1}
    assert dispatch.deliveries.exclude(email=good).get().state == State.FAILED
