"""The corpus in the database, as an installation would have it after a quiet hour."""

import tempfile
from pathlib import Path

from django.utils.module_loading import import_string

from tests.bench import cloning, corpus
from tests.bench.cloning import Report

#: What workers do after a while, done at once: no worker runs beside what is measured. Each is called until it says
#: that there is nothing left.
CHORES = [
    "api.publications.changes.arrange",
    "api.publications.shelves.settle",
    "api.search.vocabulary.learn",
    "api.search.months.count",
]


def fill(articles: int, *, report: Report) -> None:
    """What ``ostriv import`` does, pictures included."""
    from cms.content.importing import import_lines

    with tempfile.TemporaryDirectory() as folder:
        corpus.draw_pictures(Path(folder))
        result = import_lines(corpus.lines(articles, pictures=True), Path(folder))
    if result.created != articles:
        raise RuntimeError(f"The corpus did not go in: {result.as_text()}")
    report(f"imported {result.created:,} articles, {result.rate:.0f} a second")
    _do_chores()


def grow(database_url: str, articles: int, *, report: Report) -> None:
    """Copy what was imported until there are this many articles."""
    cloning.grow(database_url, articles, step=corpus.STEP, report=report)
    _do_chores()


def _do_chores() -> None:
    for name in CHORES:
        chore = import_string(name)
        while chore():
            pass
