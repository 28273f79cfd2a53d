"""Addresses that hold outside this site, as frontends on other hosts need them."""

from django.conf import settings


def absolute_url(url: str) -> str:
    """``/media/x.jpg`` with this installation's address before it; an absolute address as it is."""
    return url if "://" in url else f"{settings.BASE_URL}{url}"
