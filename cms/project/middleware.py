"""Middleware of an installation."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

_ADMIN = ("/admin/", "/documents/")


class AdminLocaleMiddleware(LocaleMiddleware):
    """The editor's language, in the editor's screens only.

    Everything else says in its address or its parameters which language it is in. ``Vary: Accept-Language`` on it
    would keep a cache from answering one reader with what it has for another.
    """

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith(_ADMIN):
            super().process_request(request)
        elif request.path.startswith("/api/"):
            translation.activate("en")  # its sentences are for those who write programs
        else:
            translation.deactivate()  # the thread may have answered an editor before

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith(_ADMIN):
            return super().process_response(request, response)
        return response
