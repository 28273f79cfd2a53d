"""How every public document leaves: strong ETag, 304, Cache-Control, Cache-Tag."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

from api.publications.rendering import dump

#: Seconds for which a cache may answer without asking, and for which it may go on while it asks.
FRESH, STALE = 1, 60


def respond(
    request: HttpRequest,
    document: Any,
    *,
    tags: Iterable[str] = (),
    fresh: int = FRESH,
    private: bool = False,
) -> HttpResponse:
    """Answer a GET with this document (JSON text, or plain data to be made JSON).

    ``tags`` name what the document shows, for caches that purge by tag. ``fresh`` is in seconds. A ``private``
    document is for this reader and this moment only.
    """
    body = (document if isinstance(document, str) else dump(document)).encode()
    return respond_with(request, body, "application/json", tags=tags, fresh=fresh, private=private)


def respond_with(
    request: HttpRequest,
    body: bytes,
    content_type: str,
    *,
    tags: Iterable[str] = (),
    fresh: int = FRESH,
    private: bool = False,
    last_modified: datetime | None = None,
) -> HttpResponse:
    """Answer a GET with these bytes: a feed, a calendar, captions. ``last_modified`` is an aware time."""
    etag = quote_etag(blake2b(body, digest_size=16).hexdigest())
    response = HttpResponse(body, content_type=content_type)
    response["ETag"] = etag
    if last_modified:
        response["Last-Modified"] = http_date(last_modified.timestamp())
    if private:
        response["Cache-Control"] = "private, no-store"
    else:
        response["Cache-Control"] = f"public, max-age={fresh}, stale-while-revalidate={STALE}"
    if tags := list(tags):
        response["Cache-Tag"] = ",".join(tags)
    return _conditional(request, etag, response, last_modified)


def _conditional(
    request: HttpRequest, etag: str, response: HttpResponse, last_modified: datetime | None
) -> HttpResponse:
    moment = int(last_modified.timestamp()) if last_modified else None
    answer = get_conditional_response(request, etag=etag, last_modified=moment, response=response)
    if answer is not None and answer.status_code == 304:
        for header in ("Cache-Control", "Cache-Tag", "ETag", "Last-Modified"):
            if header in response:
                answer[header] = response[header]
    return answer or response
