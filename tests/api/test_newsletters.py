"""Newsletters through the public API."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from cms.newsletters import services
from cms.newsletters.models import ConfirmationMail, Newsletter, Subscriber, Subscription
from tests.support.newsletters import add_readers, make_article, make_edition, make_newsletter

pytestmark = pytest.mark.django_db
API = "/api/v1/newsletters/"


@pytest.fixture(autouse=True)
def _no_requests_yet() -> None:
    """The throttle counts in the cache, which the tests of one worker share."""
    cache.clear()


@pytest.fixture
def newsletter() -> Newsletter:
    return make_newsletter(description="Опис", frequency="щоп'ятниці")


def ask(client: Client, newsletter: Newsletter, **body: object) -> Any:
    return client.post(f"{API}{newsletter.slug}/subscriptions/", body, content_type="application/json")


def test_the_list(client: Client, newsletter: Newsletter) -> None:
    make_newsletter("en")
    make_newsletter(active=False)
    answer = client.get(f"{API}?locale=uk")
    assert answer.status_code == 200
    assert answer.json() == {
        "results": [
            {
                "slug": newsletter.slug,
                "name": newsletter.name,
                "description": "Опис",
                "locale": "uk",
                "frequency": "щоп'ятниці",
            }
        ],
        "next": None,
        "previous": None,
    }
    assert len(client.get(API).json()["results"]) == 2
    assert client.get(API, headers={"If-None-Match": client.get(API)["ETag"]}).status_code == 304


def test_the_answer_is_the_same_whatever_the_state_of_the_address(client: Client, newsletter: Newsletter) -> None:
    addresses = ["new@example.org", "pending@example.org", "confirmed@example.org", "gone@example.org"]
    services.subscribe(newsletter, addresses[1])
    services.add_confirmed_subscriber(newsletter, addresses[2], source="test")
    services.unsubscribe(services.add_confirmed_subscriber(newsletter, addresses[3], source="test").pk)
    answers = [ask(client, newsletter, email=address) for address in addresses]
    assert {answer.status_code for answer in answers} == {202}
    assert {answer.text for answer in answers} == {'{"status":"confirmation_sent"}'}
    asked = ConfirmationMail.objects.values_list("subscription__subscriber__email", flat=True)
    assert sorted(asked) == ["gone@example.org", "new@example.org", "pending@example.org", "pending@example.org"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": ""}, "email"),
        ({"email": "no address"}, "email"),
        ({"email": "a@example.org\r\nBcc: b@example.org"}, "email"),
        ({"email": ["a@example.org"]}, "email"),
        ({"email": "a@example.org", "locale": "xx"}, "locale"),
        ({"email": "a@example.org", "name": "x" * 200}, "name"),
        ({"email": "a@example.org", "name": "x\u0000"}, "name"),
    ],
)
def test_wrong_input_is_told_by_field_and_changes_nothing(
    body: dict[str, object], field: str, client: Client, newsletter: Newsletter
) -> None:
    answer = ask(client, newsletter, **body)
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Subscriber.objects.exists()


def test_a_body_that_is_no_json_is_a_problem(client: Client, newsletter: Newsletter) -> None:
    path = f"{API}{newsletter.slug}/subscriptions/"
    assert client.post(path, "{", content_type="application/json").status_code == 400
    assert client.post(path, "[]", content_type="application/json").status_code == 400
    assert client.post(path, "email=a@example.org", content_type="text/plain").status_code == 415
    assert client.get(path).status_code == 405


def test_an_unknown_newsletter_is_not_found(client: Client, newsletter: Newsletter) -> None:
    Newsletter.objects.update(active=False)
    assert ask(client, newsletter, email="a@example.org").status_code == 404
    assert (
        client.post(
            f"{API}none/subscriptions/", {"email": "a@example.org"}, content_type="application/json"
        ).status_code
        == 404
    )
    assert client.get(f"{API}none/editions/").status_code == 404


def test_one_client_may_not_ask_for_ever(client: Client, newsletter: Newsletter) -> None:
    answers = [ask(client, newsletter, email=f"reader{number}@example.org") for number in range(21)]
    assert [answer.status_code for answer in answers] == [202] * 20 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert Subscription.objects.count() == 20


def test_one_subscriber_may_not_ask_for_ever_from_many_addresses(client: Client, newsletter: Newsletter) -> None:
    answers = [
        client.post(
            f"{API}{newsletter.slug}/subscriptions/",
            {"email": f"reader{number}@example.org"},
            content_type="application/json",
            REMOTE_ADDR=f"2001:db8:1:2::{number}",
        )
        for number in range(21)
    ]
    assert [answer.status_code for answer in answers] == [202] * 20 + [429]
    assert len(set(ConfirmationMail.objects.values_list("client", flat=True))) == 20, "the address is evidence"


def test_editions_are_those_that_were_sent_and_are_published(
    client: Client, newsletter: Newsletter, django_assert_num_queries: Any
) -> None:
    add_readers(newsletter, 1)
    editions = [make_edition(newsletter, title=f"Випуск {number}") for number in range(5)]
    for edition in editions[:4]:
        services.schedule_dispatch(edition)
    services.start_due_dispatches()
    editions[0].unpublish()
    path = f"{API}{newsletter.slug}/editions/"
    with django_assert_num_queries(2):
        answer = client.get(path)
    assert [each["headline"] for each in answer.json()["results"]] == ["Випуск 3", "Випуск 2", "Випуск 1"]
    first = client.get(f"{path}?page_size=2").json()
    assert [each["headline"] for each in first["results"]] == ["Випуск 3", "Випуск 2"]
    second = client.get(first["next"]).json()
    assert [each["headline"] for each in second["results"]] == ["Випуск 1"]
    assert client.get(f"{path}?locale=en").status_code == 404
    assert client.get(f"{path}?page_size=0").status_code == 400


def test_an_edition_in_the_archive_has_its_content(client: Client, newsletter: Newsletter) -> None:
    article, draft = make_article("Новина"), make_article("Чернетка", live=False)
    edition = make_edition(
        newsletter,
        ("paragraph", "<p>Вітаємо</p>"),
        ("teasers", {"heading": "Головне", "pages": [article.pk, draft.pk]}),
        ("divider", None),
    )
    detail = client.get(f"/api/v1/content/edition/{edition.slug}/").json()
    assert detail["type"] == "edition"
    assert detail["newsletter_slug"] == newsletter.slug
    assert [block["type"] for block in detail["content"]] == ["paragraph", "teasers", "divider"]
    assert detail["content"][0]["value"] == "<p>Вітаємо</p>"
    teasers = detail["content"][1]["value"]
    assert teasers["heading"] == "Головне"
    assert [each["headline"] for each in teasers["teasers"]] == ["Новина"]
    listed = client.get("/api/v1/content/").json()["results"]
    assert edition.pk not in [each["id"] for each in listed]
