"""Drafts on their way to a frontend: kept in the cache for minutes under a token that can't be guessed."""

import re
import secrets
from typing import Any

from django.apps import apps
from django.core.cache import cache
from wagtail.models import Page

#: How long a preview can be opened, in seconds.
PREVIEW_SECONDS = 15 * 60
_KEY = "preview:{token}"
_TOKEN = re.compile(r"[\w-]{20,64}", re.ASCII)


def issue(page: Page) -> str:
    """Keep this page as it stands, saved or not, and return the token that opens it."""
    token = secrets.token_urlsafe(24)
    draft = {
        "model": page._meta.label_lower,
        "content": page.serializable_data(),
        "url_path": page.url_path,
        "id": page.pk,
    }
    cache.set(_KEY.format(token=token), draft, PREVIEW_SECONDS)
    return token


def load(token: str) -> Page | None:
    """The page that this token opens; None if there is no such token, or none any more."""
    draft: dict[str, Any] | None = cache.get(_KEY.format(token=token)) if _TOKEN.fullmatch(token) else None
    if draft is None:
        return None
    model = apps.get_model(draft["model"])
    page = model.from_serializable_data(draft["content"], check_fks=False, strict_fks=False)
    page.pk = page.id = draft["id"]
    page.url_path = draft["url_path"]
    return page
