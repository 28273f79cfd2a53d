"""A small newsroom in three languages to search in: `corpus.jsonl`, written for these tests."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from api.search import vocabulary
from cms.content.models import Author
from tests.support.content import make_article, make_author

HERE = Path(__file__).parent
_NEWEST = datetime(2026, 11, 20, 9, tzinfo=UTC)


def lines_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def publish_corpus() -> dict[int, str]:
    """Publish every article of the corpus, a day apart, and let the vocabulary learn. Keys of articles by page id."""
    authors: dict[str, Author] = {}
    found = {}
    for number, each in enumerate(lines_of("corpus.jsonl")):
        author = authors.get(each["author"]) or authors.setdefault(each["author"], make_author(each["author"]))
        page = make_article(
            each["headline"],
            lede=each["lede"],
            body=[{"type": "paragraph", "value": f"<p>{each['body']}</p>"}],
            locale=each["locale"],
            authors=[author],
            tags=each["tags"],
            published_at=_NEWEST - timedelta(days=number),
        )
        found[page.pk] = each["key"]
    vocabulary.learn()
    return found
