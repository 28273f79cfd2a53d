"""A repeated request finds the donation of the first one, also when that one was cut short."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from cms.campaigns import services
from cms.campaigns.gateways import GatewayError
from cms.campaigns.models import Donation
from tests.support.campaigns import make_campaign, register_gateway, translate

pytestmark = pytest.mark.django_db


class KilledError(BaseException):
    """The process went away in the middle of it."""


@pytest.fixture
def gateway(monkeypatch):
    cache.clear()
    return register_gateway(monkeypatch)


@pytest.fixture
def page(gateway):
    return make_campaign(slug="zviazok")


def give(client, slug="zviazok", **fields):
    return client.post(
        f"/api/v1/campaigns/{slug}/donations/",
        json.dumps({"amount": 250_00, "currency": "UAH", **fields}),
        content_type="application/json",
        headers={"Idempotency-Key": "abc"},
    )


def cut_short(client, gateway, monkeypatch):
    def killed(*args, **kwargs):
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "create_checkout", killed)
        with pytest.raises(KilledError):
            give(client)
    return Donation.objects.get()


def back_in_time(**ago):
    moments = {name: timezone.now() - timedelta(**each) for name, each in ago.items()}
    Donation.objects.update(**moments)


def test_a_donation_cut_short_gets_its_checkout_after_a_minute(client, page, gateway, monkeypatch):
    donation = cut_short(client, gateway, monkeypatch)
    assert give(client).status_code == 409
    back_in_time(created_at={"seconds": 61})
    answer = give(client)
    assert answer.status_code == 201
    expected = {"id": str(donation.pk), "status": "pending", "checkout_url": f"https://pay.example/{donation.pk}"}
    assert answer.json() == expected
    assert gateway.asked["donation"].id == str(donation.pk)
    gateway.asked = None
    assert give(client).json() == expected
    assert gateway.asked is None
    assert Donation.objects.count() == 1


def test_a_second_try_cut_short_too_blocks_for_a_minute_only(client, page, gateway, monkeypatch):
    cut_short(client, gateway, monkeypatch)
    back_in_time(created_at={"seconds": 61})
    cut_short(client, gateway, monkeypatch)
    assert give(client).status_code == 409
    back_in_time(created_at={"seconds": 200}, asked_at={"seconds": 61})
    assert give(client).status_code == 201


def test_a_gateway_that_fails_the_second_time(client, page, gateway, monkeypatch):
    cut_short(client, gateway, monkeypatch)
    back_in_time(created_at={"seconds": 61})

    def broken(*args, **kwargs):
        raise GatewayError("down")

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "create_checkout", broken)
        assert give(client).status_code == 503
    assert Donation.objects.get().status == "failed"


def test_an_expired_checkout_is_opened_again_once(client, page, gateway):
    first = give(client).json()
    back_in_time(created_at={"days": 3})
    assert services.expire_old() == 1
    gateway.asked = None
    assert give(client).json()["id"] == first["id"]
    assert gateway.asked is not None
    gateway.asked = None
    assert give(client).json()["checkout_url"] == first["checkout_url"]
    assert gateway.asked is None
    assert Donation.objects.get().expired_at is not None  # a fact stays one


def test_what_was_opened_again_lives_as_long_as_a_new_one(client, page, gateway, monkeypatch):
    cut_short(client, gateway, monkeypatch)
    back_in_time(created_at={"days": 3})
    assert give(client).status_code == 201
    assert services.expire_old() == 0
    back_in_time(asked_at={"days": 3})
    assert services.expire_old() == 1


def test_a_campaign_that_ended_opens_no_checkout_again(client, page, gateway, monkeypatch):
    cut_short(client, gateway, monkeypatch)
    back_in_time(created_at={"seconds": 61})
    type(page.campaign).objects.update(ends_at=timezone.now() - timedelta(days=1))
    assert give(client).status_code == 409
    assert not Donation.objects.get().checkout_url


def test_the_same_key_in_another_language_is_another_request(client, page):
    translate(page, "en", title="The line", slug="line")
    assert give(client).status_code == 201
    assert give(client, slug="line").status_code == 422
