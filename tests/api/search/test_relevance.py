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


def test_search_finds_what_is_meant_and_does_so_clearly_better_than_words_as_they_are_written(client: Client) -> None:
    keys = publish_corpus()
    questions = lines_of("relevance.jsonl")
    assert len(questions) >= 60 and len(keys) >= 120

    ours, plain, missed = [], [], []
    for question in questions:
        answer = api(client, "/search/", q=question["q"], locale=question["locale"], page_size=_BEST)
        found = [keys[each["id"]] for each in answer["results"]]
        ours.append(_judged(found, question["expect"]))
        plain.append(_judged([keys[pk] for pk in _plain(question)], question["expect"]))
        if ours[-1] != (1, 1):
            missed.append((question, found[:5], answer["correction"]))

    recall, rank = (sum(each[part] for each in ours) / len(ours) for part in (0, 1))
    plain_recall, plain_rank = (sum(each[part] for each in plain) / len(plain) for part in (0, 1))
    print(f"\n{len(questions)} questions: recall@10 {recall:.3f}, MRR {rank:.3f};", end=" ")
    print(f"plain: recall@10 {plain_recall:.3f}, MRR {plain_rank:.3f}")
    for each in missed:
        print(each)
    assert recall >= 0.95
    assert rank >= 0.9
    assert recall >= 2 * plain_recall
    assert rank >= 2 * plain_rank
