"""The feeds of shows: ``/feeds/podcast/<slug>.xml``."""

import json
from contextlib import suppress
from hashlib import blake2b
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from api.contract import (
    Published,
    parameters,
    published,
    published_details,
    published_teasers,
    respond_with,
)
from plugins.podcast import feed
from plugins.podcast.documents import newest_episodes
from plugins.podcast.models import EpisodePage, PodcastShowPage

#: Seconds for which a written feed is kept. Podcast apps ask all day for what changes once a week.
REMEMBERED = 300

Teasers = dict[int, dict[str, Any]]


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The feed of one published show. ``?locale=`` tells shows of the same slug apart."""
    parameters.only(request.GET, {"locale"})
    locale = parameters.locale(request.GET, default=None)
    found = published(type=PodcastShowPage.get_type_name(), slug=slug, locale=locale)
    page = PodcastShowPage.objects.filter(pk=found.page_id).first() if found else None
    if found is None or page is None:
        raise Http404(f"There is no published podcast “{slug}”.")
    # The tree says which episodes are the show's; what readers see of them is what is published.
    teasers = published_teasers(newest_episodes(page))
    body = _written(found, teasers)
    # ``content``: an episode that is not in it yet will be when it is published.
    tags = ["feeds", "content", f"page-{found.page_id}", *(f"page-{page_id}" for page_id in teasers)]
    return respond_with(request, body, feed.CONTENT_TYPE, tags=tags)


def _written(found: Published, teasers: Teasers) -> bytes:
    """The feed, written anew only if the show or an episode has changed: their documents hold hours of transcripts."""
    key, version = f"podcast:feed:{found.page_id}", _version(found, teasers)
    try:
        known, body = cache.get(key, ("", b""))
    except RedisError:
        return _write(found, teasers)
    if known != version:
        body = _write(found, teasers)
        with suppress(RedisError):
            cache.set(key, (version, body), REMEMBERED)
    return bytes(body)


def _version(found: Published, teasers: Teasers) -> str:
    """Another one after every publication: a teaser tells when its page was published, to the microsecond."""
    shown = json.dumps([found.detail, sorted(teasers.items())], sort_keys=True)
    return blake2b(shown.encode(), digest_size=16).hexdigest()


def _write(found: Published, teasers: Teasers) -> bytes:
    return feed.write(found, published_details(type=EpisodePage.get_type_name(), page_ids=teasers, limit=len(teasers)))


urlpatterns = [path("<slug:slug>.xml", show, name="show")]
