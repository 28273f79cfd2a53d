"""Donors who want to be forgotten."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.campaigns import services
from cms.campaigns.models import Donation, LedgerEntry, Progress
from cms.campaigns.pages.context import last_donors
from cms.content.outbox import OutboxEvent
from tests.support.campaigns import event, ledger, make_campaign, make_donation, receive, register_gateway

pytestmark = pytest.mark.django_db


@pytest.fixture
def donation(monkeypatch):
    register_gateway(monkeypatch)
    made = make_donation(
        make_campaign(slug="tryb").campaign,
        name="Марія Коваль",
        email="m@example.org",
        message="Тримайтеся",
        idempotency_key="k",
        request_hash="h",
    )
    receive(event("payment", made, "c1", 250_00))
    for pk in services.due_events():
        services.apply_event(pk)
    OutboxEvent.objects.all().delete()
    made.refresh_from_db()
    return made


def log_in(client, group):
    user = User.objects.create_user("olena")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


def test_marketing_forgets_a_donor(client, donation):
    user = log_in(client, "Marketing")
    before = ledger(donation.campaign)
    assert last_donors(donation.campaign_id) == ["Марія Коваль"]
    url = reverse("forget_donor", args=[donation.pk])
    assert url in client.get(reverse("donations:index")).content.decode()
    assert url in client.get(reverse("donations:inspect", args=[donation.pk])).content.decode()
    assert "Марія Коваль" in client.get(url).content.decode()
    assert Donation.objects.get().name  # looking forgets nothing

    answer = client.post(url, follow=True)
    assert answer.redirect_chain == [(reverse("donations:index"), 302)]
    forgotten = Donation.objects.get()
    assert (forgotten.name, forgotten.email, forgotten.message, forgotten.request_hash) == ("", "", "", "")
    assert forgotten.anonymous
    assert (forgotten.status, forgotten.amount, forgotten.paid_at) == ("paid", 250_00, donation.paid_at)
    assert ledger(donation.campaign) == before
    assert Progress.objects.get(campaign=donation.campaign).donors == 1
    assert last_donors(donation.campaign_id) == []
    assert OutboxEvent.objects.get(name="campaign.changed").payload == {"campaign": donation.campaign_id}
    entry = ModelLogEntry.objects.get(action=services.FORGOTTEN)
    assert (entry.object_id, entry.user) == (str(donation.pk), user)
    assert "Марія" not in f"{entry.label} {entry.data}"
    assert client.get(reverse("donations:inspect", args=[donation.pk])).status_code == 200


def test_a_payment_after_it_still_counts(donation):
    services.forget_donor(donation.pk)
    receive(event("refund", donation, "r1", 250_00))
    for pk in services.due_events():
        services.apply_event(pk)
    assert Donation.objects.get().name == ""
    assert LedgerEntry.objects.count() == 2


def test_nobody_else_forgets(client, donation):
    log_in(client, "Editors")
    assert client.post(reverse("forget_donor", args=[donation.pk])).status_code in (302, 403)
    assert Donation.objects.get().name == "Марія Коваль"


def test_it_is_the_only_thing_that_changes_a_donation(client, donation):
    log_in(client, "Marketing")
    answer = client.post(reverse("donations:edit", args=[donation.pk]), {"amount": "1"})
    assert answer.status_code in (302, 403)
    assert Donation.objects.get().amount == 250_00


def test_there_is_no_such_donation(client, donation):
    log_in(client, "Marketing")
    assert client.post("/admin/donations/forget/6f2b0c2e-0000-4000-8000-000000000000/").status_code == 404
