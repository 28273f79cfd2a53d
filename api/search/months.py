"""How much each language published in which month: how far back a search has to look.

A worker counts it every quarter of an hour, and each process knows it for a minute more. It says only where to look
first: what is found does not depend on it.
"""

from collections.abc import Sequence
from time import monotonic

from django.db import connection

#: Seconds for which a process keeps what it has read.
KEPT = 60.0
#: The end of a statement that reads more: 0, 2, the months as JSON, and two columns of nothing, for each language.
SELECT = """
SELECT 0, 2, span.months::text, NULL, NULL FROM api_searchspan span WHERE span.locale = ANY (%(locales)s::text[])
"""
_COUNT = """
INSERT INTO api_searchspan (locale, months)
SELECT counted.locale, jsonb_agg(jsonb_build_array(counted.month, counted.pages) ORDER BY counted.month DESC)
FROM (
    SELECT locale, to_char(published_at AT TIME ZONE 'UTC', 'YYYYMM')::integer AS month, count(*) AS pages
    FROM api_publication WHERE listed GROUP BY 1, 2
) counted
GROUP BY counted.locale
ON CONFLICT (locale) DO UPDATE SET months = excluded.months WHERE api_searchspan.months <> excluded.months
"""
_kept: dict[tuple[str, ...], tuple[list[str], float]] = {}


def count() -> None:
    """Count anew how much each language published in which month."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)


def kept(locales: Sequence[str]) -> list[str] | None:
    """The months of these languages, as JSON, if this process has read them within the last minute."""
    spans, until = _kept.get(tuple(locales), (None, 0.0))
    return spans if monotonic() < until else None


def keep(locales: Sequence[str], spans: list[str]) -> None:
    """Keep what was read for a minute."""
    _kept[tuple(locales)] = spans, monotonic() + KEPT


def forget() -> None:
    """Let the next search read them."""
    _kept.clear()
