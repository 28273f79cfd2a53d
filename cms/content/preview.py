"""Drafts on their way to a frontend: kept in the cache for minutes under a token that can't be guessed.

They are in Redis because they are worth nothing in a quarter of an hour, and a form that is typed into makes a new one
twice a second. What is kept is bounded: so many bytes a draft, so many drafts of one page for one editor (the older
ones go). A token opens the one draft that it was made for, whatever becomes of the page. Without Redis there is no
preview, and the editor is told so; what was written is in PostgreSQL and in the browser, and none of it is lost.
"""

import hashlib
import json
import re
import secrets
import zlib
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from redis.exceptions import RedisError
from wagtail.models import Page

#: How long a preview can be opened, in seconds.
PREVIEW_SECONDS = 15 * 60
#: Bytes of one draft, compressed: some ten times the longest article.
LARGEST = 2_000_000
#: Drafts of one page that can be opened at the same time, for each editor.
MOST_OF_A_PAGE = 8
_KEY, _SERIES = "preview:{}", "previews-of:{}"
_TOKEN = re.compile(r"[\w-]{20,64}", re.ASCII)


class PreviewError(Exception):
    """There can be no preview of this now."""


class Unreachable(PreviewError):  # noqa: N818  (named for what happened)
    """Redis doesn't answer."""


class TooLarge(PreviewError):  # noqa: N818
    """The draft is larger than what is kept."""


def issue(page: Page, holder: object = "") -> str:
    """Keep this page as it stands, saved or not, and return the token that opens it. Raises PreviewError.

    ``holder`` is who looks at it: of each one's drafts of a page the last ``MOST_OF_A_PAGE`` are kept. A draft that
    has not changed keeps its token.
    """
    packed = _packed(page)
    digest = hashlib.sha256(packed).hexdigest()
    series_key = _SERIES.format(f"{holder}:{page._meta.label_lower}:{page.pk or page.path}")
    try:
        series: list[tuple[str, str]] = cache.get(series_key, [])
        if series and series[-1][1] == digest and cache.touch(_KEY.format(series[-1][0]), PREVIEW_SECONDS):
            return series[-1][0]
        token = secrets.token_urlsafe(24)
        cache.set(_KEY.format(token), packed, PREVIEW_SECONDS)
        series = [*series, (token, digest)]
        cache.delete_many([_KEY.format(old) for old, _digest in series[:-MOST_OF_A_PAGE]])
        cache.set(series_key, series[-MOST_OF_A_PAGE:], PREVIEW_SECONDS)
    except RedisError as error:
        raise Unreachable from error
    return token


def load(token: str) -> Page | None:
    """The page that this token opens; None if there is no such token, or none any more. Raises Unreachable."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        packed: bytes | None = cache.get(_KEY.format(token))
    except RedisError as error:
        raise Unreachable from error
    return _unpacked(packed) if packed else None


def address(token: str, locale: str) -> str:
    """Where the frontend shows what this token opens; ``locale`` is the draft's language."""
    return settings.PREVIEW_URL.replace("{token}", token).replace("{locale}", locale)


def _packed(page: Page) -> bytes:
    draft = {
        "model": page._meta.label_lower,
        "content": page.serializable_data(),
        "url_path": page.url_path,
        "id": page.pk,
    }
    packed = zlib.compress(json.dumps(draft, cls=DjangoJSONEncoder, sort_keys=True).encode())
    if len(packed) > LARGEST:
        raise TooLarge
    return packed


def _unpacked(packed: bytes) -> Page | None:
    draft: dict[str, Any] = json.loads(zlib.decompress(packed))
    try:
        model = apps.get_model(draft["model"])
    except LookupError:
        return None  # of a plugin that is gone since
    page = model.from_serializable_data(draft["content"], check_fks=True, strict_fks=False)
    if page is None:
        return None  # what it can't be without was deleted since
    page.pk = page.id = draft["id"]
    page.url_path = draft["url_path"]
    return page
