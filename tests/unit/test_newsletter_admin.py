"""The newsletters' screens, as each group sees them."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.newsletters import sending, services
from cms.newsletters.models import Delivery, Dispatch, EditionPage, Newsletter, Subscriber
from tests.support.newsletters import Mailbox, add_readers, make_edition, make_newsletter

pytestmark = pytest.mark.django_db


@pytest.fixture
def newsletter() -> Newsletter:
    return make_newsletter()


@pytest.fixture
def edition(newsletter: Newsletter) -> EditionPage:
    return make_edition(newsletter)


def log_in(client: Client, group: str) -> User:
    user = User.objects.create_user(f"{group}-user", f"{group.lower()}@example.org")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


@pytest.mark.parametrize("group", ["Marketing", "Editors"])
def test_an_edition_is_sent_from_its_screen(
    group: str, client: Client, newsletter: Newsletter, edition: EditionPage
) -> None:
    add_readers(newsletter, 3)
    user = log_in(client, group)
    path = reverse("send_edition", args=[edition.pk])
    page = client.get(path)
    assert page.status_code == 200
    assert "3" in page.text
    assert path in client.get(reverse("wagtailadmin_pages:edit", args=[edition.pk])).text
    answer = client.post(path, {"send": "1", "schedule-when": ""})
    dispatch = Dispatch.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("dispatches:inspect", args=[dispatch.pk])
    assert (dispatch.state, dispatch.requested_by) == ("scheduled", user)
    assert client.get(answer["Location"]).status_code == 200
    assert "data-send" not in client.get(path).text
    assert client.post(path, {"send": "1", "schedule-when": ""}).status_code == 200
    assert Dispatch.objects.count() == 1


def test_a_moment_in_the_past_is_refused_and_one_in_the_future_is_kept(
    client: Client, newsletter: Newsletter, edition: EditionPage
) -> None:
    add_readers(newsletter, 1)
    log_in(client, "Marketing")
    path = reverse("send_edition", args=[edition.pk])
    assert client.post(path, {"send": "1", "schedule-when": "2001-01-01 10:00"}).status_code == 200
    assert not Dispatch.objects.exists()
    assert client.post(path, {"send": "1", "schedule-when": "2999-01-01 10:00"}).status_code == 302
    assert services.start_due_dispatches() == []


def test_a_trial(mailbox: Mailbox, client: Client, newsletter: Newsletter) -> None:
    draft = make_edition(newsletter, live=False)
    log_in(client, "Marketing")
    path = reverse("send_edition", args=[draft.pk])
    assert client.post(path, {"trial": "1", "trial-email": "nobody"}).status_code == 200
    assert client.post(path, {"trial": "1", "trial-email": "me@example.org"}).status_code == 302
    mailbox.rcpt_answers["you@example.org"] = ["550 no such user"]
    assert "no such user" in client.post(path, {"trial": "1", "trial-email": "you@example.org"}).text
    assert mailbox.counted == {"me@example.org": 1}


def test_the_report_lists_the_uncertain_and_an_editor_decides(
    mailbox: Mailbox, client: Client, newsletter: Newsletter, edition: EditionPage
) -> None:
    one, two, three = add_readers(newsletter, 3)
    mailbox.data_answers = {one: ["hang up"], two: ["hang up"]}
    dispatch = services.schedule_dispatch(edition)
    services.start_due_dispatches()
    for _turn in range(3):  # an unanswered message ends a sender's turn
        Delivery.objects.filter(state="pending").update(next_attempt_at=timezone.now())
        sending.send_due()
    log_in(client, "Marketing")
    path = reverse("dispatches:inspect", args=[dispatch.pk])
    page = client.get(path).text
    assert one in page
    assert two in page
    assert three not in page
    first, second = Delivery.objects.filter(state="uncertain").order_by("pk")
    assert client.post(path, {"settle": str(first.pk)}).status_code == 302
    assert client.post(path, {"resend": str(second.pk)}).status_code == 302
    assert client.post(path, {"resend": "999999"}).status_code == 302
    assert client.post(path, {"resend": "x"}).status_code == 302
    assert dict(dispatch.deliveries.values_list("email", "state")) == {one: "sent", two: "pending", three: "sent"}


def test_who_may_not_send_may_not_send(client: Client, newsletter: Newsletter, edition: EditionPage) -> None:
    add_readers(newsletter, 1)
    user = log_in(client, "Editors")
    user.groups.clear()
    user.user_permissions.add(*Group.objects.get(name="Editors").permissions.filter(codename="access_admin"))
    path = reverse("send_edition", args=[edition.pk])
    for answer in (client.get(path), client.post(path, {"send": "1"})):
        assert answer.status_code in (302, 403)
    assert not Dispatch.objects.exists()


def test_lists_search_and_export(client: Client, newsletter: Newsletter, edition: EditionPage, settings: Any) -> None:
    add_readers(newsletter, 3)
    services.schedule_dispatch(edition)
    services.start_due_dispatches()
    log_in(client, "Marketing")
    assert "reader2@example.org" in client.get(reverse("subscribers:index"), {"q": "reader2"}).text
    assert "reader1@example.org" not in client.get(reverse("subscribers:index"), {"q": "reader2"}).text
    exported = client.get(reverse("subscribers:index"), {"export": "csv"})
    assert b"".join(exported.streaming_content).count(b"@example.org") == 3
    assert edition.title in client.get(reverse("dispatches:index")).text
    assert newsletter.name in client.get(reverse(Newsletter.snippet_viewset.get_url_name("list"))).text
    assert client.get(reverse("dispatches:add")).status_code in (302, 403)
    assert client.get(reverse("subscribers:add")).status_code in (302, 403)


def test_a_newsletter_is_made_in_the_admin(client: Client) -> None:
    log_in(client, "Marketing")
    path = reverse(Newsletter.snippet_viewset.get_url_name("add"))
    fields = {"name": "Нова розсилка", "from_name": "Острів", "from_email": "news@ostriv.example", "active": "on"}
    assert client.post(path, {**fields, "from_email": "nobody"}).status_code == 200
    assert client.post(path, fields).status_code == 302
    assert Newsletter.objects.get(name="Нова розсилка").slug == "nova-rozsylka"


def test_deleting_a_subscriber_forgets_the_address(
    client: Client, newsletter: Newsletter, edition: EditionPage
) -> None:
    (reader,) = add_readers(newsletter, 1)
    services.schedule_dispatch(edition)
    services.start_due_dispatches()
    log_in(client, "Marketing")
    assert client.post(reverse("subscribers:delete", args=[Subscriber.objects.get().pk])).status_code == 302
    assert not Subscriber.objects.exists()
    assert not Delivery.objects.filter(email=reader).exists()
