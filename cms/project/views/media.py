"""`/media/`: uploaded files and renditions, where no web server or object store serves them (OSTRIV_SERVE_MEDIA).

Players and directories of podcasts ask for parts of a file (RFC 9110, section 14): a listener who jumps to the end does
not wait for the middle. One part at a time is answered; whoever asks for several at once gets the whole file.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import BinaryIO

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

#: Bytes of a file that are in memory at once, for each who reads it.
CHUNK = 64 * 1024
_PART = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    # Documents have an address of their own, which asks for what their collection demands.
    if not settings.SERVE_MEDIA or posixpath.normpath(path).startswith("documents"):
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    if isinstance(response, FileResponse):
        _answer_part(request, response)
    # An uploaded SVG or HTML file opened here shares its origin with the admin: it may show itself and run nothing.
    response["Content-Security-Policy"] = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "no-store" if response.status_code == 416 else "public, max-age=86400"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _answer_part(request: HttpRequest, response: FileResponse) -> None:
    """Make the answer of a whole file that of the part asked for, if one is."""
    response.block_size = CHUNK
    response["Accept-Ranges"] = "bytes"
    size = int(response["Content-Length"])
    if request.method == "HEAD":
        response.streaming_content = ()  # a part is a matter of GET alone
        return
    part = _part_asked_for(request, size, response["Last-Modified"])
    if part is None:
        return
    response["Content-Length"] = str(len(part))
    if part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part[0]}-{part[-1]}/{size}"
        response.streaming_content = _read(response.file_to_stream, part)
    else:
        response.status_code = 416
        response["Content-Range"] = f"bytes */{size}"
        response.streaming_content = ()


def _part_asked_for(request: HttpRequest, size: int, last_modified: str) -> range | None:
    """The places of the bytes asked for, empty if there are none; None if it is the whole file that is wanted."""
    found = _PART.fullmatch(request.headers.get("Range", ""))
    if not found or not size or request.headers.get("If-Range", last_modified) != last_modified:
        return None
    first, last = found.groups()
    if not first:
        return range(max(size - int(last), 0), size) if last else None
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


def _read(file: BinaryIO, part: range) -> Iterator[bytes]:
    file.seek(part.start)
    left = len(part)
    while left and (chunk := file.read(min(left, CHUNK))):
        left -= len(chunk)
        yield chunk
