"""The feeds and sitemaps of the core, and what is told to programs that come by themselves."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes
from django.views.decorators.http import require_safe

from api import http, problems
from api.addresses import absolute_url
from api.feeds import atom, channels, json_feed, llms, news_sitemap, rss, sitemaps
from api.feeds.channels import Channel
from api.parameters import LOCALES
from api.problems import Unavailable
from api.publications.database import limited

#: Seconds for which search engines may keep a sitemap without asking.
SITEMAP_FRESH = 30
#: Seconds after which a client may ask again for what took too long.
RETRY_AFTER = 60
ROBOTS = """\
User-agent: *
Disallow: /admin/

Sitemap: {sitemap}
Sitemap: {news}
"""

View = Callable[..., HttpResponse]


class Format(Protocol):
    """A module that writes channels."""

    @property
    def CONTENT_TYPE(self) -> str: ...  # noqa: N802  (a module's constant)

    def write(self, channel: Channel, address_of_itself: str, /) -> bytes: ...


#: The formats of every feed, by the last part of its address.
FORMATS: dict[str, Format] = {"rss.xml": rss, "atom.xml": atom, "feed.json": json_feed}


def reads(view: View) -> View:
    """A view that is only read, and whose questions to the database may not take long.

    Nothing of what it answers depends on a query: with one, each reader could have a copy made, and kept by caches.
    """

    @require_safe
    @wraps(view)
    def wrapped(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if request.META.get("QUERY_STRING"):
            return HttpResponsePermanentRedirect(escape_leading_slashes(escape_uri_path(request.path)))
        try:
            with limited():
                return view(request, *args, **kwargs)
        except Unavailable as error:
            response = problems.plain(HTTPStatus.SERVICE_UNAVAILABLE, str(error.detail))
            response["Retry-After"] = str(RETRY_AFTER)
            return response

    return wrapped


@reads
def feed(request: HttpRequest, locale: str, document: str, kind: str = "", slug: str = "") -> HttpResponse:
    """The feed of everything in one language, or of one section, author, tag or type."""
    find = channels.KINDS[kind] if kind else channels.everything
    channel = find(locale, slug) if locale in LOCALES else None
    if channel is None:
        return not_found(request)
    written = FORMATS[document]
    body = written.write(channel, absolute_url(request.path))
    return http.respond_with(request, body, written.CONTENT_TYPE, tags=channel.tags)


@reads
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The index of all sitemaps."""
    return _sitemap(request, sitemaps.write_index(sitemaps.parts()))


@reads
def sitemap_part(request: HttpRequest, locale: str, number: str) -> HttpResponse:
    """One of the parts that the index names."""
    found = sitemaps.entries(locale, int(number))
    return _sitemap(request, sitemaps.write_part(found)) if found else not_found(request)


@reads
def news(request: HttpRequest) -> HttpResponse:
    """What search engines take for news: the last two days."""
    now = timezone.now()
    found = news_sitemap.latest(now)
    since, until = news_sitemap.turns(found, now)
    return http.respond_with(
        request,
        news_sitemap.write(found),
        sitemaps.CONTENT_TYPE,
        tags=["sitemap", "content", "site"],
        since=since,
        until=until,
    )


@reads
def llms_txt(request: HttpRequest) -> HttpResponse:
    """What language models are told; what the frontend of this installation says itself goes before."""
    if (own := _of_frontend("llms.txt")) is not None:
        return http.respond_with(request, own, llms.CONTENT_TYPE)
    return http.respond_with(request, llms.write(), llms.CONTENT_TYPE, tags=["site", "sections"], fresh=SITEMAP_FRESH)


@reads
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Where robots find the sitemaps (RFC 9309); what the frontend of this installation says itself goes before."""
    body = _of_frontend("robots.txt")
    if body is None:
        body = ROBOTS.format(sitemap=absolute_url("/sitemap.xml"), news=absolute_url("/news-sitemap.xml")).encode()
    return http.respond_with(request, body, "text/plain; charset=utf-8", fresh=SITEMAP_FRESH)


def _of_frontend(name: str) -> bytes | None:
    """This file of the static frontend that is served here, if there is one and it has it."""
    file = Path(settings.FRONTEND_DIR) / name if settings.FRONTEND_DIR else None
    return file.read_bytes() if file and file.is_file() else None


def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address of this kind."""
    return problems.plain(HTTPStatus.NOT_FOUND, f"There is no feed or sitemap at {request.path}.")


def _sitemap(request: HttpRequest, body: bytes) -> HttpResponse:
    return http.respond_with(request, body, sitemaps.CONTENT_TYPE, tags=["sitemap", "content"], fresh=SITEMAP_FRESH)
