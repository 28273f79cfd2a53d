"""Answers ready to leave: their header lines, their compressed forms, and whether a client has them already."""

import gzip
import re
from collections.abc import Callable
from functools import lru_cache
from time import time
from typing import Any

import brotli
from django.conf import settings
from django.utils.http import http_date, parse_http_date_safe

from api.http import PRIVATE, Answer

Headers = list[tuple[str, str]]
Environ = dict[str, Any]
IDENTITY, BROTLI, GZIP = "", "br", "gzip"
#: Smaller documents are not compressed: what is saved fits into the same packet.
WORTH_COMPRESSING = 512
#: Seconds between what one process and another may hold to be the moment of a change; headers tell whole seconds.
MARGIN = 2
#: Seconds for which an answer is kept whose tags don't tell everything that it shows: a plugin's own tables.
UNKNOWN_FOR = 1.0
#: A moment that doesn't come: the end of the years that an HTTP date can say.
FAR_AWAY = 253_402_300_799.0
_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    BROTLI: lambda body: brotli.compress(body, quality=5),
    GZIP: lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
_ETAG = re.compile(r'(?:W/)?("[^"]*")')


class Form:
    """One encoding of an entry: its bytes, and the header lines that go with them."""

    __slots__ = ("body", "etag", "headers", "not_modified")

    def __init__(self, body: bytes, etag: str, own: Headers, common: Headers) -> None:
        self.body = body
        self.etag = etag
        self.not_modified: Headers = [("etag", etag), *common]
        self.headers: Headers = [*own, ("content-length", str(len(body))), *self.not_modified]


class Entry:
    """One answer in memory.

    ``changed_at`` (seconds since 1970) is when this process learned of the last change of anything it shows; None if
    its tags can't tell. Then it is kept for a second from ``began``, when it was begun, and its time is the one that
    it brings itself, if any. ``dies_at`` is when it is out of date by the clock. A compressed form is made for the
    first who asks for it.
    """

    __slots__ = ("_changed_at", "_forms", "_is_sure", "_sure_at", "answer", "dies_at")

    def __init__(self, answer: Answer, changed_at: float | None, began: float) -> None:
        self.answer = answer
        self.dies_at = answer.until.timestamp() if answer.until else FAR_AWAY
        if changed_at is None:
            self.dies_at = min(self.dies_at, began + UNKNOWN_FOR)
            changed_at = answer.last_modified.timestamp() if answer.last_modified else FAR_AWAY
        self._changed_at = max(changed_at, answer.since.timestamp() if answer.since else 0.0)
        #: Nobody has an earlier state of this document under a time as late as this.
        self._sure_at = int(self._changed_at) + (MARGIN if self._changed_at < FAR_AWAY else 0)
        self._is_sure = False
        self._forms: dict[str, Form] = {}

    @property
    def size(self) -> int:
        """Bytes in memory at most: the document, its compressed forms (smaller together), their headers."""
        return 4000 + 2 * len(self.answer.body)

    def form(self, encoding: str) -> Form:
        """This answer in one encoding."""
        if not self._is_sure and time() >= self._sure_at:
            self._is_sure = True
            self._forms.clear()  # from now on its Last-Modified is one that can be asked by
        found = self._forms.get(encoding)
        if found is None:
            found = self._forms[encoding] = self._make(encoding)
        return found

    def has_client(self, environ: Environ, form: Form) -> bool:
        """Whether the client says that it has this document (RFC 9110, 13.1.2 and 13.1.3)."""
        if tags := environ.get("HTTP_IF_NONE_MATCH"):
            return tags == form.etag or tags.strip() == "*" or form.etag in _ETAG.findall(tags)
        if since := environ.get("HTTP_IF_MODIFIED_SINCE"):
            moment = parse_http_date_safe(since)
            return moment is not None and self._sure_at <= moment <= time()
        return False

    def _make(self, encoding: str) -> Form:
        answer = self.answer
        body = _COMPRESS[encoding](answer.body) if encoding else answer.body
        etag = f'{answer.etag[:-1]}-{encoding}"' if encoding else answer.etag
        own = [("content-type", answer.content_type)]
        if encoding:
            own.append(("content-encoding", encoding))
        common = [
            ("cache-control", answer.cache_control if settings.OSTRIV_API_PUBLIC else PRIVATE),
            ("cache-tag", ",".join(answer.tags)),
            *standing_headers(),
        ]
        if self._changed_at < FAR_AWAY:
            common.append(("last-modified", http_date(self._sure_at if self._is_sure else self._changed_at)))
        return Form(body, etag, own, common)


@lru_cache(1)
def standing_headers() -> tuple[tuple[str, str], ...]:
    """What every answer says whatever it is: what Django's middleware says of the others."""
    headers = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", str(settings.SECURE_REFERRER_POLICY)),
        ("cross-origin-opener-policy", str(settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)),
        ("x-frame-options", str(settings.X_FRAME_OPTIONS)),
        ("access-control-expose-headers", ", ".join(settings.CORS_EXPOSE_HEADERS)),
    ]
    if settings.CORS_ALLOW_ALL_ORIGINS:
        headers += [("access-control-allow-origin", "*"), ("vary", "Accept-Encoding")]
    else:
        headers.append(("vary", "Accept-Encoding, Origin"))
    if settings.SECURE_HSTS_SECONDS:
        headers.append(("strict-transport-security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    return tuple(headers)


@lru_cache(1024)
def chosen_encoding(accepted: str) -> str:
    """The encoding that a client likes best of those we make (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _semicolon, parameter = part.strip().partition(";")
        weights[name.strip()] = _weight(parameter)
    anything = weights.get("*", 0.0)
    best = max((BROTLI, GZIP), key=lambda each: weights.get(each, anything))  # of equals the first: Brotli
    return best if weights.get(best, anything) > 0 else IDENTITY


def _weight(parameter: str) -> float:
    name, _equals, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
