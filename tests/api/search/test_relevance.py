"""How good search is: what it finds of what it should find, against the same without dictionaries."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.api.search.newsroom import lines_of, publish_corpus
from tests.support.content import api

pytestmark = pytest.mark.django_db

#: What PostgreSQL finds of the same texts without dictionaries, as the content list once did.
_PLAIN = """
SELECT page_id FROM (
    SELECT page_id, locale, published_at, to_tsvector('simple', concat_ws(' ',
        teaser::json ->> 'headline', teaser::json ->> 'lede', search_text,
        (SELECT string_agg(author ->> 'name', ' ') FROM json_array_elements(teaser::json -> 'authors') author)
    )) AS vector
    FROM api_publication WHERE type = 'article'
) searched, websearch_to_tsquery('simple', %s) asked
WHERE locale = %s AND vector @@ asked ORDER BY ts_rank(vector, asked) DESC, published_at DESC LIMIT 10
"""
_BEST = 10


def _plain(question: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN, [question["q"], question["locale"]])
        return [row[0] for row in cursor.fetchall()]


def _judged(found: list[str], expected: list[str]) -> tuple[float, float]:
    """Recall among the first ten, and one over the place of the first that was expected."""
    best = found[:_BEST]
    first = next((place for place, key in enumerate(best, start=1) if key in expected), 0)
    return len(set(best) & set(expected)) / len(expected), 1 / first if first else 0.0


def _mean(figures: list[tuple[float, float]]) -> tuple[float, float]:
    recall, rank = (sum(each[part] for each in figures) / len(figures) for part in (0, 1))
    return recall, rank


def test_search_finds_what_is_meant_and_does_so_clearly_better_than_words_as_they_are_written(client: Client) -> None:
    keys = publish_corpus()
    questions = lines_of("relevance.jsonl")
    assert len(questions) >= 60 and len(keys) >= 120

    ours: dict[str, list[tuple[float, float]]] = {}
    plain: dict[str, list[tuple[float, float]]] = {}
    for question in questions:
        answer = api(client, "/search/", q=question["q"], locale=question["locale"], page_size=_BEST)
        found = [keys[each["id"]] for each in answer["results"]]
        for kind in (question["kind"], "all"):
            ours.setdefault(kind, []).append(_judged(found, question["expect"]))
            plain.setdefault(kind, []).append(_judged([keys[pk] for pk in _plain(question)], question["expect"]))

    lines = [
        "{:12}{:4} questions: recall@10 {:.2f}, MRR {:.2f}; plain {:.2f}, {:.2f}".format(
            kind, len(ours[kind]), *_mean(ours[kind]), *_mean(plain[kind])
        )
        for kind in sorted(ours)
    ]
    report = "\n".join(lines)
    recall, rank = _mean(ours["all"])
    plain_recall, plain_rank = _mean(plain["all"])
    assert recall >= 0.95 and rank >= 0.9, report
    assert recall >= 2 * plain_recall and rank >= 2 * plain_rank, report
    # Dictionaries must not cost anything where a word is typed as it stands in a text.
    assert _mean(ours["as written"])[0] >= _mean(plain["as written"])[0], report
