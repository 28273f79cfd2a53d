"""Finds and ranks: one statement for a page of results and, if they are asked for, their facets.

The statement calls ``ostriv_search`` (migration 0006), which finds the newest matches. By relevance, so many of the
newest matches are ranked, and besides them so many of the newest that have the words in the headline or a name: what
is ranked does not grow with the archive.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.publications.database import fetch
from api.search import lexemes
from api.search.cursor import Place
from api.search.highlight import LOOKED_INTO
from api.search.question import Queries
from api.search.stretches import Stretches

#: The newest matches that are ranked: those with the words anywhere, in headline or names, all words but one.
RANKED, STRONG, NEARLY = 80, 60, 40
#: With fewer matches than these, pages that have all words but one are shown too.
FEW = 5
#: The newest matches that facets count.
COUNTED = 1_000


def _searched(asked: str, rest: str, steps: str = "") -> str:
    """A call of ``ostriv_search`` with this tsquery. The names of the parameters of its steps begin with ``steps``."""
    return (
        f"ostriv_search({asked}::tsquery, %({steps}stretches)s::tsquery[], %({steps}begins)s::timestamptz[], "
        f"%({steps}ends)s::timestamptz[], %(hidden)s::text[], %(unlisted)s::boolean, {rest}, "
        f"pages => %({steps}pages)s::integer[])"
    )


# A match is worth a little, one in headline, lede, names or as a repeated word of the body by its weight, all words
# in headline or names much; half of it is left after seven years. What lacks a word stands behind all that doesn't:
# nothing else is worth more than 4. Points are thousandths: whole, for cursors. Those with the words in headline or
# names are looked for by themselves only if the newest matches are not all that there are, and behind these.
_BY_RELEVANCE = f"""
every AS MATERIALIZED (
    SELECT page, at, head, head @@ %(headed)s::tsquery AS headed
    FROM {_searched("%(every)s", f"{RANKED}, true")}
),
oldest AS (
    SELECT at, page, {STRONG} - (SELECT count(*) FROM every WHERE headed)::integer AS missing
    FROM every WHERE (SELECT count(*) FROM every) = {RANKED}
    ORDER BY at, page LIMIT 1
),
strong AS MATERIALIZED (
    SELECT match.page, match.at, match.head
    FROM oldest, {_searched("%(strong)s", "oldest.missing, true, oldest.at, oldest.page")} match
    WHERE oldest.missing > 0
),
nearly AS MATERIALIZED (
    SELECT * FROM {_searched("nullif(%(nearly)s, '')", f"{NEARLY}, true")}
    WHERE %(nearly)s <> '' AND (SELECT count(*) FROM every) < {FEW}
),
found AS (
    SELECT page, at, head, 4 AS base, CASE WHEN headed THEN 1.0 ELSE 0.2 END::float8 AS worth FROM every
    UNION ALL
    SELECT page, at, head, 4, 1.0 FROM strong
    UNION ALL
    SELECT page, at, head, 0, 0.0 FROM nearly WHERE page NOT IN (SELECT page FROM every)
),
ranked AS (
    SELECT page, (
        1000 * base + 1000 * (worth + 2 * ts_rank('{{0.1, 0.3, 0.5, 1}}', head, %(any)s::tsquery))
        / (1 + greatest(0, date_part('epoch', %(as_of)s::timestamptz - at)) / (7 * 365 * 86400.0::float8))
    )::integer AS key
    FROM found
),
chosen AS (
    SELECT page, key::bigint FROM ranked
    WHERE %(key)s::bigint IS NULL
        OR CASE WHEN %(backward)s THEN (key, page) > (%(key)s::bigint, %(page)s::bigint)
            ELSE (key, page) < (%(key)s::bigint, %(page)s::bigint) END
    ORDER BY CASE WHEN %(backward)s THEN key END, CASE WHEN %(backward)s THEN page END, key DESC, page DESC
    LIMIT %(size)s
)
"""  # noqa: S608  (numbers and the names of parameters, all of this module)
_BY_TIME = f"""
chosen AS MATERIALIZED (
    SELECT page, (extract(epoch FROM at) * 1000000)::bigint AS key
    FROM {_searched("%(every)s", "%(size)s, false, %(beyond)s::timestamptz, %(page)s::bigint, %(backward)s")}
)
"""  # noqa: S608
# Laterally: however many results are guessed at, each page is looked up by its key. A text is only cut if it is long:
# to count its letters costs more than to read it.
_PAGE = f"""
SELECT shown.page_id, chosen.key, shown.locale, shown.teaser, shown.text
FROM chosen CROSS JOIN LATERAL (
    SELECT page_id, locale, teaser, CASE
            WHEN NOT %(with_texts)s THEN ''
            WHEN octet_length(search_text) > {2 * LOOKED_INTO} THEN left(search_text, {LOOKED_INTO}) ELSE search_text
        END AS text
    FROM api_publication publication
    WHERE publication.page_id = chosen.page
        AND (publication.expires_at IS NULL OR publication.expires_at > now())
    LIMIT 1
) shown
"""  # noqa: S608
_COUNTED = f"""
counted AS MATERIALIZED (
    SELECT type, section, year::text FROM {_searched("%(every)s", f"{COUNTED}, false", steps="counting_")}
)
"""  # noqa: S608
_FACETS = """
SELECT NULL, (SELECT count(*) FROM counted), NULL, (
    SELECT json_agg(json_build_array(facet.name, facet.value, facet.number) ORDER BY facet.number DESC, facet.value)
    FROM (
        SELECT 'type' AS name, type AS value, count(*) AS number FROM counted GROUP BY type
        UNION ALL SELECT 'section', section, count(*) FROM counted GROUP BY section
        UNION ALL SELECT 'year', year, count(*) FROM counted GROUP BY year
    ) facet
)::text, NULL
"""


@dataclass(frozen=True)
class Search:
    """What to look for, where, and which page of it. ``counting`` is where facets look: at all pages of it.

    Without ``with_texts`` hits have no text: highlights are the only ones that need it.
    """

    queries: Queries
    sort: str
    stretches: Stretches
    counting: Stretches
    hidden: Sequence[str]
    unlisted: bool
    as_of: datetime
    size: int
    place: Place | None
    with_texts: bool


@dataclass(frozen=True)
class Hit:
    """One result: its page, what it is ordered by, its language, its teaser as JSON text, and the text of its body."""

    page: int
    key: int
    locale: str
    teaser: str
    text: str


@dataclass(frozen=True)
class Found:
    """The hits of one page, one more if there are more behind it, in their order; the facets as name, value, count."""

    hits: list[Hit]
    counts: list[tuple[str, str, int]]
    counted: int


def find(search: Search, *, with_facets: bool) -> Found:
    """One page of what this search finds. One statement."""
    parts = [_BY_RELEVANCE if search.sort == "relevance" else _BY_TIME]
    if with_facets:
        parts.append(_COUNTED)
    statement = f"WITH {','.join(parts)} {_PAGE} {'UNION ALL ' + _FACETS if with_facets else ''}"
    rows = fetch(statement, _parameters(search, with_facets=with_facets), walks=True)
    hits = [Hit(*row) for row in rows if row[0] is not None]
    hits.sort(key=lambda hit: (hit.key, hit.page), reverse=not (search.place and search.place.backward))
    counts, counted = [], 0
    for page, number, _locale, facets, _text in rows:
        if page is None:
            counts, counted = [(name, value, count) for name, value, count in json.loads(facets or "[]")], number
    return Found(hits, counts, counted)


def _parameters(search: Search, *, with_facets: bool) -> dict[str, Any]:
    place = search.place
    parameters: dict[str, Any] = {
        "every": search.queries.every,
        "hidden": lexemes.array(search.hidden),
        "unlisted": search.unlisted,
        "size": search.size + 1,
        "backward": bool(place and place.backward),
        "with_texts": search.with_texts,
        "page": place.page if place else None,
        **_steps(search.stretches),
    }
    if with_facets:
        parameters |= _steps(search.counting, "counting_")
    if search.sort == "relevance":
        parameters |= {
            "strong": search.queries.strong,
            "headed": search.queries.headed,
            "nearly": search.queries.nearly,
            "any": search.queries.any,
            "as_of": search.as_of,
            "key": place.key if place else None,
        }
    else:
        parameters["beyond"] = place.moment if place else None
    return parameters


def _steps(steps: Stretches, prefix: str = "") -> dict[str, str]:
    names = ("stretches", "begins", "ends", "pages")
    return {f"{prefix}{name}": value for name, value in zip(names, steps, strict=True)}
