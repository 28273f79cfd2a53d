"""The feeds and sitemaps of the core."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from api import http, problems
from api.addresses import absolute_url
from api.feeds import channels, rss, sitemaps
from api.feeds.channels import Channel
from api.feeds.freshness import last_changed
from api.parameters import LOCALES

#: Seconds for which search engines may keep a sitemap without asking.
SITEMAP_FRESH = 30


@require_safe
def everything(request: HttpRequest, locale: str) -> HttpResponse:
    """Everything that lists show in one language."""
    return _rss(request, channels.everything(locale) if locale in LOCALES else None)


@require_safe
def section(request: HttpRequest, locale: str, slug: str) -> HttpResponse:
    """One section."""
    return _rss(request, channels.of_section(locale, slug) if locale in LOCALES else None)


@require_safe
def content_type(request: HttpRequest, locale: str, name: str) -> HttpResponse:
    """One content type."""
    return _rss(request, channels.of_type(locale, name) if locale in LOCALES else None)


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The index of all sitemaps."""
    return _sitemap(request, sitemaps.write_index(sitemaps.parts()))


@require_safe
def sitemap_part(request: HttpRequest, locale: str, number: str) -> HttpResponse:
    """One of the parts that the index names."""
    found = sitemaps.entries(locale, int(number))
    return _sitemap(request, sitemaps.write_part(found)) if found else not_found(request)


def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address of this kind."""
    return problems.plain(HTTPStatus.NOT_FOUND, f"There is no feed or sitemap at {request.path}.")


def _rss(request: HttpRequest, channel: Channel | None) -> HttpResponse:
    if channel is None:
        return not_found(request)
    body = rss.write(channel, absolute_url(request.path))
    return http.respond_with(
        request, body, rss.CONTENT_TYPE, tags=channel.tags, last_modified=last_changed(request.path, body)
    )


def _sitemap(request: HttpRequest, body: bytes) -> HttpResponse:
    return http.respond_with(
        request,
        body,
        sitemaps.CONTENT_TYPE,
        tags=["sitemap", "content"],
        fresh=SITEMAP_FRESH,
        last_modified=last_changed(request.path, body),
    )
