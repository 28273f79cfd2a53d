"""A static frontend at `/`: the files of OSTRIV_FRONTEND_DIR, and its index.html for every page-like path."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils._os import safe_join
from django.utils.http import http_date
from django.views.decorators.http import condition, require_safe

#: First parts of paths that belong to other rooms: what they do not know is a 404 and never a page of the frontend.
#: They are left out of the route, so that Django can still add a forgotten slash to them.
RESERVED = (
    "admin",
    "api",
    "dev",
    "documents",
    "donate",
    "feeds",
    "healthz",
    "media",
    "newsletters",
    "readyz",
    "static",
)
ROUTE = rf"^(?!(?:{'|'.join(RESERVED)})(?:/|$))(?P<path>.*)$"
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".json": "application/json",
    ".css": "text/css",
    ".html": "text/html",
    ".txt": "text/plain",
}
_TEXT = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


def find(path: str) -> Path:
    """The file that answers a path. Raises `Http404` for what has no answer here."""
    if not settings.FRONTEND_DIR:
        raise Http404
    root = Path(settings.FRONTEND_DIR).resolve()
    try:
        wanted = Path(safe_join(root, path)).resolve() if path else root
    except (SuspiciousFileOperation, ValueError, OSError) as error:
        raise Http404 from error
    if not wanted.is_relative_to(root) or any(part.startswith(".") for part in wanted.relative_to(root).parts):
        raise Http404  # also a link that leads out, and hidden files
    if wanted.is_file():
        return wanted
    index = root / "index.html"
    # A missing picture or script must be a 404: answering it with a page hides the mistake.
    if Path(path).suffix or not index.is_file():
        raise Http404
    return index


def _etag(request: HttpRequest, path: str) -> str:
    stat = find(path).stat()
    return f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'


@require_safe
@condition(etag_func=_etag)
def frontend(request: HttpRequest, path: str = "") -> HttpResponseBase:
    file = find(path)
    kind = _TYPES.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if kind.startswith(_TEXT):
        kind += "; charset=utf-8"
    response = HttpResponse(file.read_bytes(), content_type=kind)
    # File names carry no digest, so a copy may be kept but is asked about each time.
    response["Cache-Control"] = "no-cache"
    response["Last-Modified"] = http_date(file.stat().st_mtime)
    if path.startswith("preview/"):
        # Its address opens a draft: nobody is to be told it, and no search engine to keep it.
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
    return response
