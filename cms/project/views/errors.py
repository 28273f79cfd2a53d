"""Errors outside of views: problem details for programs, Django's pages for people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views import defaults


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/feeds/"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return _of_the_api("bad_request", request)
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _of_the_api("not_found", request) if _is_api(request) else defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return _of_the_api("server_error", request) if _is_api(request) else defaults.server_error(request)


def _of_the_api(name: str, request: HttpRequest) -> Any:
    return import_string(f"api.problems.{name}")(request)
