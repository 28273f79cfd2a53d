"""How every public document leaves: strong ETag, 304, Cache-Control, Cache-Tag."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

from api.json_text import dump

#: Seconds for which a cache may answer without asking, for which it may go on while it asks, and for which it may go
#: on while nobody answers.
FRESH, STALE, STALE_IF_ERROR = 1, 60, 86_400
#: ``Cache-Control`` where the API is behind keys: the client may keep an answer, and asks each time.
PRIVATE = "private, no-cache"
#: Where an answer that may be kept lies in a request's ``META``, for the response cache in front.
ANSWER = "ostriv.answer"
#: Likewise the label of the plugin whose view answers, and whether that cache asks: then it says itself who has what.
PLUGIN, LANE = "ostriv.plugin", "ostriv.lane"


@dataclass(frozen=True, slots=True)
class Answer:
    """One public document as it leaves, and what a cache needs to know of it.

    ``tags`` name what it shows: it is out of date when one of them changes. ``until`` is the moment (aware) at which
    it is out of date by the clock, if there is one, and ``since`` the last such moment. ``last_modified`` is given
    where the tags can't tell it. ``fresh`` is in seconds, for caches of others.
    """

    body: bytes
    tags: tuple[str, ...]
    content_type: str = "application/json"
    fresh: int = FRESH
    until: datetime | None = None
    since: datetime | None = None
    last_modified: datetime | None = None

    @property
    def etag(self) -> str:
        """The strong ETag of the document, quoted."""
        # Processors have instructions for this one: twice as fast as BLAKE2, which is made for those that have none.
        return quote_etag(sha256(self.body).hexdigest()[:32])

    @property
    def cache_control(self) -> str:
        """What caches of others may do with it."""
        return f"public, max-age={self.fresh}, stale-while-revalidate={STALE}, stale-if-error={STALE_IF_ERROR}"


def respond(
    request: HttpRequest,
    document: Any,
    *,
    tags: Iterable[str] = (),
    fresh: int = FRESH,
    private: bool = False,
    until: datetime | None = None,
    since: datetime | None = None,
) -> HttpResponse:
    """Answer a GET with this document (JSON text, or plain data to be made JSON).

    ``tags`` name what the document shows, for caches that purge by tag. ``fresh`` is in seconds. ``until`` is when it
    is out of date by the clock, ``since`` when it was last. A ``private`` document is for this reader and this moment
    only.
    """
    body = (document if isinstance(document, str) else dump(document)).encode()
    return respond_with(
        request, body, "application/json", tags=tags, fresh=fresh, private=private, until=until, since=since
    )


def respond_with(
    request: HttpRequest,
    body: bytes,
    content_type: str,
    *,
    tags: Iterable[str] = (),
    fresh: int = FRESH,
    private: bool = False,
    last_modified: datetime | None = None,
    until: datetime | None = None,
    since: datetime | None = None,
) -> HttpResponse:
    """Answer a GET with these bytes: a feed, a calendar, captions. ``last_modified`` is an aware time."""
    if not private:
        return respond_answer(request, Answer(body, tuple(tags), content_type, fresh, until, since, last_modified))
    response = HttpResponse(body, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    return response


def respond_answer(request: HttpRequest, answer: Answer) -> HttpResponse:
    """Answer a GET with this document, or with 304 to a client that has it."""
    response = HttpResponse(answer.body, content_type=answer.content_type)
    response["ETag"] = answer.etag
    response["Cache-Control"] = answer.cache_control
    if answer.last_modified:
        response["Last-Modified"] = http_date(answer.last_modified.timestamp())
    if answer.tags:
        response["Cache-Tag"] = ",".join(answer.tags)
        request.META[ANSWER] = answer
        if LANE in request.META:
            return response
    return _conditional(request, answer, response)


def _conditional(request: HttpRequest, answer: Answer, response: HttpResponse) -> HttpResponse:
    moment = int(answer.last_modified.timestamp()) if answer.last_modified else None
    unchanged = get_conditional_response(request, etag=answer.etag, last_modified=moment, response=response)
    if unchanged is not None and unchanged.status_code == 304:
        for header in ("Cache-Control", "Cache-Tag", "ETag", "Last-Modified"):
            if header in response:
                unchanged[header] = response[header]
    return unchanged or response
