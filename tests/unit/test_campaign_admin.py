"""Marketing's screens: money is seen, exported and added by hand; nothing is edited."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from cms.campaigns import services
from cms.campaigns.models import CampaignPage, LedgerEntry, Progress
from cms.content.models import FolderPage
from tests.support.campaigns import event, make_campaign, make_donation, receive, register_gateway, translate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def gateway(monkeypatch):
    return register_gateway(monkeypatch)


@pytest.fixture
def campaign():
    return make_campaign(slug="tryb").campaign


@pytest.fixture
def marketing(client):
    user = User.objects.create_user("olena", first_name="Олена", last_name="Гнатюк")
    user.groups.add(Group.objects.get(name="Marketing"))
    client.force_login(user)
    return client


def test_lists_show_the_money(marketing, campaign):
    donation = make_donation(campaign, name="Марія Коваль")
    receive(event("payment", donation, "c1", 250_00), event("payment", donation, "x1", 1, reference="unknown-9"))
    for pk in services.due_events():
        services.apply_event(pk)
    for screen, part in (
        ("totals", "250\u00a0₴"),
        ("donations", "Марія Коваль"),
        ("ledger", "c1"),
        ("webhooks", "unknown-9"),
    ):
        page = marketing.get(reverse(f"{screen}:index"))
        assert page.status_code == 200
        assert part in page.content.decode(), screen
    entry = LedgerEntry.objects.get()
    for screen, pk in (("donations", donation.pk), ("ledger", entry.pk), ("totals", campaign.pk)):
        assert marketing.get(reverse(f"{screen}:inspect", args=[pk])).status_code == 200
        assert marketing.get(reverse(f"{screen}:edit", args=[pk])).status_code in (302, 403)
        assert marketing.post(reverse(f"{screen}:delete", args=[pk])).status_code in (302, 403)
    assert LedgerEntry.objects.filter(pk=entry.pk).exists()


def test_the_ledger_as_csv(marketing, campaign):
    services.record_offline(campaign.pk, amount=1_500_50, reason="Cash", recorded_by="Olena", external_id="BT-1")
    answer = marketing.get(reverse("ledger:index"), {"export": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert "BT-1" in lines[1]
    assert "150050,1500.50,UAH" in lines[1]


def test_recording_what_came_by_bank(marketing, campaign):
    form = {
        "campaign": campaign.pk, "kind": "offline", "amount": "1 500,50", "external_id": "BT-17",
        "occurred_at": "2026-01-14 12:00", "reason": "Переказ від читача",
    }  # fmt: skip
    assert marketing.get(reverse("ledger:add")).status_code == 200
    assert marketing.post(reverse("ledger:add"), form).status_code == 302
    entry = LedgerEntry.objects.get()
    assert (entry.amount, entry.recorded_by) == (1_500_50, "Олена Гнатюк (olena)")
    again = marketing.post(reverse("ledger:add"), form)
    assert again.status_code == 200
    assert "вже є" in again.content.decode() or "уже є" in again.content.decode()
    assert marketing.post(reverse("ledger:add"), {**form, "amount": "-5"}).status_code == 200
    assert Progress.objects.get(campaign=campaign).raised == 1_500_50

    url = reverse("correct_ledger_entry", args=[entry.pk])
    assert url in marketing.get(reverse("ledger:index")).content.decode()
    assert "Переказ від читача" in marketing.get(url).content.decode()
    assert marketing.post(url, {"reason": ""}).status_code == 200
    assert marketing.post(url, {"reason": "Не той збір"}).status_code == 302
    assert Progress.objects.get(campaign=campaign).raised == 0
    assert LedgerEntry.objects.count() == 2


def test_editors_do_not_see_it(client, campaign):
    user = User.objects.create_user("petro")
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    for screen in ("totals", "donations", "ledger", "webhooks"):
        assert client.get(reverse(f"{screen}:index")).status_code in (302, 403)
    entry = services.record_offline(campaign.pk, amount=100, reason="Cash", recorded_by="Olena")
    assert client.post(reverse("correct_ledger_entry", args=[entry]), {"reason": "x"}).status_code in (302, 403)


def test_the_page_form_takes_whole_units(admin_client):
    folder = FolderPage.objects.get(slug="campaigns", locale__language_code="uk")
    add = reverse("wagtailadmin_pages:add", args=["campaigns", "campaignpage", folder.pk])
    assert "Fake" in admin_client.get(add).content.decode()
    form = {
        "title": "Новий збір", "slug": "novyi-zbir", "goal": "1 000 000,50", "currency": "UAH",
        "lede": "", "thank_you": "",
        "suggested_amounts": "100; 250,50; 1 000", "gateways": ["fake"], "action-publish": "1",
        "body-count": "0", "starts_at": "", "ends_at": "", "seo_title": "", "search_description": "", "tags": "",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    }  # fmt: skip
    wrong = admin_client.post(add, {**form, "goal": "багато", "suggested_amounts": "100; сто"})
    assert wrong.status_code == 200
    assert not CampaignPage.objects.exists()
    answer = admin_client.post(add, form)
    assert answer.status_code == 302, answer.context["form"].errors
    page = CampaignPage.objects.get()
    assert (page.goal, page.suggested_amounts, page.gateways) == (1_000_000_50, [100_00, 250_50, 1000_00], ["fake"])
    assert page.live
    edit = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert 'value="1000000.50"' in edit
    assert 'value="100; 250.50; 1000"' in edit


def test_terms_are_shown_and_frozen_on_a_translation(admin_client, campaign):
    en = translate(CampaignPage.objects.get(slug="tryb"), "en", title="The tribune")
    edit = admin_client.get(reverse("wagtailadmin_pages:edit", args=[en.pk])).content.decode()
    (goal,) = re.findall(r'<input[^>]*name="goal"[^>]*>', edit)
    assert "disabled" in goal
    assert 'value="500000"' in goal
