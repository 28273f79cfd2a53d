"""Fixtures of the unit tests. Models are imported inside: this file is read before Django is set up."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Any]:
    """A mail server on loopback, and settings that point at it."""
    from tests.support.newsletters import start_mailbox

    box, controller = start_mailbox()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", box.port, 5
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    try:
        yield box
    finally:
        controller.stop()


@pytest.fixture
def private_receivers(settings: Any) -> None:
    """Webhooks may go to receivers on this machine."""
    settings.WEBHOOKS_ALLOW_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[Any]:
    """Somebody else's server, which keeps what it is sent."""
    from tests.support.receiving import receiving

    with receiving() as made:
        yield made
