"""The sandbox: signed like a real provider, untidy like one, and not to be had where others could use it."""

import json
import time

import pytest
from django.conf import settings as django_settings

pytestmark = [pytest.mark.plugin("sandbox"), pytest.mark.django_db]


@pytest.fixture
def sandbox(settings):
    from plugins.sandbox import gateways

    settings.BASE_URL = "http://localhost:8000"
    return gateways


@pytest.fixture
def intent():
    from cms.contract import DonationIntent

    return DonationIntent("7f9a3f0a-93b4-4f63-a5b5-57a1d2ab2f00", 250_00, "UAH", "Тримаємо зв’язок", "uk")


def post(client, body, headers):
    return client.post(
        "/api/v1/gateways/sandbox/webhook/",
        body,
        content_type="application/json",
        headers={"Sandbox-Signature": headers["Sandbox-Signature"]},
    )


def test_signatures(client, sandbox):
    body = json.dumps({"events": [{"id": "e1", "type": "payment.authorized"}]}).encode()
    good = sandbox.signed_headers(body)
    assert post(client, body, good).status_code == 200
    assert post(client, body + b" ", good).status_code == 400
    for old in (-301, 301):
        assert post(client, body, sandbox.signed_headers(body, signed_at=int(time.time()) + old)).status_code == 400
    for nonsense in ("", "t=1", "t=x,v1=y", "t=99999999999999999999999999,v1=0", "t=1,v1=é"):
        assert post(client, body, {"Sandbox-Signature": nonsense}).status_code == 400


@pytest.mark.parametrize(
    ("url", "allowed", "usable"),
    [
        ("http://localhost:8000", "", True),
        ("http://127.0.0.1", "", True),
        ("http://[::1]:8000", "", True),
        ("https://news.example", "", False),
        ("https://localhost.news.example", "", False),
        ("https://staging.news.example", "true", True),
    ],
)
def test_it_refuses_to_exist_where_others_could_use_it(
    client, sandbox, settings, monkeypatch, intent, url, allowed, usable
):
    from cms.campaigns.gateways import available_gateways

    checkout = sandbox.SandboxGateway().create_checkout(intent, return_url="http://x/", webhook_url="http://x/")
    path = checkout.url.removeprefix(settings.BASE_URL)
    settings.BASE_URL = url
    monkeypatch.setenv("OSTRIV_SANDBOX_ALLOWED", allowed)
    assert ("sandbox" in available_gateways("UAH")) is usable
    assert client.get(path).status_code == (200 if usable else 404)
    body = json.dumps({"events": [{"id": "e1", "type": "payment.authorized"}]}).encode()
    assert post(client, body, sandbox.signed_headers(body)).status_code == (200 if usable else 400)


def test_a_setting_that_makes_no_sense_is_named(monkeypatch):
    from plugins.sandbox import conf

    monkeypatch.setenv("OSTRIV_SANDBOX_ALLOWED", "maybe")
    with pytest.raises(ValueError, match="OSTRIV_SANDBOX_ALLOWED"):
        conf.load()


@pytest.mark.parametrize(("locale", "word"), [("uk", "Оплатити"), ("ru", "Оплатить"), ("en", "Pay")])
def test_the_checkout_page(client, sandbox, intent, locale, word):
    from dataclasses import replace

    checkout = sandbox.SandboxGateway().create_checkout(
        replace(intent, locale=locale, campaign="<b>Збір</b>"), return_url="http://x/", webhook_url="http://x/"
    )
    page = client.get(checkout.url.removeprefix(django_settings.BASE_URL))
    html = page.content.decode()
    assert word in html
    assert "&lt;b&gt;Збір" in html
    assert "250" in html
    assert client.post(checkout.url.removeprefix(django_settings.BASE_URL), {"decision": "?"}).status_code == 400
    assert client.get("/api/v1/x/sandbox/checkout/forged/").status_code == 404


def test_the_untidiness_is_the_same_for_the_same_checkout_and_covers_every_kind():
    from plugins.sandbox.story import events_for, untidiness

    def sent(number):
        checkout = {"reference": f"sbx_{number}", "donation": "d", "amount": 1, "currency": "UAH"}
        return [event["id"] for event in events_for("refund", checkout, at=0)]

    kinds = {untidiness(f"sbx_{number}"): number for number in range(60)}
    assert set(kinds) == {0, 1, 2, 3}
    assert sent(5) == sent(5)
    assert [len(sent(kinds[bits])) for bits in range(4)] == [3, 6, 3, 6]
    assert sent(kinds[2]) == sorted(sent(kinds[2]), key=lambda name: "refunded" not in name)
    assert sent(kinds[0])[-1].endswith("refunded")
