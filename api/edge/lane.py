"""The lane: a WSGI application in front of Django that answers readers.

A request for a public document is counted, looked up in memory, and answered from there if it is there and still
right. What isn't there is rendered once, however many wait for it: lists, details and searches straight from the
database, everything else by Django. Whatever is wrong with a request, Django says: there is one place that makes
errors.
"""

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from time import monotonic, time
from typing import Any

from django.conf import settings

from api import problems
from api.authentication import PLACES
from api.edge import hot
from api.edge.clients import Clients
from api.edge.entries import (
    FAR_AWAY,
    IDENTITY,
    WORTH_COMPRESSING,
    Entry,
    Headers,
    chosen_encoding,
    standing_headers,
)
from api.edge.flights import Flight, Flights
from api.edge.limits import Limiter, Standing
from api.edge.listener import Listener
from api.edge.reader import Reader
from api.edge.store import Key, Store
from api.http import ANSWER, LANE, PLUGIN

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

#: Characters of an ``Accept-Encoding`` that is read; nobody has that many encodings to say.
LONGEST_ACCEPTED = 200
#: How often somebody waits for another's rendering that turns out to be out of date already.
WAITS = 3
#: As how many requests one counts that the database gave up on.
COST_OF_TOO_HEAVY = 200
TOO_HEAVY = "This took too long and was given up. Ask for less: fewer filters, a narrower time, a smaller page."
TOO_MANY = "Too many requests. Please ask again in {} seconds; the header RateLimit-Policy says what is allowed."


def in_front_of(django: Application) -> "Lane":
    """The lane before this application, listening for changes."""
    lane = Lane(django)
    lane.start()
    return lane


class Lane:
    """Answers GET and HEAD of public documents; hands everything else to Django."""

    def __init__(self, django: Application) -> None:
        self._django = django
        self.store = Store(settings.OSTRIV_API_CACHE_MB * 1024 * 1024)
        self.listener = Listener(self.store.end)
        self.limiter = Limiter()
        self._flights = Flights()
        self._reader = Reader()
        self._clients = Clients(self._reader)
        #: Origins that may read from a browser, where not all may.
        self._origins: set[str] = set() if settings.CORS_ALLOW_ALL_ORIGINS else set(settings.CORS_ALLOWED_ORIGINS)

    def start(self) -> None:
        """Begin to listen for changes and to exchange counts."""
        self.listener.start()
        self.limiter.start()

    def stop(self) -> None:
        self.listener.stop()
        self.limiter.stop()
        self._reader.close()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        path = environ["PATH_INFO"]
        if (method != "GET" and method != "HEAD") or not path.startswith(PLACES):
            return self._django(environ, start_response)
        client = self._clients.find(environ)
        standing = self.limiter.take(client.name, client.limit) if client.limit else None
        if standing is not None and standing.is_over:
            return _refuse(standing, start_response)
        if not client.is_welcome:
            return self._django(environ, start_response)
        key = (path, environ["QUERY_STRING"])
        try:
            if self._is_trusted():
                found = self.store.get(key) or self._rendered_once(key, environ, start_response, standing)
            else:
                found = self._rendered(key, environ, start_response, standing)
        except hot.TooHeavy:
            if client.limit:
                standing = self.limiter.take(client.name, client.limit, COST_OF_TOO_HEAVY)
            return _problem(start_response, HTTPStatus.SERVICE_UNAVAILABLE, TOO_HEAVY, _headers_of(standing))
        return self._answer(found, environ, start_response, standing) if isinstance(found, Entry) else found

    def _is_trusted(self) -> bool:
        """Whether whatever has changed would have been heard of."""
        return monotonic() < self.listener.trusted_until

    def _rendered_once(
        self, key: Key, environ: Environ, start_response: StartResponse, standing: Standing | None
    ) -> Entry | Iterable[bytes]:
        for _ in range(WAITS):
            flight, is_pilot = self._flights.join(key)
            if is_pilot:
                try:
                    return self._rendered(key, environ, start_response, standing, flight)
                finally:
                    self._flights.end(key, flight)
            flight.wait()
            if flight.brought is not None:
                return flight.brought
            if flight.was_too_heavy:
                raise hot.TooHeavy
            if not flight.was_overtaken:
                break
        return self._rendered(key, environ, start_response, standing)

    def _rendered(
        self,
        key: Key,
        environ: Environ,
        start_response: StartResponse,
        standing: Standing | None,
        flight: Flight | None = None,
    ) -> Entry | Iterable[bytes]:
        """The answer for this address, kept if it can be; or what Django says, if it is not for keeping.

        Raises TooHeavy.
        """
        flight = flight or Flight()
        was_trusted, began, at = self._is_trusted(), self.store.begin(), time()
        is_told_by_tags = True
        try:
            answer = hot.answer(self._reader, *key)
        except hot.TooHeavy:
            flight.was_too_heavy = True
            raise
        if answer is None:
            asked = {**environ, LANE: True}
            asked.pop("CONTENT_TYPE", None)  # its charset is what Django would read the query in
            said = _Said()
            body = self._django(asked, said)
            answer = asked.get(ANSWER)
            if answer is None or not said.status.startswith("200"):
                start_response(said.status, [*said.headers, *_headers_of(standing)])
                return body
            is_told_by_tags = PLUGIN not in asked
            body.close()  # type: ignore[attr-defined]  # Django's responses can be
        entry = Entry(answer, self.store.changed_at(answer.tags) if is_told_by_tags else None, at)
        is_kept = self.store.put(key, entry, began)
        flight.was_overtaken = not is_kept and self.store.is_outdated(answer.tags, began)
        if flight.was_overtaken or not (was_trusted and self._is_trusted()):
            return Entry(answer, FAR_AWAY, at)  # when it changed is not known: nobody may ask by its time
        flight.brought = entry
        return entry

    def _answer(
        self, entry: Entry, environ: Environ, start_response: StartResponse, standing: Standing | None
    ) -> Iterable[bytes]:
        accepted = environ.get("HTTP_ACCEPT_ENCODING")
        can_be = accepted and len(accepted) <= LONGEST_ACCEPTED and len(entry.answer.body) >= WORTH_COMPRESSING
        form = entry.form(chosen_encoding(accepted) if can_be else IDENTITY)
        extra = _headers_of(standing)
        if environ.get("HTTP_ORIGIN") in self._origins:
            extra.append(("access-control-allow-origin", environ["HTTP_ORIGIN"]))
        if ("HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ) and entry.has_client(environ, form):
            start_response("304 Not Modified", form.not_modified + extra)
            return ()
        start_response("200 OK", form.headers + extra)
        return (form.body,) if environ["REQUEST_METHOD"] == "GET" else ()


class _Said:
    """What Django begins to answer, held back until it is known whether that is what leaves."""

    status = ""
    headers: Headers = []

    def __call__(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        self.status, self.headers = status, headers


def _headers_of(standing: Standing | None) -> Headers:
    return standing.headers if standing is not None else []


def _refuse(standing: Standing, start_response: StartResponse) -> Iterable[bytes]:
    headers = [*standing.headers, ("retry-after", str(standing.reset))]
    return _problem(start_response, HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY.format(standing.reset), headers)


def _problem(start_response: StartResponse, status: HTTPStatus, detail: str, headers: Headers) -> Iterable[bytes]:
    body = json.dumps(problems.problem(status, detail)).encode()
    own = [("content-type", problems.CONTENT_TYPE), ("content-length", str(len(body))), ("cache-control", "no-store")]
    start_response(f"{status.value} {status.phrase}", [*own, *standing_headers(), *headers])
    return [body]
