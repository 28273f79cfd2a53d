"""Reading the demo's data, and making its times relative to now."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
LOCALES = ("uk", "ru", "en")


@cache
def read(name: str) -> Any:
    """The JSON document ``data/<name>.json``. Shared between callers: don't change it."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def articles(locale: str) -> list[dict[str, Any]]:
    """Articles and teasers of one language as they stand in the data: with ``age_minutes`` where they are recent."""
    return list(read_lines(DATA / f"{locale}.jsonl"))


def alt(picture: str, locale: str) -> str:
    """What a picture shows, in words."""
    return str(read("pictures")["alt"][picture][locale])


def credit(locale: str) -> str:
    """Whom the demo's pictures are credited to."""
    return str(read("pictures")["credit"][locale])


def importable(item: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A line of the import format: the age becomes ``published_at``, the picture gets its words and credit."""
    line = dict(item)
    age = line.pop("age_minutes", None)
    if age is not None:
        line["published_at"] = (now - timedelta(minutes=age)).isoformat()
    if "image" in line:
        path = line["image"]["path"]
        line["image"] = {"path": path, "alt": alt(path, line["locale"]), "credit": credit(line["locale"])}
    return line
