"""Times in the admin's forms: what is stored can be opened and saved again, also in the hour that clocks show twice."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset

from cms.access.models import ApiKey
from cms.content.models import ArticlePage, ContentCorrection
from cms.webhooks.models import Delivery, Endpoint
from tests.support.content import at, form_of, make_article, make_editor

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    browser = Client()
    browser.force_login(make_editor())
    return browser


def saved(editor: Client, page: ArticlePage, **changes: Any) -> Any:
    """Send the form of this page; answers with the response of the admin."""
    return editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(page, **changes))


def published_at(page: ArticlePage) -> datetime | None:
    return ArticlePage.objects.get(pk=page.pk).published_at


@pytest.mark.parametrize(
    "moment",
    [
        # The clocks in Kyiv show 03:30 twice on 25 October 2026.
        "2026-10-25T00:30:45.123456+00:00",
        "2026-10-25T01:30:45.123456+00:00",
        "2026-01-14T12:00:30.000001+00:00",
    ],
)
def test_an_article_of_any_hour_is_opened_and_saved_unchanged(editor: Client, moment: str) -> None:
    page = make_article("Година", published_at=at(moment))
    form = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).context["form"]
    as_shown = form["published_at"].value()

    response = saved(editor, page, published_at=form["published_at"].field.widget.format_value(as_shown), lede="Інше")

    assert response.status_code == 302
    assert published_at(page) == at(moment)


def test_a_time_that_comes_twice_means_the_first(editor: Client) -> None:
    page = make_article("Година", published_at=at("2026-01-14T12:00:00Z"))

    assert saved(editor, page, published_at="2026-10-25 03:30").status_code == 302

    assert published_at(page) == at("2026-10-25T00:30:00Z")


@pytest.mark.parametrize("never", ["2026-03-29 03:30", "0001-01-01 00:00", "торік"])
def test_a_time_that_never_was_is_refused_with_words(editor: Client, never: str) -> None:
    page = make_article("Година", published_at=at("2026-01-14T12:00:00Z"))

    response = saved(editor, page, published_at=never)

    assert response.status_code == 200
    assert response.context["form"].errors["published_at"][0]
    assert published_at(page) == at("2026-01-14T12:00:00Z")


def test_a_correction_of_that_hour_stays_as_it_is(editor: Client) -> None:
    page = make_article("Година")
    correction = ContentCorrection.objects.create(
        page=page, made_at=at("2026-10-25T01:30:45Z"), text="<p>Виправлено.</p>"
    )

    row = {
        "id": correction.pk,
        "made_at": "2026-10-25 03:30",
        "text": '{"entityMap": {}, "blocks": [{"key": "a", "type": "unstyled", "text": "Виправлено.", "depth": 0, '
        '"inlineStyleRanges": [], "entityRanges": []}]}',
    }
    assert saved(editor, page, corrections=inline_formset([row], initial=1)).status_code == 302

    assert ContentCorrection.objects.get(page=page).made_at == at("2026-10-25T01:30:45Z")


def test_a_schedule_in_that_hour_can_be_saved(editor: Client) -> None:
    page = make_article("Година", expire_at=at("2027-10-31T01:30:00Z"))

    assert saved(editor, page, expire_at="2027-10-31 03:30", lede="Інше").status_code == 302

    assert ArticlePage.objects.get(pk=page.pk).expire_at == at("2027-10-31T01:30:00Z")


def test_an_api_key_may_end_in_that_hour_and_is_opened_and_saved_unchanged(admin_client: Client) -> None:
    form = {"name": "Збірка сайту", "scopes": ["read"], "rate": "600", "expires_at": "2099-10-25 03:30"}
    assert admin_client.post(reverse("api_keys:add"), form).context["presented"]
    key = ApiKey.objects.get()
    assert key.expires_at == at("2099-10-25T00:30:00Z")
    ApiKey.objects.update(expires_at=at("2099-10-25T01:30:45Z"))

    assert admin_client.post(reverse("api_keys:edit", args=[key.pk]), form).status_code == 302

    key.refresh_from_db()
    assert key.expires_at == at("2099-10-25T01:30:45Z")


def test_webhooks_of_that_hour_are_sent_again(admin_client: Client) -> None:
    endpoint = Endpoint.objects.create(url="https://www.example.org/hook")
    moment = at("2026-10-25T00:45:00Z")
    delivery = Delivery.objects.create(
        endpoint=endpoint, event="msg_1", kind="content.publish", body="{}", state="failed", settled_at=moment,
        created_at=moment,
    )  # fmt: skip
    span = {"span-begin": "2026-10-25 03:30", "span-end": "2026-10-25 05:00", "span-only_failed": "on"}

    admin_client.post(reverse("webhook_endpoints:inspect", args=[endpoint.pk]), {"action": "replay", **span})

    delivery.refresh_from_db()
    assert delivery.state == "pending"
