"""Telling a CDN what it must not show any more: by tag where the service can, by address where it can't."""

from api.purging.service import forget_old, is_configured, purge_due

__all__ = ["forget_old", "is_configured", "purge_due"]
