"""Writes what publications are found by, in the transaction that writes them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection

from api.publications.front import FRONT
from api.publications.models import Publication
from api.search import lexemes, words
from api.search.morphology import analysed, is_little
from cms.content.models import Tag

#: Rises with every change of what an entry is made of; a worker makes older entries anew.
RULES = 2
#: Words of a body that are searched; what comes after them is an archive within an article.
MOST_WORDS = 30_000
#: Words that a body repeats count for its rank like a name: so many of them.
_REPEATED = 12
#: Words of a headline, a lede or names that ranks are made of. With their positions they fit into a tsvector.
_HEAD_WORDS = 500
_COLUMNS = "page_id, type, locale, section, year, published_at, expires_at, listed, rules, head, vector"
_UPSERT = f"""
INSERT INTO api_searchentry ({_COLUMNS})
SELECT * FROM unnest(
    %s::bigint[], %s::text[], %s::text[], %s::text[], %s::smallint[], %s::timestamptz[], %s::timestamptz[],
    %s::boolean[], %s::smallint[], %s::tsvector[], %s::tsvector[]
)
ON CONFLICT (page_id) DO UPDATE SET
    type = excluded.type, locale = excluded.locale, section = excluded.section, year = excluded.year,
    published_at = excluded.published_at, expires_at = excluded.expires_at, listed = excluded.listed,
    rules = excluded.rules, head = excluded.head, vector = excluded.vector
"""  # noqa: S608  (names of columns, written here)
_UNREAD = "INSERT INTO api_searchunread SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING"


def write(publications: Iterable[Publication]) -> None:
    """Make the entries of these publications, which are in the database already."""
    # Front pages hold what is found elsewhere.
    found = [each for each in publications if each.type != FRONT]
    if not found:
        return
    tags = tag_names(slug for each in found for slug in each.tags)
    rows = [_row(each, tags) for each in found]
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, columns)
        cursor.execute(_UNREAD, [columns[0]])


def fill(limit: int) -> int:
    """Make entries that are missing, or made by older rules. Returns how many there were, at most ``limit``."""
    missing = Publication.objects.exclude(type=FRONT).exclude(search_entry__rules=RULES)
    ids = list(missing.order_by("-pk").values_list("pk", flat=True)[:limit])
    # Its publication may be written or deleted meanwhile: whoever does that first is waited for.
    write(Publication.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk"))
    return len(ids)


def tag_names(slugs: Iterable[str]) -> dict[str, str]:
    """The names of tags: teasers have their slugs, and nobody looks for those."""
    distinct = set(slugs)
    return dict(Tag.objects.filter(slug__in=distinct).values_list("slug", "name")) if distinct else {}


def _row(publication: Publication, tags: Mapping[str, str]) -> tuple[Any, ...]:
    locale = publication.locale
    teaser = json.loads(publication.teaser)
    headline, lede = _analysed(teaser["headline"], locale), _analysed(teaser["lede"], locale)
    named = [*(each["name"] for each in teaser["authors"]), *(tags.get(slug, slug) for slug in publication.tags)]
    names = _analysed(", ".join(named), locale)
    body = _analysed(publication.search_text, locale)
    return (
        publication.pk,
        publication.type,
        locale,
        publication.section,
        publication.published_at.year,
        publication.published_at,
        publication.expires_at,
        publication.listed,
        RULES,
        _head(headline, lede, names, body),
        lexemes.vector(dict.fromkeys([*_filed(publication), *_words(headline, lede, names, body)])),
    )


Words = list[tuple[str, tuple[str, ...]]]


def _analysed(text: str, locale: str) -> Words:
    found = [*words.found_in(text)[:MOST_WORDS], *words.joined_numbers(text)[:MOST_WORDS]]
    # What is written with marks alone is no word.
    return [word for word in (analysed(each, locale) for each in found) if word[0]]


def _words(headline: Words, lede: Words, names: Words, body: Words) -> Iterator[str]:
    """All by which this page matches. What only holds a text together is found in headlines and names alone."""
    for form, lemmas in dict.fromkeys([*headline, *names]):
        yield lexemes.exact(form)
        yield from lemmas
        yield from map(lexemes.strong, lemmas)
    for form, lemmas in dict.fromkeys([*lede, *body]):
        if not is_little(form):
            yield lexemes.exact(form)
            yield from lemmas


def _filed(publication: Publication) -> list[str]:
    return [
        lexemes.filed("l", publication.locale),
        lexemes.filed("s", publication.section),
        lexemes.filed("k", publication.type),
        *(lexemes.filed("a", each) for each in publication.authors),
        *(lexemes.filed("g", each) for each in publication.tags),
        *lexemes.times(publication.locale, publication.published_at),
    ]


def _head(headline: Words, lede: Words, names: Words, body: Words) -> str:
    """What ranks are made of: headline (A), lede (B), names (C), and what the body says again and again (D)."""
    repeated = Counter(lemmas[0] for form, lemmas in body if len(form) > 2 and not is_little(form))
    said = [(lemma, (lemma,)) for lemma, times in repeated.most_common(_REPEATED) if times > 1]
    places: dict[str, list[str]] = {}
    position = 0
    for found, weight in ((headline, "A"), (lede, "B"), (names, "C"), (said, "D")):
        for form, lemmas in found[:_HEAD_WORDS]:
            position += 1
            for lexeme in {lexemes.exact(form), *lemmas}:
                places.setdefault(lexeme, []).append(f"{position}{weight}")
        position += 5  # the last word of one part is not next to the first of another
    return " ".join(f"{lexemes.plain(lexeme)}:{','.join(found)}" for lexeme, found in places.items())
