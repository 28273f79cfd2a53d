"""The screens of webhooks: an endpoint from its making to its deliveries, and who may do what."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.webhooks import signing
from cms.webhooks.models import Delivery, Endpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def integrator() -> Client:
    user = get_user_model().objects.create_user("taras", "taras@example.org")
    user.groups.add(Group.objects.get(name="Integrators"))
    browser = Client()
    browser.force_login(user)
    return browser


def page_of(endpoint: Endpoint) -> str:
    return reverse("webhook_endpoints:inspect", args=[endpoint.pk])


@pytest.fixture
def endpoint(integrator: Client) -> Endpoint:
    response = integrator.post(
        reverse("webhook_endpoints:add"),
        {"url": "https://www.example.org/hook", "description": "Сайт", "kinds": ["publish"], "rate": "5"},
    )
    assert response.status_code == 302, response.context["form"].errors
    made = Endpoint.objects.get()
    assert response["Location"] == page_of(made)
    return made


def test_an_endpoint_is_made_and_its_secret_shown_once(integrator: Client, endpoint: Endpoint) -> None:
    assert (endpoint.kinds, endpoint.types, endpoint.rate) == (["publish"], [], 5)
    words = signing.written(endpoint.secrets.get())
    assert words not in integrator.get(page_of(endpoint)).content.decode()

    shown = integrator.post(page_of(endpoint), {"action": "reveal"})
    assert words in shown.content.decode().replace("&#x2B;", "+")
    assert "no-store" in shown["Cache-Control"]

    again = integrator.post(page_of(endpoint), {"action": "reveal"}, follow=True)
    assert words not in again.content.decode()


@pytest.mark.parametrize("url", ["http://example.org/", "https://10.0.0.1/", "https://example.org:22/", "javascript:1"])
def test_an_address_that_no_request_may_go_to_is_refused_in_the_form(integrator: Client, url: str) -> None:
    response = integrator.post(reverse("webhook_endpoints:add"), {"url": url, "rate": "5"})
    assert response.status_code == 200
    assert response.context["form"].errors["url"]
    assert not Endpoint.objects.exists()


def test_it_is_changed_and_deleted(integrator: Client, endpoint: Endpoint) -> None:
    form = {"url": "https://www.example.org/other", "types": ["article"], "locales": ["uk", "ru"], "rate": "9"}
    response = integrator.post(reverse("webhook_endpoints:edit", args=[endpoint.pk]), form)
    assert response.status_code == 302, response.context["form"].errors
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.types, endpoint.locales) == (form["url"], ["article"], ["uk", "ru"])

    integrator.post(reverse("webhook_endpoints:delete", args=[endpoint.pk]))
    assert not Endpoint.objects.exists()


def test_paused_resumed_tried_and_rotated(integrator: Client, endpoint: Endpoint) -> None:
    def do(action: str, **fields: Any) -> str:
        response = integrator.post(page_of(endpoint), {"action": action, **fields}, follow=True)
        assert response.status_code == 200
        endpoint.refresh_from_db()
        return response.content.decode()

    do("pause")
    assert (endpoint.state, endpoint.reason) == ("paused", "by_hand")
    do("resume")
    assert (endpoint.state, endpoint.reason) == ("active", "")
    do("ping")
    delivery = endpoint.deliveries.get()
    assert delivery.kind == "ping"
    assert f'data-delivery="{delivery.event}"' in do("nonsense")
    do("rotate", **{"rotate-hours": "24"})
    assert len(signing.valid_secrets(endpoint)) == 2
    assert "rotate-hours" in do("rotate", **{"rotate-hours": "-1"})
    assert len(signing.valid_secrets(endpoint)) == 2


def test_deliveries_are_looked_at_and_sent_again(integrator: Client, endpoint: Endpoint) -> None:
    now = timezone.now()
    delivery = Delivery.objects.create(
        endpoint=endpoint, event="msg_1", kind="content.publish", body='{"a":"<b>"}', state="failed", settled_at=now
    )
    delivery.log.create(number=1, status=500, answer="<script>alert(1)</script>")
    listed = integrator.get(reverse("webhook_deliveries:index"), {"endpoint": endpoint.pk, "state": "failed"})
    assert "content.publish" in listed.content.decode()
    where = reverse("webhook_deliveries:inspect", args=[delivery.pk])
    page = integrator.get(where).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r"<script>alert", page)

    integrator.post(where)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.round) == ("pending", 1)

    Delivery.objects.update(state="failed", settled_at=now)
    span = {"span-begin": "2020-01-01 00:00", "span-end": "2099-01-01 00:00", "span-only_failed": "on"}
    integrator.post(page_of(endpoint), {"action": "replay", **span})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.round) == ("pending", 2)


def test_no_delivery_is_made_or_changed_in_a_form(endpoint: Endpoint, admin_client: Client) -> None:
    response = admin_client.get(reverse("webhook_deliveries:add"))
    assert response.status_code in (302, 403)


def test_an_editor_without_the_permission_sees_nothing_of_it(endpoint: Endpoint) -> None:
    from tests.support.content import make_editor

    browser = Client()
    browser.force_login(make_editor())
    for where in (reverse("webhook_endpoints:index"), page_of(endpoint), reverse("webhook_deliveries:index")):
        assert browser.get(where).status_code in (302, 403)
    browser.post(page_of(endpoint), {"action": "pause"})
    endpoint.refresh_from_db()
    assert endpoint.state == "active"
    Endpoint.objects.update(state="paused", reason="gone")
    assert "webhook_endpoints" not in browser.get(reverse("wagtailadmin_home")).content.decode()


def test_the_first_page_says_what_is_paused(integrator: Client, endpoint: Endpoint) -> None:
    home = reverse("wagtailadmin_home")
    assert "help-warning" not in integrator.get(home).content.decode()
    Endpoint.objects.update(state="paused", reason="failing")
    shown = integrator.get(home).content.decode()
    assert "Сайт" in shown
    assert page_of(endpoint) in shown
