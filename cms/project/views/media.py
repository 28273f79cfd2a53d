"""`/media/`: uploaded files and renditions, where no web server or object store serves them (OSTRIV_SERVE_MEDIA)."""

from __future__ import annotations

import posixpath

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    # Documents have an address of their own, which asks for what their collection demands.
    if not settings.SERVE_MEDIA or posixpath.normpath(path).startswith("documents"):
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    # An uploaded SVG or HTML file opened here shares its origin with the admin: it may show itself and run nothing.
    response["Content-Security-Policy"] = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "public, max-age=86400"
    response["Access-Control-Allow-Origin"] = "*"
    return response
