"""Addresses that hold outside this site, as frontends on other hosts need them."""

from typing import Literal

from django.conf import settings


def absolute_url(url: str) -> str:
    """``/media/x.jpg`` with this installation's address before it; an absolute address as it is."""
    return url if "://" in url else f"{settings.BASE_URL}{url}"


def frontend_url(kind: Literal["author", "section", "tag"], locale: str, slug: str) -> str:
    """Where the frontend shows what one author, section or tag has. Absolute."""
    path: str = settings.FRONTEND_PATHS[kind]
    return f"{settings.FRONTEND_URL}{path.replace('{locale}', locale).replace('{slug}', slug)}"
