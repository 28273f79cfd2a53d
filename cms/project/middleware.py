"""Middleware of an installation."""

from collections.abc import Callable

from django.http import HttpRequest, UnreadablePostError
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

_ADMIN = ("/admin/", "/documents/")
#: Bytes of a refused request that are still taken, and at once.
_STILL_TAKEN, _AT_ONCE = 32 * 1024 * 1024, 256 * 1024


class WholeRequestMiddleware:
    """Take what a client is still sending when it has been answered already, as with a body that is too large.

    The server would close the connection on it, and the client see that and not the answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.META.get("CONTENT_LENGTH"):
            _read_to_the_end(request)
        return response


def _read_to_the_end(request: HttpRequest) -> None:
    try:
        for _piece in range(_STILL_TAKEN // _AT_ONCE):
            if not request.read(_AT_ONCE):
                break
    except UnreadablePostError:
        pass  # it has gone away


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
