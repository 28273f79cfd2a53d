"""Search, and suggestions as one types."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from json.decoder import scanstring  # type: ignore[attr-defined]  # the parser's own; the stubs leave it out
from json.encoder import encode_basestring as _written
from typing import Any

from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from api import parameters
from api.answers.fields import Tree, pruned, teaser_tree
from api.http import Answer
from api.json_text import dump
from api.publications.visibility import hidden_types
from api.search.asking import Filters, Understood, filters_of, text_of, understood
from api.search.cursor import CursorError, Place
from api.search.finding import COUNTED, Found, Hit, Search, find
from api.search.highlight import Highlights, Texts, highlighted
from api.search.question import Term, queries_of
from api.search.stretches import BEGINNING, END, stretches
from api.serializers.search import SearchResult

PATH, SUGGEST_PATH = "/api/v1/search/", "/api/v1/search/suggest/"
SORTS = ("relevance", "newest")
FACETS = ("section", "type", "year")
SUGGEST_PARAMETERS = frozenset(("q", "locale", "fields", "page_size"))
PARAMETERS = SUGGEST_PARAMETERS | {
    *("type", "section", "author", "tag", "published_after", "published_before"),
    *("sort", "facets", "highlight", "cursor"),
}
#: Values of one facet at most.
LARGEST_FACET = 50
SUGGESTED, MOST_SUGGESTED = 5, 10
#: Entries and words change with publications, and also later, when a worker has read them.
TAGS = ("content", "search")
_HEADLINE, _LEDE = '"headline":"', ',"lede":"'


def search(query: QueryDict) -> Answer:
    """What is published about something, the best first. Two statements. Raises ValidationError."""
    parameters.only(query, set(PARAMETERS))
    text, filters = text_of(query), filters_of(query)
    sort = parameters.choice(query, "sort", list(SORTS), "relevance") or "relevance"
    facets = parameters.choices(query, "facets", list(FACETS))
    tree = teaser_tree(query, SearchResult)
    marking = parameters.flag(query, "highlight", default=True) and _has_highlights(tree)
    size, place = parameters.page_size(query), _place(query, sort)
    asked = understood(text, filters.locales)
    today = _today()
    found = _found(
        asked, filters, today, sort=sort, size=size, place=place, with_facets=bool(facets), with_texts=marking
    )
    hits, next_, previous = _page(found.hits, size, sort, place, today)
    following, preceding = parameters.addresses_at(PATH, query, next_, previous)
    document = {
        "query": text,
        "correction": asked.correction and {"query": asked.correction.query, "applied": asked.correction.applied},
        "next": following,
        "previous": preceding,
    }
    if facets:
        document["facets"] = _facets(found, facets)
    results = _results(hits, _marked(hits, asked.terms, marking=marking), tree, with_score=sort == "relevance")
    rest = dump(document)
    return Answer(f'{{"results":[{results}],{rest[1:]}'.encode(), TAGS)


def suggest(query: QueryDict) -> Answer:
    """How a question may go on, and what would be found then. Two statements. Raises ValidationError."""
    parameters.only(query, set(SUGGEST_PARAMETERS))
    text, locales = text_of(query), parameters.locales(query) or [parameters.DEFAULT_LOCALE]
    size, tree = parameters.page_size(query, SUGGESTED, MOST_SUGGESTED), teaser_tree(query, SearchResult)
    marking = _has_highlights(tree)
    # What ends with a space is no beginning any more.
    asked = understood(text, locales, last_is_begun=not query.getlist("q")[-1][-1:].isspace())
    filters = Filters(locales, [], unlisted=False, after=None, before=None)
    found = _found(asked, filters, _today(), sort="relevance", size=size, place=None, with_texts=marking)
    hits = found.hits[:size]
    results = _results(hits, _marked(hits, asked.terms, marking=marking), tree, with_score=True)
    completions = dump(_completed(text, asked)[:MOST_SUGGESTED])
    question = dump(text)
    return Answer(f'{{"query":{question},"completions":{completions},"results":[{results}]}}'.encode(), TAGS)


def _found(
    asked: Understood,
    filters: Filters,
    today: datetime,
    *,
    sort: str,
    size: int,
    place: Place | None,
    with_facets: bool = False,
    with_texts: bool = True,
) -> Found:
    queries = queries_of(asked.terms, filters.queries)
    if not queries.every:
        return Found([], [], 0)
    after, before = filters.after or BEGINNING, filters.before or END
    steps = partial(stretches, tuple(filters.locales), asked.spans, today=today)
    here = steps(after=after, before=before)
    counting = here
    if place and sort == "newest":
        moment = place.moment
        if place.backward:
            here = steps(after=max(after, moment), before=before, backward=True)
        else:
            here = steps(after=after, before=min(before, moment + timedelta(microseconds=1)))
    search = Search(
        queries=queries,
        sort=sort,
        stretches=here,
        counting=counting,
        hidden=hidden_types(),
        unlisted=filters.unlisted,
        as_of=place.as_of if place else today,
        size=size,
        place=place,
        with_texts=with_texts,
    )
    return find(search, with_facets=with_facets)


def _today() -> datetime:
    """The midnight before this moment: ranks and cursors of one day are alike."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _place(query: QueryDict, sort: str) -> Place | None:
    if not (value := parameters.once(query, "cursor")):
        return None
    try:
        place = Place.decode(value[:200])
    except CursorError:
        place = None
    if place is None or place.sort != sort:
        raise ValidationError({"cursor": "Not a cursor of this search. Take it from `next` or `previous`."})
    return place


def _page(
    found: Sequence[Hit], size: int, sort: str, place: Place | None, today: datetime
) -> tuple[list[Hit], Place | None, Place | None]:
    """The hits of this page, and the places after and before it."""
    backward = bool(place and place.backward)
    more, hits = len(found) > size, list(found[:size])
    if backward:
        hits.reverse()
    if not hits:
        return [], None, None
    as_of = place.as_of if place else today
    has_next, has_previous = (True, more) if backward else (more, place is not None)
    first, last = hits[0], hits[-1]
    return (
        hits,
        Place(sort, last.key, last.page, as_of) if has_next else None,
        Place(sort, first.key, first.page, as_of, backward=True) if has_previous else None,
    )


def _has_highlights(tree: Tree | None) -> bool:
    return tree is None or "highlight" in tree


def _marked(hits: Sequence[Hit], terms: Sequence[Term], *, marking: bool) -> list[Highlights | None]:
    """What was found in the texts of each hit; None for each without ``marking``."""
    if not marking:
        return [None] * len(hits)
    marked: dict[int, Highlights] = {}
    for locale in {hit.locale for hit in hits}:
        places = [place for place, hit in enumerate(hits) if hit.locale == locale]
        texts = [Texts(*_shown(hits[place].teaser), hits[place].text) for place in places]
        marked |= zip(places, highlighted(terms, texts, locale), strict=True)
    return [marked[place] for place in range(len(hits))]


def _results(hits: Sequence[Hit], marked: Sequence[Highlights | None], tree: Tree | None, *, with_score: bool) -> str:
    """Teasers as they are stored, with what was found in them behind; of each what is asked for."""
    results = []
    for hit, highlights in zip(hits, marked, strict=True):
        score = hit.key / 1000 if with_score else "null"
        results.append(f'{hit.teaser[:-1]},"highlight":{_highlight(highlights)},"score":{score}}}')
    if tree:
        results = [dump(pruned(json.loads(each), tree)) for each in results]
    return ",".join(results)


def _highlight(highlights: Highlights | None) -> str:
    if highlights is None:
        return "null"
    headline, lede = _written(highlights.headline), _written(highlights.lede)
    body = "null" if highlights.body is None else _written(highlights.body)
    return f'{{"headline":{headline},"lede":{lede},"body":{body}}}'


def _shown(teaser: str) -> tuple[str, str]:
    """Headline and lede of a stored teaser, without making objects of all of it: they stand next to each other."""
    place = teaser.find(_HEADLINE)
    if place != -1:
        headline, place = scanstring(teaser, place + len(_HEADLINE))
        if teaser.startswith(_LEDE, place):
            return headline, scanstring(teaser, place + len(_LEDE))[0]
    document = json.loads(teaser)
    return document["headline"], document["lede"]


def _facets(found: Found, asked: Sequence[str]) -> dict[str, Any]:
    """Values with counts, the most frequent first. Not complete: what is counted are the newest matches."""
    facets: dict[str, Any] = {"complete": found.counted < COUNTED, "counted": found.counted}
    for name in asked:
        values = [{"value": value, "count": count} for each, value, count in found.counts if each == name and value]
        facets[name] = values[:LARGEST_FACET]
    return facets


def _completed(text: str, asked: Understood) -> list[str]:
    """The question with its last word completed in each way that is known."""
    if not asked.terms or not asked.completions:
        return []
    before = text[: text.rfind(asked.terms[-1].written)]
    return [before + each for each in asked.completions]
