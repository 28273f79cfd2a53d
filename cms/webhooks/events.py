"""What is sent: an id, a type, and a small JSON body by the Standard Webhooks specification."""

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from cms.webhooks.source import Change, change_log

#: Bytes of a body; the specification advises to stay below 20 kB.
LARGEST_BODY = 20_000
PING = "ping"
#: More changed than is told one by one: the receiver is asked to read the list of changes.
BULK = "content.bulk"


@dataclass(frozen=True)
class Event:
    """One event, for whoever asked for such ones."""

    id: str
    type: str
    body: str
    page_id: int | None = None


def of_change(change: Change) -> Event:
    """A page was published, updated, unpublished or deleted."""
    data: dict[str, Any] = {
        "id": change.page_id,
        "type": change.type,
        "locale": change.locale,
        "slug": change.slug,
        "path": change.path,
        "url": change.url,
        "cursor": change.cursor,
    }
    type_ = f"content.{change.kind}"
    body = _body(type_, change.at, data)
    if len(body.encode()) > LARGEST_BODY:  # a page below very many others
        body = _body(type_, change.at, {**data, "path": None, "url": None})
    return Event(f"msg_{change.place[0]}_{int(change.at.timestamp())}", type_, body, change.page_id)


def of_many(since: tuple[int, int], end: tuple[int, int]) -> Event:
    """More has changed than is told one by one: by an import, in a long pause, by a restored backup."""
    data = {"changes_url": f"{settings.BASE_URL}{change_log().address(since)}"}
    return Event(f"bulk_{since[0]}_{end[0]}_{end[1]}", BULK, _body(BULK, timezone.now(), data))


def ping(endpoint_id: int) -> Event:
    """A trial, which means nothing."""
    return Event(f"ping_{secrets.token_hex(12)}", PING, _body(PING, timezone.now(), {"endpoint": endpoint_id}))


def _body(type_: str, moment: datetime, data: dict[str, Any]) -> str:
    document = {"type": type_, "timestamp": moment.astimezone(UTC).isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
