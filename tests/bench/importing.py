"""How fast ``ostriv import`` is: archive articles into an installation, publications included."""

import argparse
import sys
import time
from collections.abc import Callable

from tests.bench import corpus


def run(words: list[str]) -> None:
    """Import generated articles, import them again, import them changed; print each rate."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench import")
    parser.add_argument("--articles", type=int, default=4000)
    parser.add_argument("--profile", action="store_true", help="print where the first import's time goes")
    options = parser.parse_args(words)

    from api.publications.models import Publication
    from cms.content.importing import import_items, import_lines

    lines = list(corpus.lines(options.articles))
    size = sum(len(line) for line in lines) / len(lines)
    print(f"{len(lines)} articles, {size:.0f} bytes a line")
    list(import_items(corpus.articles(50, seed=2)).problems)  # first use of every part, not measured

    published = Publication.objects.count()
    profiled = _profiled if options.profile else _plainly
    report = profiled(lambda: import_lines(lines, None))
    assert report.created == len(lines), report.as_text()
    assert Publication.objects.count() - published == len(lines)
    print(f"first import: {report.seconds:.1f} s, {report.rate:.0f} articles a second")

    report = import_lines(lines, None)
    assert report.unchanged == len(lines), report.as_text()
    print(f"again, nothing changed: {report.seconds:.1f} s, {report.rate:.0f} a second")

    changed = [line.replace(b'"lede": "', '"lede": "Оновлено. '.encode()) for line in lines]
    report = import_lines(changed, None)
    assert report.updated == len(lines), report.as_text()
    print(f"again, all changed: {report.seconds:.1f} s, {report.rate:.0f} a second")


def _plainly(work: Callable):
    return work()


def _profiled(work: Callable):
    import cProfile
    import pstats

    profile = cProfile.Profile(time.perf_counter)
    result = profile.runcall(work)
    pstats.Stats(profile, stream=sys.stdout).sort_stats("cumulative").print_stats(60)
    return result
