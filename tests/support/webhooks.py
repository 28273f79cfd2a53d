"""Endpoints of webhooks, and what a receiver was told."""

import json
from datetime import timedelta
from typing import Any

from django.utils import timezone
from standardwebhooks import Webhook

from cms.webhooks import services, signing
from cms.webhooks.models import Endpoint, Secret
from tests.support.receiving import Receiver, Request

#: Longer than any turn of the sender takes in a test.
SECONDS = 20.0


def make_endpoint(url: str, **fields: Any) -> Endpoint:
    endpoint = Endpoint(url=url, **{"rate": 100, **fields})
    services.begin(endpoint)
    return endpoint


def told(receiver: Receiver) -> list[str]:
    return [json.loads(request.body)["type"] for request in receiver.requests]


def states(endpoint: Endpoint) -> list[str]:
    return list(endpoint.deliveries.order_by("pk").values_list("state", flat=True))


def later(endpoint: Endpoint) -> None:
    """Time passes, until everything is due again."""
    past = timezone.now() - timedelta(seconds=1)
    endpoint.deliveries.filter(state="pending").update(next_attempt_at=past)
    Endpoint.objects.filter(pk=endpoint.pk).update(rests_until=None)


def verified(endpoint: Endpoint, request: Request, secret: Secret | None = None) -> Any:
    words = signing.written(secret or signing.valid_secrets(endpoint)[0])
    return Webhook(words).verify(request.body, request.headers)
