"""Subscribing, confirming, unsubscribing; the pages behind the links; the mails that ask."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from cms.content.models import OutboxEvent
from cms.newsletters import links, sending, services
from cms.newsletters.models import ConfirmationMail, Delivery, Newsletter, Subscriber, Subscription
from tests.support.newsletters import Mailbox, add_readers, make_edition, make_newsletter

pytestmark = pytest.mark.django_db


@pytest.fixture
def newsletter() -> Newsletter:
    return make_newsletter()


def the_subscription() -> Subscription:
    return Subscription.objects.select_related("subscriber").get()


def path_of(url: str, settings: Any) -> str:
    return url.removeprefix(settings.BASE_URL)


def test_the_whole_way_from_a_request_to_the_end(
    mailbox: Mailbox, newsletter: Newsletter, client: Client, settings: Any
) -> None:
    services.subscribe(newsletter, "Olena@example.org", name="Олена", locale="en", source="api", client="192.0.2.1")
    assert OutboxEvent.objects.filter(name="subscription.requested").count() == 1
    assert the_subscription().state == "pending"
    assert sending.send_due_confirmations() == 1
    assert sending.send_due_confirmations() == 0

    message = mailbox.to("Olena@example.org")
    assert message["Subject"] == f"Confirm your subscription to “{newsletter.name}”"
    assert message["Auto-Submitted"] == "auto-generated"
    body = message.get_body(("plain",))
    assert body is not None
    (link,) = re.findall(r"http\S+/newsletters/confirm/\S+", body.get_content())
    path = path_of(link, settings)

    page = client.get(path)
    assert page.status_code == 200
    assert "Confirm the subscription" in page.text
    assert "Olena@example.org" not in page.text
    assert the_subscription().state == "pending"

    page = client.post(path)
    assert (page.status_code, the_subscription().state) == (200, "confirmed")
    subscription = the_subscription()
    assert subscription.consent["source"] == "api"
    assert "192.0.2.1" not in str(subscription.consent)
    assert len(subscription.consent["client"]) == 64
    assert (subscription.subscriber.name, subscription.subscriber.locale) == ("Олена", "en")
    assert client.post(path).status_code == 200

    end = path_of(links.unsubscribe_url(subscription.pk), settings)
    assert client.get(end).status_code == 200
    assert the_subscription().state == "confirmed"
    one_click = client.post(end, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert (one_click.status_code, the_subscription().state) == (200, "unsubscribed")
    assert client.post(end).status_code == 200
    assert client.post(path).status_code == 410
    assert the_subscription().state == "unsubscribed"


def test_the_pages_give_nothing_away(newsletter: Newsletter, client: Client, settings: Any) -> None:
    subscription = services.add_confirmed_subscriber(newsletter, "olena@example.org", source="test")
    page = client.get(path_of(links.unsubscribe_url(subscription.pk), settings))
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"].startswith("noindex")
    assert page["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "<script" not in page.text
    assert 'lang="uk"' in page.text


def test_posts_need_no_csrf_token_because_the_token_is_the_secret(newsletter: Newsletter, settings: Any) -> None:
    subscription = services.add_confirmed_subscriber(newsletter, "olena@example.org", source="test")
    client = Client(enforce_csrf_checks=True)
    assert client.post(path_of(links.unsubscribe_url(subscription.pk), settings)).status_code == 200


@pytest.mark.parametrize("path", ["confirm/x/", "confirm/1~2~3/", "unsubscribe/x/", "unsubscribe/1.2~forged/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_not_ours_is_a_clear_page(path: str, method: str, client: Client) -> None:
    page = getattr(client, method)(f"/newsletters/{path}", headers={"Accept-Language": "en"})
    assert page.status_code == 400
    assert "This link is not right" in page.text


def test_an_expired_link_says_so(newsletter: Newsletter, client: Client, settings: Any, monkeypatch: Any) -> None:
    services.subscribe(newsletter, "olena@example.org")
    path = path_of(links.confirmation_url(ConfirmationMail.objects.get().pk), settings)
    later = (timezone.now() + timedelta(days=8)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    page = client.post(path, headers={"Accept-Language": "ru"})
    assert page.status_code == 410
    assert "Ссылка устарела" in page.text
    assert the_subscription().state == "pending"


def test_nobody_is_asked_too_often(newsletter: Newsletter) -> None:
    for _request in range(6):
        services.subscribe(newsletter, "olena@example.org")
        services.subscribe(newsletter, "OLENA@example.org")
    assert ConfirmationMail.objects.count() == 3
    others = [make_newsletter() for _number in range(10)]
    for other in others:
        services.subscribe(other, "olena@example.org")
    assert ConfirmationMail.objects.count() == 8
    assert Subscriber.objects.count() == 1


def test_a_confirmed_or_suppressed_reader_is_not_asked(newsletter: Newsletter) -> None:
    subscription = services.add_confirmed_subscriber(newsletter, "olena@example.org", source="test")
    services.subscribe(newsletter, "olena@example.org", name="Not Olena")
    Subscription.objects.update(state="suppressed", ended_at=timezone.now())
    services.subscribe(newsletter, "olena@example.org")
    assert not ConfirmationMail.objects.exists()
    subscription.subscriber.refresh_from_db()
    assert subscription.subscriber.name == ""


def test_asking_again_after_leaving_starts_a_new_round(newsletter: Newsletter) -> None:
    services.subscribe(newsletter, "olena@example.org")
    first = ConfirmationMail.objects.get()
    services.confirm(first.pk)
    services.unsubscribe(the_subscription().pk)
    services.subscribe(newsletter, "olena@example.org")
    second = ConfirmationMail.objects.exclude(pk=first.pk).get()
    assert services.confirm(first.pk) is services.Confirmed.SUPERSEDED
    assert the_subscription().state == "pending"
    assert services.confirm(second.pk) is services.Confirmed.DONE
    assert services.confirm(second.pk) is services.Confirmed.ALREADY


def test_an_old_list_brings_nobody_back(newsletter: Newsletter) -> None:
    subscription = services.add_confirmed_subscriber(newsletter, "olena@example.org", source="test")
    services.unsubscribe(subscription.pk)
    services.add_confirmed_subscriber(newsletter, "olena@example.org", source="an old list")
    assert the_subscription().state == "unsubscribed"


def test_a_confirmation_that_can_not_be_sent_is_tried_again_and_then_given_up(
    mailbox: Mailbox, newsletter: Newsletter
) -> None:
    services.subscribe(newsletter, "olena@example.org")
    mailbox.rcpt_answers["olena@example.org"] = ["450 later"] * 20
    for _attempt in range(8):
        assert sending.send_due_confirmations() == 0
        ConfirmationMail.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    mail = ConfirmationMail.objects.get()
    assert (mail.attempts, mail.due_at, mail.sent_at) == (6, None, None)
    assert "450" in mail.error


def test_a_refused_address_is_asked_once(mailbox: Mailbox, newsletter: Newsletter) -> None:
    services.subscribe(newsletter, "olena@example.org")
    mailbox.rcpt_answers["olena@example.org"] = ["550 no such user"]
    sending.send_due_confirmations()
    assert ConfirmationMail.objects.get().due_at is None


def test_the_database_keeps_one_subscriber_an_address_and_states_that_make_sense(newsletter: Newsletter) -> None:
    add_readers(newsletter, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscriber.objects.create(email="READER0@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.update(state="unsubscribed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.update(confirmed_at=None)


def test_forgetting_somebody_leaves_the_numbers_and_no_address(mailbox: Mailbox, newsletter: Newsletter) -> None:
    first, second = add_readers(newsletter, 2)
    dispatch = services.schedule_dispatch(make_edition(newsletter))
    services.start_due_dispatches()
    services.erase_subscriber(Subscriber.objects.get(email=first))
    sending.send_due()
    assert mailbox.counted == {second: 1}
    assert not Subscriber.objects.filter(email=first).exists()
    assert dispatch.deliveries.count() == 2
    assert not Delivery.objects.filter(email=first).exists()


def test_a_newsletter_is_found_in_the_readers_language_first(newsletter: Newsletter) -> None:
    english = make_newsletter("en", slug=newsletter.slug)
    assert services.find_newsletter(newsletter.slug, "en") == english
    assert services.find_newsletter(newsletter.slug, "ru") == newsletter
    assert services.find_newsletter(newsletter.slug) == newsletter
    Newsletter.objects.update(active=False)
    assert services.find_newsletter(newsletter.slug) is None
