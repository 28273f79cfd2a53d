"""Stands between an admin address of a plugin and the plugin: its faults stay in its own screens."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms.registry import faults, states
from cms.registry.owners import enabled

View = Callable[..., HttpResponse]
#: What a view raises to give an answer, not because it is broken.
_ANSWERS = (Http404, PermissionDenied, SuspiciousOperation, BadRequest)


def guard_urls(label: str, patterns: list[Any]) -> list[Any]:
    """These addresses, each view of them guarded for the plugin with this label."""
    return decorate_urlpatterns(patterns, lambda view: guard(label, view))


def guard(label: str, view: View) -> View:
    """This view of a plugin: 404 while it is inactive; a page that says so while it rests, and when it fails.

    What a failing view has written is undone: the request's transaction goes on without it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not states.is_active(label):
            raise Http404
        if not states.is_running(label):
            return _said(request, label, "lifecycle/resting.html", 503)
        try:
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                return _rendered(view(request, *args, **kwargs))
        except _ANSWERS:
            raise
        except Exception as error:
            faults.note(label, f"{request.method} {request.path}", error)
            return _said(request, label, "lifecycle/fault.html", 500)

    return guarded


def _rendered(response: HttpResponse) -> HttpResponse:
    """A template fails when it is rendered: here, where it is known whose it is."""
    if isinstance(response, TemplateResponse) and not response.is_rendered:
        response.render()
    return response


def _said(request: HttpRequest, label: str, template: str, status: int) -> HttpResponse:
    plugin = enabled(label)
    name = plugin.info.name if plugin else label
    return TemplateResponse(request, template, {"label": label, "name": name or label}, status=status).render()
