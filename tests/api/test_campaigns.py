"""The public API of campaigns and donations, as a frontend and a provider see it."""

import json
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.settings import api_settings

from cms.campaigns import services
from cms.campaigns.gateways import GatewayError
from cms.campaigns.models import Donation, LedgerEntry, WebhookEvent
from cms.campaigns.services.inbox import MAX_BODY
from tests.support.campaigns import event, make_campaign, make_donation, register_gateway, translate

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def gateway(monkeypatch):
    cache.clear()  # who asked how often is kept there
    return register_gateway(monkeypatch)


@pytest.fixture
def page():
    return make_campaign(slug="zviazok")


def give(client, slug="zviazok", headers=None, **fields):
    body = {"amount": 250_00, "currency": "UAH", **fields}
    return client.post(
        f"/api/v1/campaigns/{slug}/donations/", json.dumps(body), content_type="application/json", headers=headers or {}
    )


def problem(answer, status):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return answer.json()


# --- reading --------------------------------------------------------------------------------------------------


def test_list_and_detail(client, page):
    translate(page, "en", title="The line", slug="line")
    services.record_offline(page.campaign.pk, amount=125_000_00, reason="Cash", recorded_by="Olena")
    (listed,) = client.get("/api/v1/campaigns/").json()["results"]
    assert listed["slug"] == "zviazok"
    assert listed["url"].endswith("/donate/zviazok/")
    assert listed["goal"] == {"amount": 500_000_00, "currency": "UAH"}
    assert (listed["state"], listed["progress"]["percent"], listed["progress"]["raised"]) == ("running", 25, 125_000_00)
    detail = client.get("/api/v1/campaigns/zviazok/").json()
    assert [block["type"] for block in detail["body"]] == ["heading", "paragraph", "quote", "table", "pullout"]
    assert detail["suggested_amounts"] == [100_00, 250_00, 500_00]
    assert detail["gateways"] == [{"label": "fake", "name": "Fake"}]
    assert detail["translations"][0]["slug"] == "line"
    assert client.get("/api/v1/campaigns/zviazok/?locale=en").json()["slug"] == "line"
    assert client.get("/api/v1/campaigns/line/progress/").json()["raised"] == 125_000_00
    assert client.get("/api/v1/content/").json()["results"] == []  # campaigns have a list of their own


def test_progress_is_one_query_with_an_etag(client, page, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get("/api/v1/campaigns/zviazok/progress/")
    assert set(answer.json()) == {"campaign", "currency", "goal", "raised", "donors", "percent", "updated_at"}
    assert "max-age=1" in answer["Cache-Control"]
    again = client.get("/api/v1/campaigns/zviazok/progress/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_the_list_costs_the_same_for_one_and_for_many(client, page, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get("/api/v1/campaigns/")
    for _each in range(5):
        make_campaign()
    with django_assert_num_queries(2):
        assert len(client.get("/api/v1/campaigns/").json()["results"]) == 6


def test_what_is_not_public_is_not_there(client, page):
    make_campaign(slug="draft", live=False)
    page.unpublish()
    for slug in ("draft", "zviazok", "never-was"):
        for path in ("", "progress/"):
            problem(client.get(f"/api/v1/campaigns/{slug}/{path}"), 404)
        problem(give(client, slug), 404)
    assert client.get("/api/v1/campaigns/").json()["results"] == []


# --- giving ---------------------------------------------------------------------------------------------------


def test_giving(client, page, gateway):
    answer = give(client, name="  Марія  Коваль ", email="m@example.org", message="Тримайтеся", anonymous=True)
    assert answer.status_code == 201
    made = answer.json()
    donation = Donation.objects.get(pk=made["id"])
    assert made == {"id": str(donation.pk), "status": "pending", "checkout_url": f"https://pay.example/{donation.pk}"}
    assert (donation.name, donation.anonymous, donation.reference) == ("Марія Коваль", True, f"ref-{donation.pk}")
    assert gateway.asked["return_url"].endswith(f"/donate/zviazok/?donation={donation.pk}#thanks")
    assert gateway.asked["webhook_url"].endswith("/api/v1/gateways/fake/webhook/")
    status = client.get(f"/api/v1/donations/{donation.pk}/")
    assert status.json() == {
        "id": str(donation.pk), "status": "pending", "amount": 250_00, "currency": "UAH", "campaign": "zviazok",
    }  # fmt: skip
    assert "no-store" in status["Cache-Control"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
        ({"amount": 9_99}, "amount"),
        ({"amount": 10**12}, "amount"),
        ({"amount": 10**30}, "amount"),
        ({"amount": 12.5}, "amount"),
        ({"amount": "сто"}, "amount"),
        ({"amount": None}, "amount"),
        ({"currency": "EUR"}, "currency"),
        ({"currency": "GBP"}, "currency"),
        ({"gateway": "nobody"}, "gateway"),
        ({"email": "not-an-address"}, "email"),
        ({"name": "x" * 101}, "name"),
        ({"name": "Casino https://spam.example"}, "name"),
        ({"message": "x" * 1001}, "message"),
        ({"return_url": "https://evil.example/"}, "return_url"),
        ({"return_url": "//evil.example/"}, "return_url"),
        ({"return_url": "javascript:alert(1)"}, "return_url"),
        ({"return_url": "http://localhost:8000@evil.example/"}, "return_url"),
        ({"return_url": "http://localhost:8000\\@evil.example/"}, "return_url"),
        ({"return_url": "http://[bad"}, "return_url"),
    ],
)
def test_bad_input_names_its_field_and_makes_nothing(client, page, fields, field):
    answer = problem(give(client, **fields), 400)
    assert [each["field"] for each in answer["errors"]] == [field]
    assert not Donation.objects.exists()


def test_sent_back_to_the_newsroom_s_own_addresses(client, page, gateway, settings):
    settings.FRONTEND_URL = "https://news.example"
    settings.CORS_ALLOWED_ORIGINS = ["https://partner.example"]
    own = f"{settings.BASE_URL}/donate/zviazok/"
    for url in ("https://news.example/thanks?a=1#x", "https://partner.example/", own):
        assert give(client, return_url=url).status_code == 201
    give(client, return_url="https://news.example/thanks?a=1#x")
    assert re.fullmatch(r"https://news\.example/thanks\?a=1&donation=[-0-9a-f]{36}#x", gateway.asked["return_url"])
    problem(give(client, return_url="http://news.example/"), 400)


def test_an_idempotency_key_makes_one_donation(client, page):
    first = give(client, headers={"Idempotency-Key": "abc"})
    second = give(client, headers={"Idempotency-Key": "abc"})
    assert second.json() == first.json()
    assert Donation.objects.count() == 1
    problem(give(client, headers={"Idempotency-Key": "abc"}, amount=300_00), 422)
    problem(give(client, headers={"Idempotency-Key": "x" * 256}), 400)
    assert give(client, headers={"Idempotency-Key": "other"}).json() != first.json()


@pytest.mark.parametrize("dates", [{"ends_at": -1}, {"starts_at": 1}])
def test_a_campaign_takes_money_in_its_time_only(client, dates):
    moments = {name: timezone.now() + timedelta(days=days) for name, days in dates.items()}
    make_campaign(slug="dated", **moments)
    assert "campaign" in problem(give(client, "dated"), 409)["detail"]
    assert not Donation.objects.exists()


def test_without_a_gateway_there_is_a_clear_answer(client, page, monkeypatch, gateway):
    gateway.available = lambda: False
    assert "No way to pay" in problem(give(client), 503)["detail"]
    monkeypatch.setattr("cms.campaigns.gateways._declared", dict)
    problem(give(client), 503)
    assert client.get("/api/v1/campaigns/zviazok/").json()["gateways"] == []


@pytest.mark.parametrize("fault", [GatewayError("down"), ZeroDivisionError("bug"), TimeoutError()])
def test_a_gateway_that_fails_leaves_a_failed_donation(client, page, gateway, fault):
    def broken(*args, **kwargs):
        raise fault

    gateway.create_checkout = broken
    problem(give(client), 503)
    assert Donation.objects.get().status == "failed"


def test_one_client_can_ask_so_often(client, page, monkeypatch):
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "donate", "2/hour")
    assert [give(client).status_code for _each in range(3)] == [201, 201, 429]


def test_the_form_works_without_a_script(client, page):
    url = "/api/v1/campaigns/zviazok/donations/"
    fields = {"currency": "UAH", "amount": "10000", "own_amount": "", "name": "Марія", "locale": "uk"}
    answer = client.post(url, urlencode(fields), content_type=FORM)
    assert answer.status_code == 303
    assert answer["Location"] == f"https://pay.example/{Donation.objects.get().pk}"
    client.post(url, urlencode({**fields, "own_amount": "1 077,50"}), content_type=FORM)
    assert Donation.objects.first().amount == 1077_50
    for wrong in ("багато", "0,5"):
        refused = client.post(url, urlencode({**fields, "own_amount": wrong}), content_type=FORM)
        assert refused.status_code == 400
        assert refused["Content-Type"].startswith("text/html")
        assert 'href="/donate/zviazok/' in refused.content.decode()


def test_an_unknown_donation(client):
    problem(client.get("/api/v1/donations/6f2b0c2e-0000-4000-8000-000000000000/"), 404)


# --- webhooks -------------------------------------------------------------------------------------------------


def deliver(client, *events, signed="yes", gateway="fake", body=None):
    return client.post(
        f"/api/v1/gateways/{gateway}/webhook/",
        json.dumps(events) if body is None else body,
        content_type="application/json",
        headers={"Signed": signed},
    )


def test_a_webhook_is_stored_once(client, page):
    paid = event("payment", make_donation(page.campaign), "c1", 250_00)
    assert deliver(client, paid).json() == {"received": 1}
    assert deliver(client, paid).json() == {"received": 0}
    assert WebhookEvent.objects.count() == 1
    assert not LedgerEntry.objects.exists()  # a worker applies it


def test_webhooks_that_are_refused(client, page, gateway):
    paid = event("payment", make_donation(page.campaign), "c1", 250_00)
    problem(deliver(client, paid, signed="no"), 400)
    problem(deliver(client, paid, gateway="nobody"), 404)
    problem(deliver(client, body=b"x" * (MAX_BODY + 1)), 413)
    problem(deliver(client, body=b"{not json"), 503)  # the gateway's own fault: the provider sends it again
    problem(client.get("/api/v1/gateways/fake/webhook/"), 405)
    assert not WebhookEvent.objects.exists()
