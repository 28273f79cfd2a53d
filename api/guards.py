"""Stands between an address of a plugin and the plugin: a switched-off one isn't there, a failing one fails alone."""

from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from rest_framework.exceptions import APIException
from wagtail.utils.urlpatterns import decorate_urlpatterns

from api import problems
from api.http import PLUGIN
from api.problems import Unavailable
from api.publications.database import limited
from cms.registry import faults, states

View = Callable[..., HttpResponse]
#: Seconds after which a client may ask a resting plugin again.
RETRY_AFTER = 60
#: What a view raises to give an answer, not because it is broken.
_ANSWERS = (Http404, PermissionDenied, SuspiciousOperation, BadRequest)


def guard_urls(label: str, patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """These addresses, each view of them guarded for the plugin with this label."""
    guarded: list[URLPattern | URLResolver] = decorate_urlpatterns(list(patterns), lambda view: guard(label, view))
    return guarded


def guard(label: str, view: View) -> View:
    """This view of a plugin: 404 while it is switched off, 503 while it rests, 500 and a noted fault if it fails."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not states.is_active(label):
            return problems.not_found(request)
        if not states.is_running(label):
            return _resting()
        request.META[PLUGIN] = label
        try:
            return view(request, *args, **kwargs)
        except _ANSWERS:
            raise
        except APIException as answer:  # from a plain view; DRF's own make this answer themselves
            return problems.plain(HTTPStatus(answer.status_code), problems.words_of(answer))
        except Exception as error:
            faults.note(label, faults.request_in_words(request), error)
            return problems.server_error(request)

    return guarded


def limit_reads(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """These addresses, no read of which makes the database work longer than the read side may."""
    limited_: list[URLPattern | URLResolver] = decorate_urlpatterns(list(patterns), _limit)
    return limited_


def _limit(view: View) -> View:
    @wraps(view)
    def limited_read(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        try:
            with limited():
                return view(request, *args, **kwargs)
        except Unavailable as answer:
            response = problems.plain(HTTPStatus.SERVICE_UNAVAILABLE, problems.words_of(answer))
            response["Retry-After"] = str(RETRY_AFTER)
            return response

    return limited_read


def _resting() -> HttpResponse:
    response = problems.plain(
        HTTPStatus.SERVICE_UNAVAILABLE, "This part of the newsroom rests after faults. Please try again later."
    )
    response["Retry-After"] = str(RETRY_AFTER)
    return response
