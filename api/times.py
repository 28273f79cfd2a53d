"""Times as the API writes them."""

from datetime import UTC, datetime


def utc(moment: datetime) -> str:
    """An aware time as RFC 3339 in UTC: ``2026-01-14T14:30:00Z``."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
