"""Keys of the API in Django's requests: the door that lets nobody by with a wrong one, and DRF's view of them.

The door is a middleware because not all that stands under ``/api/v1/`` are views of ours: there are plugins' routes,
feeds and sitemaps. What has no view is behind it too, so a private API doesn't tell which addresses there are.
"""

import logging
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from api import problems
from api.http import PRIVATE
from cms.access import keys
from cms.access.keys import KeyFacts

logger = logging.getLogger(__name__)

#: Where public documents stand.
PLACES = ("/api/v1/", "/feeds/", "/sitemap", "/news-sitemap.xml", "/llms.txt")
REALM = 'Bearer realm="ostriv"'
_KEY = "ostriv.key"
_BEARER = re.compile(r"bearer +(\S+)", re.IGNORECASE)
#: What is read without a key where the API is private: a preview's token is one, and donors' browsers have none.
_OPEN = re.compile(r"/api/v1/(?:preview/[^/]+|campaigns/[^/]+/progress|donations/[^/]+)/")

NEEDS_KEY = "This API is private. Send a key as “Authorization: Bearer ostriv_…”; the newsroom makes them in its admin."
WRONG_KEY = "This key is not known here, has expired or was revoked. Ask the newsroom for another."
UNREADABLE = "Keys can't be looked up just now. Please try again in a minute."
NEEDS_SCOPE = "This key is not for that: it has no scope “{}”. Ask the newsroom for one that has."


def presented_by(header: str) -> str | None:
    """What an ``Authorization`` header presents as a key of ours, right or wrong; None if it presents none."""
    found = _BEARER.fullmatch(header.strip())
    return found[1] if found and keys.looks_like_one(found[1]) else None


def key_of(request: HttpRequest) -> KeyFacts | None:
    """The key that came with this request. The door has seen that it is a right one."""
    found: KeyFacts | None = request.META.get(_KEY)
    return found


class KeyDoor:
    """Refuses wrong keys under the API's addresses and, where the API is private, those who come without one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PLACES):
            return self.get_response(request)
        presented = presented_by(request.META.get("HTTP_AUTHORIZATION", ""))
        try:
            facts = keys.find(presented) if presented else None
        except DatabaseError as error:
            logger.warning("The API keys can't be read: %s", error)
            return problems.plain(HTTPStatus.SERVICE_UNAVAILABLE, UNREADABLE)
        if presented and facts is None:
            return _refused(HTTPStatus.UNAUTHORIZED, WRONG_KEY, ' error="invalid_token"')
        is_private = not settings.OSTRIV_API_PUBLIC
        if is_private and _is_read(request):
            if facts is None:
                return _refused(HTTPStatus.UNAUTHORIZED, NEEDS_KEY, "")
            if not facts.opens("read") and not request.path.startswith("/api/v1/drafts/"):
                return _refused_scope("read")
        if facts is not None:
            request.META[_KEY] = facts
            keys.note_use(facts)
        response = self.get_response(request)
        if is_private and "public" in response.get("Cache-Control", ""):
            response["Cache-Control"] = PRIVATE
        return response


def _is_read(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and not _OPEN.fullmatch(request.path)


def _refused(status: HTTPStatus, detail: str, why: str) -> HttpResponse:
    response = problems.plain(status, detail)
    response["WWW-Authenticate"] = f"{REALM}{',' if why else ''}{why}"
    return response


def _refused_scope(scope: str) -> HttpResponse:
    why = f' error="insufficient_scope", scope="{scope}"'
    return _refused(HTTPStatus.FORBIDDEN, NEEDS_SCOPE.format(scope), why)


class ScopeMissing(PermissionDenied):
    """The key is a right one, and for something else (RFC 6750, 3.1)."""

    def __init__(self, scope: str) -> None:
        super().__init__(NEEDS_SCOPE.format(scope))
        self.auth_header = f'{REALM}, error="insufficient_scope", scope="{scope}"'


class ApiKeyAuthentication(BaseAuthentication):
    """Whoever comes with a key is its holder; a key has no user."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, KeyFacts] | None:
        facts = key_of(request._request)
        return (AnonymousUser(), facts) if facts else None

    def authenticate_header(self, request: Request) -> str:
        return REALM


class OpensDrafts(BasePermission):
    """For keys with the scope ``drafts``. Raises ScopeMissing for others."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, KeyFacts):
            return False
        if not request.auth.opens("drafts"):
            raise ScopeMissing("drafts")
        return True


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes it."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key that the newsroom gave: `ostriv_…`"}
