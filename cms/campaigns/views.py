"""Serves the built pages. Touches storage and nothing else: no database, no session, no cache."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from cms.campaigns.pages import store
from cms.campaigns.pages.texts import texts

#: A page may be shown this long without asking again; while the newsroom can't be reached, for a day.
PAGE = "public, max-age=5, stale-while-revalidate=60, stale-if-error=86400"
#: Pictures change with every donation and are fetched by robots: a minute is soon enough.
FILE = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
ASSET = "public, max-age=31536000, immutable"
_ASSET_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


@require_safe
def campaign_page(request: HttpRequest, slug: str, name: str = "index.html") -> HttpResponse:
    """One file of the version that is current: the page itself, its share card, its QR code, its progress."""
    built = store.current(slug)
    if built is None:
        return _closed(request, settings.LANGUAGE_CODE, "missing", 404)
    if built.moved_to:
        return HttpResponsePermanentRedirect(request.path.replace(f"/{slug}/", f"/{built.moved_to}/", 1))
    if built.gone:
        return _closed(request, built.locale, "gone", 410)
    about = built.files.get(name)
    if about is None:
        return _closed(request, built.locale, "missing", 404)
    content = store.read(slug, built.version, name)
    if content is None:  # a slow reader: this version was replaced, and removed, since the pointer was read
        built = store.current(slug) or built
        content = store.read(slug, built.version, name) or b""
        about = built.files[name]
    page = name == "index.html"
    return _answer(
        request,
        content,
        type=about["type"],
        etag=about["etag"],
        headers={
            "Cache-Control": PAGE if page else FILE,
            "Content-Language": built.locale,
            "Content-Security-Policy": built.csp if page else "default-src 'none'",
            "Cache-Tag": f"campaign-{slug}",
        },
    )


@require_safe
def campaign_asset(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The page's style or script. Its name holds the hash of its content: it can be kept for ever."""
    content = store.read_asset(name)
    if content is None:
        return _closed(request, settings.LANGUAGE_CODE, "missing", 404)
    kind = _ASSET_TYPES[name.rpartition(".")[2]]
    return _answer(request, content, type=kind, etag=store.etag(content), headers={"Cache-Control": ASSET})


def _answer(request: HttpRequest, content: bytes, *, type: str, etag: str, headers: dict[str, str]) -> HttpResponse:
    response = HttpResponse(content, content_type=type, headers={"ETag": etag, **headers})
    return get_conditional_response(request, etag=etag, response=response) or response


def _closed(request: HttpRequest, locale: str, what: str, status: int) -> HttpResponse:
    words = texts(locale)
    context = {
        "locale": locale,
        "title": words[what],
        "text": words[f"{what}_text"],
        "link": f"{settings.FRONTEND_URL}/",
        "link_text": words["to_site"],
    }
    # Rendered without the request: context processors would ask for the user, and so for the database.
    response = render(None, "campaigns/closed.html", context, status=status)
    response["Cache-Control"] = "public, max-age=10"
    response["Content-Security-Policy"] = "default-src 'none'"
    response["Content-Language"] = locale
    return response
