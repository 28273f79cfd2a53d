"""Articles and teasers, through the very importer that a newsroom moves in with."""

import json
from datetime import datetime
from pathlib import Path

from cms.content.importing import import_lines
from cms.content.models import ContentPage
from cms.demo import texts
from cms.demo.loader.studio import Studio


class DemoError(Exception):
    """The importer did not take the demo as it is; the message is its report."""


def load(studio: Studio, now: datetime) -> dict[str, ContentPage]:
    """Import the articles of all languages, aged so that the newest is minutes old. Returns the pages by import id."""
    file = studio.folder / "articles.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for code in texts.LOCALES:
            for item in texts.articles(code):
                lines.write(json.dumps(texts.importable(item, now), ensure_ascii=False) + "\n")
    import_all(file)
    return {page.import_id: page for page in ContentPage.objects.exclude(import_id=None).select_related("locale")}


def import_all(file: Path) -> int:
    """Import a file of which every line must go in. Returns how many did. Raises DemoError."""
    with file.open("rb") as lines:
        report = import_lines(lines, file.parent)
    if report.failed or report.dropped or report.changed or report.unknown_fields:
        raise DemoError(f"{file.name}: {report.as_text()}")
    return report.written
