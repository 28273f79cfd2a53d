"""The words that stand in what is published: what may have been meant by one that stands nowhere, and what a
beginning may become.

It is learned by a worker a moment after a publication, and forgotten a moment after the last page that had it is
gone, by one worker at a time: writing pages waits for nobody but for one who is reading the same page.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2
from typing import Any

from django.db import connection, transaction

from api.publications.database import fetch
from api.publications.models import Publication
from api.search import lexemes, months, words
from api.search.index import MOST_WORDS, tag_names
from api.search.models import SearchStruck, SearchUnread
from api.search.morphology import analysed, is_little

#: Letters of a word that its keys are made of.
_KEYED = 8
#: Shorter words are not mended: a letter more or less makes another word of them.
SHORTEST_MENDED = 4
_LONG = 8  # letters from which on two of them may be wrong
#: A word is counted so often; nothing depends on how much more often it is.
_COUNTED = 10_000
#: Names the lock of whoever learns among PostgreSQL's advisory locks.
_LEARNING = 0x0571_0005
#: Entries that are looked into for words that are to be forgotten, before the index is asked.
_NEWEST = 50
#: Words that the sweep writes into one row, and rows beyond which it leaves the worker to what there is.
_SWEPT, _BEHIND = 100, 1_000
_COMPLETIONS = 8
_NEIGHBOURS = 40


@dataclass(frozen=True)
class Asked:
    """A word to look up: it is known if any of ``forms`` is, the form first and its dictionary forms behind it."""

    form: str
    forms: tuple[str, ...]
    is_begun: bool = False
    is_mendable: bool = True


@dataclass
class Known:
    """What the vocabulary says of a word: how often it stands somewhere, and others that are near to it.

    ``typed`` is the word as it was typed, and as the same keys write it on other keyboards.
    """

    typed: list[str] = field(default_factory=list)
    frequency: int = 0
    is_known: bool = False
    near: list[tuple[str, int]] = field(default_factory=list)
    completions: list[str] = field(default_factory=list)


_KNOWN = """
SELECT asked.place, 0, near.form, near.frequency, known.frequency
FROM unnest(%(forms)s::text[], %(keys)s::text[]) WITH ORDINALITY AS asked (forms, keys, place)
CROSS JOIN LATERAL (
    SELECT max(word.frequency) AS frequency FROM api_searchword word
    WHERE word.locale = ANY (%(locales)s::text[]) AND word.form = ANY (string_to_array(asked.forms, ' '))
) known
LEFT JOIN LATERAL (
    SELECT word.form, word.frequency FROM api_searchword word
    WHERE (known.frequency IS NULL OR known.frequency = 1) AND word.keys && string_to_array(asked.keys, ' ')
    ORDER BY word.frequency DESC LIMIT %(neighbours)s
) near ON true
"""
_COMPLETED = """
SELECT asked.place, 1, word.form, NULL, NULL
FROM unnest(%(begun)s::text[]) WITH ORDINALITY AS asked (beginning, place)
CROSS JOIN LATERAL (
    (SELECT long.form FROM api_searchword long
     WHERE length(asked.beginning) >= 4 AND long.locale = ANY (%(locales)s::text[])
         AND left(long.form, 4) = left(asked.beginning, 4) AND long.weight >= 0
         AND starts_with(long.form, asked.beginning)
     ORDER BY long.weight DESC LIMIT %(completions)s)
    UNION ALL
    (SELECT short.form FROM api_searchword short
     WHERE length(asked.beginning) IN (2, 3) AND short.locale = ANY (%(locales)s::text[])
         AND left(short.form, 2) = left(asked.beginning, 2) AND short.weight >= 0
         AND starts_with(short.form, asked.beginning)
     ORDER BY short.weight DESC LIMIT %(completions)s)
) word
"""


def look_up(asked: Sequence[Asked], locales: Sequence[str]) -> tuple[list[Known], list[str]]:
    """What is known of each of these words in these languages, and the months of those, as JSON. One query."""
    found = [Known(typed=_typed(each.form, locales)) for each in asked]
    spans = months.kept(locales)
    parts = [_KNOWN]
    if any(each.is_begun for each in asked):
        parts.append(_COMPLETED)
    if spans is None:
        parts.append(months.SELECT)
    rows = fetch(
        "UNION ALL".join(parts),
        {
            "forms": [" ".join(each.forms) for each in asked],
            "keys": [" ".join(_keys_of(each, known, locales)) for each, known in zip(asked, found, strict=True)],
            "begun": [each.form if each.is_begun else "" for each in asked],
            "locales": list(locales),
            "neighbours": _NEIGHBOURS,
            "completions": _COMPLETIONS,
        },
        walks=True,
    )
    counted = []
    for place, kind, text, number, frequency in rows:
        if kind == 2:
            counted.append(text)
            continue
        known = found[place - 1]
        if kind == 1:
            known.completions.append(text)
            continue
        known.is_known = frequency is not None
        known.frequency = frequency or 0
        if text is not None:
            known.near.append((text, number))
    if spans is None:
        spans = counted
        months.keep(locales, spans)
    return found, spans


def _typed(form: str, locales: Sequence[str]) -> list[str]:
    others = [words.folded(words.typed_on(form, each)) for each in locales] if words.is_latin(form) else []
    return [form, *filter(None, others)]


def _keys_of(asked: Asked, known: Known, locales: Sequence[str]) -> Iterable[str]:
    if not asked.is_mendable or len(asked.form) < SHORTEST_MENDED:
        return ()
    keys = {key for form in known.typed for key in keys_of(form)}
    return [f"{locale}:{key}" for locale in locales for key in keys]


def keys_of(form: str) -> list[str]:
    """The beginning of a word as it sounds, whole and with each of its letters left out."""
    whole = words.skeleton(form)[:_KEYED]
    return list(dict.fromkeys([whole, *(whole[:place] + whole[place + 1 :] for place in range(len(whole)))]))


def mended(asked: Asked, known: Known) -> str | None:
    """The word that was probably meant by one that is not known, or hardly; None if none is near enough."""
    best: tuple[int, int, int, str] | None = None
    for form, frequency in known.near:
        if form in asked.forms or frequency < 1 or (known.is_known and frequency < 20 * known.frequency):
            continue
        away = min(_distance(each, form) for each in known.typed)
        if away <= (2 if len(asked.form) >= _LONG else 1):
            same_end = 0 if form[-1:] == asked.form[-1:] else 1
            rank = (away, same_end, -frequency, form)
            best = min(best, rank) if best else rank
    return best[3] if best else None


def _distance(one: str, other: str) -> int:
    """Letters to change, add, leave out or swap to make one word of the other, as both sound (Damerau, Levenshtein)."""
    one, other = words.skeleton(one), words.skeleton(other)
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, another in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != another))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == another:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


# --- learning and forgetting ------------------------------------------------------------------------------------

_LEARN = """
INSERT INTO api_searchword AS word (locale, form, frequency, weight, keys)
SELECT new.locale, new.form, new.frequency, new.weight, string_to_array(new.keys, ' ')
FROM unnest(%s::text[], %s::text[], %s::integer[], %s::smallint[], %s::text[])
    AS new (locale, form, frequency, weight, keys)
ON CONFLICT (locale, form) DO UPDATE SET
    frequency = word.frequency + excluded.frequency,
    weight = CASE WHEN word.frequency + excluded.frequency > 0
        THEN trunc(log(2, word.frequency + excluded.frequency)) ELSE -1 END,
    keys = CASE WHEN word.frequency = 0 THEN excluded.keys ELSE word.keys END
WHERE excluded.frequency > 0 AND word.frequency < %s
"""
_NOTED = """
SELECT id, locale, form, frequency FROM api_searchword
WHERE id IN (SELECT unnest(words) FROM api_searchstruck WHERE id = ANY (%s))
"""
# What many pages have is in one of the newest: the index would list all of them to say that there is one.
_STANDING_NOWHERE = """
SELECT asked.id FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::tsquery[]) AS asked (id, locale, lexeme, query)
WHERE CASE
    WHEN (asked.locale, asked.lexeme) IN (
        SELECT entry.locale, lexeme
        FROM (SELECT locale, vector FROM api_searchentry ORDER BY page_id DESC LIMIT %s) entry,
            unnest(tsvector_to_array(entry.vector)) AS lexeme
    ) THEN false
    ELSE NOT ostriv_word_stands(asked.locale, asked.query)
END
"""
# Dictionary forms of what is written: known, but no completions and no corrections.
_UNWRITTEN = """
UPDATE api_searchword SET frequency = 0, weight = -1, keys = '{}' WHERE id = ANY (%s)
"""
_SWEEP = """
INSERT INTO api_searchstruck (words)
SELECT array_agg(id) FROM api_searchword WHERE (SELECT count(*) FROM api_searchstruck) < %s GROUP BY id / %s
"""


@transaction.atomic
def learn(limit: int = 500) -> int:
    """Count the words of pages that were written since. Returns how many pages it read, at most ``limit``."""
    with connection.cursor() as cursor:
        if not _is_alone(cursor):
            return 0
        # A line that somebody holds is of a page that is being written: it is read when that is done.
        unread = SearchUnread.objects.order_by("pk").values_list("pk", flat=True)[:limit]
        ids = list(SearchUnread.objects.select_for_update(skip_locked=True).filter(pk__in=list(unread)).values_list(
            "pk", flat=True
        ))  # fmt: skip
        rows = Publication.objects.filter(pk__in=ids).values_list("locale", "teaser", "search_text", "tags")
        counted = _counted(list(rows))
        if counted:
            cursor.execute(_LEARN, [*map(list, zip(*counted, strict=True)), _COUNTED])
        SearchUnread.objects.filter(pk__in=ids).delete()
    return len(ids)


def _is_alone(cursor: Any) -> bool:
    """Whether no other worker learns or forgets; none will until this transaction ends."""
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LEARNING])
    return bool(cursor.fetchone()[0])


@transaction.atomic
def forget(limit: int = 500) -> int:
    """Take out the words that pages said and none says any more. Returns how many notes it read, at most ``limit``.

    The newest notes first: what was taken away just now doesn't wait behind a sweep. A page that is being published
    meanwhile isn't seen, and loses nothing: its words are learned after this.
    """
    with connection.cursor() as cursor:
        if not _is_alone(cursor):
            return 0
        noted = list(SearchStruck.objects.order_by("-pk").values_list("pk", flat=True)[:limit])
        if not noted:
            return 0
        cursor.execute(_NOTED, [noted])
        # Entries don't say in which text a word stands that only holds others together: those stay.
        rows = [row for row in cursor.fetchall() if not is_little(row[2])]
        written = {pk: (locale, lexemes.exact(form)) for pk, locale, form, frequency in rows if frequency}
        unwritten = _standing_nowhere(cursor, written)
        rest = {pk: (locale, form) for pk, locale, form, _frequency in rows if pk in unwritten or pk not in written}
        unknown = _standing_nowhere(cursor, rest)
        # An empty statement would be told to caches too.
        if unknown:
            cursor.execute("DELETE FROM api_searchword WHERE id = ANY (%s)", [list(unknown)])
        if known := unwritten - unknown:
            cursor.execute(_UNWRITTEN, [list(known)])
        cursor.execute("DELETE FROM api_searchstruck WHERE id = ANY (%s)", [noted])
    return len(noted)


def _standing_nowhere(cursor: Any, asked: Mapping[int, tuple[str, str]]) -> set[int]:
    """Of these words, given as locale and lexeme, those that are in no entry."""
    rows = [(pk, locale, lexeme, lexemes.quoted(lexeme)) for pk, (locale, lexeme) in asked.items()]
    if not rows:
        return set()
    cursor.execute(_STANDING_NOWHERE, [*map(list, zip(*rows, strict=True)), _NEWEST])
    return {pk for (pk,) in cursor.fetchall()}


def sweep() -> None:
    """Have every word looked at again, for what nobody noted; not while a sweep before this one is waiting."""
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, [_BEHIND, _SWEPT])


def _counted(rows: Sequence[tuple[str, str, str, list[str]]]) -> list[tuple[str, str, int, int, str]]:
    """Locale, form, frequency, its logarithm and keys of each word in these publications.

    The dictionary form of a word is known even if it stands nowhere: its frequency is then 0.
    """
    counts: Counter[tuple[str, str]] = Counter()
    tags = tag_names(slug for *_row, slugs in rows for slug in slugs)
    for locale, teaser, text, slugs in rows:
        shown = json.loads(teaser)
        names = [*(each["name"] for each in shown["authors"]), *(tags.get(slug, slug) for slug in slugs)]
        whole = " ".join([shown["headline"], shown["lede"], *names, text])
        for form, lemmas in {analysed(word, locale) for word in words.found_in(whole)[:MOST_WORDS]}:
            if not form:
                continue
            counts[locale, form] += 1
            for lemma in lemmas:
                counts[locale, lemma] += 0
    found = []
    for (locale, form), number in sorted(counts.items()):
        mendable = number and len(form) >= SHORTEST_MENDED and not words.is_numbered(form)
        keys = " ".join(f"{locale}:{key}" for key in keys_of(form)) if mendable else ""
        found.append((locale, form, number, int(log2(number)) if number else -1, keys))
    return found
