"""What is asked of whom: the paths of every kind of request, and a look at whether the answers are equal."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import psycopg

from tests.bench import corpus
from tests.bench.servers import Answer, Server

WARM, COLD, BARE = "Ostriv", "Ostriv, no cache", "bare handler"
V2, TUNED, V3 = "Wagtail v2", "Wagtail v2, tuned", "Wagtail v3"
#: Different keys of a cold request at most; a run that asks for more begins again.
KEYS = 5_000
_TYPE = "type=content.ArticlePage&locale=uk"
_V2_FIELDS = "fields=-locale,lede,published_at,section(name,slug),image_small"
#: Fewer places in a list than these may all be near its end, where pages are short.
LAST_PAGES = 200
#: So many searches one after the other find nothing only if search is broken, however small the corpus.
MOST_SEARCHES = 300
#: How far into the list peers are asked: theirs counts from the start, and readers seldom go further.
_DEEPEST = 2_000


@dataclass(frozen=True)
class Case:
    """One kind of request. ``paths`` are those of each system that is asked; ``size`` of list items expected."""

    name: str
    paths: dict[str, list[str]]
    #: Whether no answer may come from a cache.
    cold: bool = True


@dataclass(frozen=True)
class Keys:
    """Keys of the corpus as it lies in the database."""

    articles: list[tuple[int, str]]
    moments: list[str]
    sections: dict[str, int]
    authors: list[str]
    tags: dict[str, str]
    total: int


def read_keys(database_url: str, *, seed: int = 5) -> Keys:
    """Keys of articles from all over the corpus, in random order, the same for every system."""
    with psycopg.connect(database_url) as connection:
        ids = [row[0] for row in connection.execute("SELECT contentpage_ptr_id FROM content_articlepage ORDER BY 1")]
        chosen = random.Random(seed).sample(ids, min(KEYS, len(ids)))
        rows = connection.execute(
            "SELECT page_id, slug, to_char(published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
            "FROM api_publication WHERE page_id = ANY(%s)",
            [chosen],
        ).fetchall()
        random.Random(seed).shuffle(rows)
        return Keys(
            articles=[(row[0], row[1]) for row in rows],
            moments=[row[2] for row in rows],
            sections=dict(connection.execute("SELECT slug, id FROM content_section").fetchall()),
            authors=[row[0] for row in connection.execute("SELECT slug FROM content_author ORDER BY 1")],
            tags=dict(connection.execute("SELECT slug, name FROM content_tag ORDER BY 1").fetchall()),
            total=len(ids),
        )


def cases(keys: Keys, ostriv: Server) -> list[Case]:
    """Every kind of request, over these keys."""
    newest = "/api/v1/content/?locale=uk&page_size=20"
    _, slug = keys.articles[0]
    return [
        Case("detail, warm", {WARM: [detail_path(slug)]}, cold=False),
        Case("list of 20, warm", {WARM: [newest]}, cold=False),
        Case(
            "detail, cold",
            {
                COLD: [detail_path(slug) for _, slug in keys.articles],
                V2: [f"/api/v2/pages/{page_id}/" for page_id, _ in keys.articles],
                V3: [f"/api/v3/pages/{page_id}/" for page_id, _ in keys.articles],
            },
        ),
        Case(
            "list of 20, cold",
            {
                COLD: _places_in_list(keys, ostriv),
                V2: [_v2_list("pages", place) for place in _offsets(keys)],
                TUNED: [_v2_list("tuned", place) for place in _offsets(keys)],
                V3: [f"/api/v3/pages/?{_TYPE}&order=-published_at&limit=20&offset={place}" for place in _offsets(keys)],
            },
        ),
        Case("filter, cold", _filters(keys)),
        Case("search, cold", _searches()),
        # What the others answer: their search marks nothing.
        Case("search without highlights, cold", _searches("&highlight=false")),
    ]


def _searches(options: str = "") -> dict[str, list[str]]:
    asked = [quote(words) for words in corpus.searches(KEYS)]
    return {
        COLD: [f"/api/v1/search/?locale=uk&page_size=20{options}&q={words}" for words in asked],
        V2: [f"/api/v2/pages/?{_TYPE}&{_V2_FIELDS}&limit=20&search={words}" for words in asked],
        V3: [f"/api/v3/pages/?{_TYPE}&limit=20&search={words}" for words in asked],
    }


def detail_path(slug: str) -> str:
    return f"/api/v1/content/article/{slug}/"


def _v2_list(endpoint: str, offset: int) -> str:
    return f"/api/v2/{endpoint}/?{_TYPE}&{_V2_FIELDS}&order=-published_at&limit=20&offset={offset}"


def _offsets(keys: Keys) -> list[int]:
    deepest = max(1, min(keys.total, _DEEPEST) - 20)
    random_ = random.Random(6)
    return [random_.randrange(deepest) for _ in range(KEYS)]


def _places_in_list(keys: Keys, ostriv: Server) -> list[str]:
    """Half are cursors as the API gave them out, half begin at a moment: from all over the archive."""
    places = [f"/api/v1/content/?locale=uk&page_size=20&published_before={moment}" for moment in keys.moments]
    cursors = []
    for place in places[:: max(1, len(places) // 500)]:
        if following := ostriv.get(place).json()["next"]:
            parts = urlsplit(following)
            cursors.append(f"{parts.path}?{parts.query}")
    mixed = [
        path for pair in zip(places, cursors * (len(places) // max(1, len(cursors)) + 1), strict=False) for path in pair
    ]
    return mixed or places


def _filters(keys: Keys) -> dict[str, list[str]]:
    random_ = random.Random(7)
    ours, v2, v3 = [], [], []
    base = "/api/v1/content/?locale=uk&page_size=20"
    for number in range(KEYS):
        section, tag = random_.choice(list(keys.sections)), random_.choice(list(keys.tags))
        author, other = random_.choice(keys.authors), random_.choice(list(keys.tags))
        kind = number % 3
        ours.append(base + (f"&section={section}", f"&tag={tag},{other}", f"&author={author}&section={section}")[kind])
        theirs = f"&section={keys.sections[section]}" if kind != 1 else f"&tags={quote(keys.tags[tag])}"
        v2.append(f"{_v2_list('pages', 0)}{theirs}")
        v3.append(f"/api/v3/pages/?{_TYPE}&order=-published_at&limit=20{theirs}")
    return {COLD: ours, V2: v2, V3: v3}


# --- are they equal in substance? ---------------------------------------------------------------------------------


class NotEqualError(RuntimeError):
    """Two systems were asked for the same, and one of them gave something else."""


def check(case: Case, ask: Callable[[str, str], Answer]) -> None:
    """Look at some answers of every system before any is measured. ``ask`` takes a system's name and a path.

    Raises NotEqualError, naming the request: an error or an empty list that comes fast must not count.
    """
    for number in range(min(4, *(len(paths) for paths in case.paths.values()))):
        headlines = {}
        for system, paths in case.paths.items():
            answer = ask(system, paths[number])
            if answer.status != 200:
                raise NotEqualError(f"{system} answered {paths[number]} with {answer.status}: {answer.body[:300]!r}")
            headlines[system] = _headlines(answer)
        if case.name.startswith("detail") and len(set(map(tuple, headlines.values()))) != 1:
            raise NotEqualError(f"{case.name} {number}: {headlines}")
    for system, paths in case.paths.items():
        if case.name.startswith(("list", "filter")):
            shown = [len(_headlines(ask(system, path))) for path in paths[:5]]
            is_short = sum(shown) < 0.5 * 20 * len(shown)
            if is_short and case.name.startswith("list") and len(paths) > LAST_PAGES:
                raise NotEqualError(f"{system} answers lists with {shown} items")
        finds = case.name.startswith("search")
        if finds and not any(_headlines(ask(system, path)) for path in paths[:MOST_SEARCHES]):
            raise NotEqualError(f"{system} finds nothing by {MOST_SEARCHES} searches")


def _headlines(answer: Answer) -> list[str]:
    document = answer.json()
    found = next((document[key] for key in ("results", "items") if key in document), [document])
    return [each.get("headline") or each.get("title") for each in found]
