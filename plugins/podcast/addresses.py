"""Where a show's feed and an episode's files stand, and the identity that a podcast has in the open directory."""

from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.conf import settings

#: https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/guid.md
_NAMESPACE = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


def feed_url(slug: str, locale: str) -> str:
    """The absolute address of a show's feed."""
    return _localised(f"{settings.BASE_URL}/feeds/podcast/{slug}.xml", locale)


def file_url(show: str, episode: str, file: str, locale: str) -> str:
    """The absolute address of an episode's ``chapters`` or ``transcript``."""
    return _localised(f"{settings.BASE_URL}/api/v1/x/podcast/{show}/{episode}/{file}/", locale)


def podcast_guid(url: str) -> UUID:
    """The podcast:guid of a feed that has never had one: UUIDv5 of its address without scheme and last slashes."""
    parts = urlsplit(url)
    return uuid5(_NAMESPACE, url.removeprefix(f"{parts.scheme}://").rstrip("/"))


def _localised(url: str, locale: str) -> str:
    # Without a locale the newsroom's first language answers.
    return url if locale == settings.LANGUAGE_CODE else f"{url}?locale={locale}"
