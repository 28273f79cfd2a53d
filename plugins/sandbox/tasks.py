"""Plays the provider: sends signed webhooks over HTTP, as a provider's own servers would."""

import json
import time
import urllib.request
from typing import Any
from urllib.error import URLError

from plugins.sandbox.gateways import signed_headers
from plugins.sandbox.story import events_for
from workers.contract import plugin_task

TIMEOUT = 10


@plugin_task("sandbox", autoretry_for=(URLError, OSError), retry_backoff=2, max_retries=8)
def report(decision: str, checkout: dict[str, Any], at: int) -> None:
    """Send every event of this decision. A second run sends the same events, which changes nothing."""
    for event in events_for(decision, checkout, at):
        send(checkout["webhook_url"], {"events": [event]})


def send(url: str, content: dict[str, Any]) -> int:
    """POST one signed webhook. Returns the status. Raises URLError if it is not taken."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url!r} is not a web address.")
    body = json.dumps(content).encode()
    request = urllib.request.Request(url, data=body, headers=signed_headers(body), method="POST")  # noqa: S310
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
        status: int = response.status
        return status


def now() -> int:
    """Seconds since the epoch."""
    return int(time.time())
