"""What strangers send: how much of it is read, and what becomes of what can't be read."""

import io
import json
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.exceptions import ParseError

from api.parsers import MAX_BODY, FormParser, JSONParser, TooLargeError
from cms.campaigns.models import Donation
from cms.newsletters.models import Subscriber
from tests.support.campaigns import make_campaign, register_gateway

DONATIONS = "/api/v1/campaigns/zviazok/donations/"
SUBSCRIPTIONS = "/api/v1/newsletters/weekly/subscriptions/"
FORM = "application/x-www-form-urlencoded"
DEEP = b"[" * 30_000


class Endless(io.RawIOBase):
    """A body that says nothing of its size, as a chunked one doesn't, and hands out little at a time."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "all of it was asked for"
        part = min(size, 1000)
        self.taken += part
        return b" " * part


@pytest.fixture
def page(db, monkeypatch):
    cache.clear()
    register_gateway(monkeypatch)
    return make_campaign(slug="zviazok")


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    return document


@pytest.mark.parametrize("parser", [JSONParser, FormParser])
def test_no_more_is_read_than_the_limit(parser):
    body = Endless()
    with pytest.raises(TooLargeError):
        parser().parse(body, parser.media_type, {})
    assert body.taken == MAX_BODY + 1


@pytest.mark.parametrize("parser", [JSONParser, FormParser])
def test_what_is_declared_too_large_is_not_read_at_all(parser, rf):
    body = Endless()
    request = rf.post("/", b"{}", content_type=parser.media_type, CONTENT_LENGTH=str(MAX_BODY + 1))
    with pytest.raises(TooLargeError):
        parser().parse(body, parser.media_type, {"request": request})
    assert body.taken == 0


def test_a_body_in_small_parts_is_put_together():
    class Parts(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 3))

    assert JSONParser().parse(Parts(b'{"amount": 25000}'), "application/json", {}) == {"amount": 25000}


def test_nesting_is_the_senders_error():
    with pytest.raises(ParseError):
        JSONParser().parse(io.BytesIO(DEEP), "application/json", {})


@pytest.mark.parametrize("path", [DONATIONS, SUBSCRIPTIONS])
def test_a_large_body_is_refused(client, page, path):
    body = json.dumps({"amount": 250_00, "currency": "UAH", "email": "m@example.org", "x": "x" * MAX_BODY})
    assert "65536" in problem(client.post(path, body, content_type="application/json"), 413)["detail"]
    assert not Donation.objects.exists()
    assert not Subscriber.objects.exists()


def test_a_large_form_is_refused_by_a_page(client, page):
    answer = client.post(DONATIONS, "amount=25000&currency=UAH&message=" + "x" * MAX_BODY, content_type=FORM)
    assert answer.status_code == 413
    assert answer["Content-Type"].startswith("text/html")
    assert not Donation.objects.exists()


def test_a_form_of_usual_size_is_taken(client, page):
    assert client.post(DONATIONS, "amount=25000&currency=UAH", content_type=FORM).status_code == 303


def test_files_are_not_taken(client, page):
    problem(client.post(DONATIONS, {"amount": "25000", "currency": "UAH"}), 415)
    assert not Donation.objects.exists()


@pytest.mark.parametrize("path", [DONATIONS, SUBSCRIPTIONS])
def test_deep_nesting_is_a_bad_request(client, page, path):
    assert "nested" in problem(client.post(path, DEEP, content_type="application/json"), 400)["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/campaigns/%00/",
        "/api/v1/campaigns/a%00b/progress/",
        "/api/v1/campaigns/%00/donations/",
        "/api/v1/newsletters/%00/editions/",
        "/api/v1/newsletters/%00/subscriptions/",
        "/api/v1/gateways/%00/webhook/",
        "/donate/%00/",
    ],
)
def test_a_nul_in_an_address_is_no_fault_of_ours(client, db, path):
    client.raise_request_exception = False
    assert client.get(path).status_code in (404, 405)
    if path.startswith("/api/"):
        problem(client.post(path, b"{}", content_type="application/json"), 404)
