"""Which authors readers know of."""

from collections.abc import Collection

from api.publications.database import fetch
from api.publications.visibility import VISIBLE, hidden_types

_PUBLISHED = f"""
SELECT asked.author FROM unnest(%(slugs)s::varchar[]) AS asked (author) WHERE EXISTS (
    SELECT 1 FROM api_publication p WHERE p.authors @> ARRAY[asked.author] AND p.locale = %(locale)s::text
    AND {VISIBLE.format("p")} AND p.type <> ALL(%(hidden)s::text[])
)
"""  # noqa: S608  (made of a named piece of SQL; what comes from outside is a parameter)


def published_authors(locale: str, slugs: Collection[str]) -> set[str]:
    """Those of these authors who have anything published in this language, also what lists don't show.

    The others are an editor's business yet: a name alone can tell of a story that is kept until its day. One
    statement; none where nobody is asked about.
    """
    if not slugs:
        return set()
    asked = {"slugs": list(slugs), "locale": locale, "hidden": hidden_types()}
    return {str(slug) for (slug,) in fetch(_PUBLISHED, asked)}
