"""Wagtail's own API (v3) under ``/api/v3/``, where ``OSTRIV_WAGTAIL_API`` switches it on.

As Wagtail has it, but for what an installation of ours promises: nobody reads or writes without a token, what a
request changes is changed whole or not at all, requests are counted, and nobody keeps an answer.
"""

import hashlib
import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from time import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError
from rest_framework.throttling import BaseThrottle
from wagtail.api.v3.auth import BearerTokenAuth
from wagtail.api.v3.errors import problem_response
from wagtail.api.v3.urls import api
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms.registry.clients import network_of

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponse]

_WINDOW = 60
WHO_ARE_YOU = "Send a token as “Authorization: Bearer wagtail_…”. Tokens are made in the admin: Settings, API tokens."
TOO_MANY = "Too many requests. Please ask again in a minute."


def guarded(view: View) -> View:
    """This view of Wagtail's API as described above."""

    @wraps(view)
    def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Wagtail would take a wrong token for nobody's, and answer what everybody may read.
        token = BearerTokenAuth().authenticate(request, _presented(request))
        if _is_over(f"token-{token.pk}" if token else network_of(BaseThrottle().get_ident(request) or "")):
            response = problem_response(status=HTTPStatus.TOO_MANY_REQUESTS, detail=TOO_MANY)
            response["Retry-After"] = str(_WINDOW)
        elif token is None:
            response = problem_response(status=HTTPStatus.UNAUTHORIZED, detail=WHO_ARE_YOU)
            response["WWW-Authenticate"] = 'Bearer realm="wagtail"'
        else:
            response = _whole_or_not_at_all(view, request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guard


def _whole_or_not_at_all(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    with transaction.atomic():
        response = view(request, *args, **kwargs)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            transaction.set_rollback(True)  # an error is an answer here, not an exception
    return response


def _presented(request: HttpRequest) -> str:
    scheme, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip()[:200] if scheme.lower() == "bearer" else ""


def _is_over(client: str) -> bool:
    """Count one request of this token or address; whether it is one too many. While Redis is away nobody is counted."""
    limit = settings.WAGTAIL_API_RATE
    name = hashlib.sha256(client.encode("utf-8", "replace")).hexdigest()[:32]
    key = f"wagtail-api:{int(time()) // _WINDOW}:{name}"
    try:
        cache.add(key, 0, timeout=2 * _WINDOW)
        return bool(limit) and cache.incr(key) > limit
    except ValueError:
        return False  # it ran out between the two
    except RedisError as error:
        logger.warning("Redis can't be reached; requests to Wagtail's API are not counted: %s", error)
        return False


_patterns, _app_name, _namespace = api.urls
#: For ``django.urls.path``, as ``include`` gives it.
urls = (decorate_urlpatterns(list(_patterns), guarded), _app_name, _namespace)
