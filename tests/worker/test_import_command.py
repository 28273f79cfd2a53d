"""`ostriv import` on a real installation: killed half-way, run twice at once, and read from the API."""

import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path

from cms.up.plan import PROJECT
from tests.bench import corpus
from tests.support.stack import Stack
from tests.support.waiting import poll


def count(stack: Stack, prefix: str) -> int:
    return stack.sql("SELECT count(*) FROM content_contentpage WHERE import_id LIKE %s", (f"{prefix}-%",))[0][0]


def published(stack: Stack, prefix: str) -> int:
    query = (
        "SELECT count(*) FROM content_contentpage JOIN api_publication ON page_id = page_ptr_id WHERE import_id LIKE %s"
    )
    return stack.sql(query, (f"{prefix}-%",))[0][0]


class Feeding:
    """An import that reads its standard input, which stays open: it can't end before the test lets it."""

    def __init__(self, stack: Stack, lines: bytes) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cms.cli", "import", "-"],
            env=stack.env,
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.feeder = threading.Thread(target=self._feed, args=(lines,), daemon=True)
        self.feeder.start()

    def _feed(self, lines: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(lines)
            self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.feeder.join(timeout=30)
        with contextlib.suppress(BrokenPipeError):
            self.process.communicate()

    def end(self) -> tuple[int, str]:
        """Close its input; the exit code and what it said."""
        self.feeder.join(timeout=60)
        out, err = self.process.communicate(timeout=120)
        return self.process.returncode, out.decode() + err.decode()


def test_killed_half_way_and_run_again(stack: Stack, tmp_path: Path) -> None:
    lines = b"".join(corpus.lines(900, seed=77))
    path = tmp_path / "archive.jsonl"
    path.write_bytes(lines)
    first = Feeding(stack, lines)
    try:
        poll(lambda: count(stack, "bench-77") > 0, what="the first batch of the import")
    finally:
        first.kill()
    half = count(stack, "bench-77")
    assert 0 < half < 900
    assert published(stack, "bench-77") == half

    again = json.loads(stack.run("import", str(path), "--json").stdout)
    assert (again["created"], again["unchanged"], again["failed"]) == (900 - half, half, 0)
    assert count(stack, "bench-77") == published(stack, "bench-77") == 900


def test_two_at_once(stack: Stack, tmp_path: Path) -> None:
    lines = b"".join(corpus.lines(300, seed=78))
    path = tmp_path / "two.jsonl"
    path.write_bytes(lines)
    first = Feeding(stack, lines)
    try:
        poll(lambda: count(stack, "bench-78") > 0, what="the first batch of the import")
        second = stack.run("import", str(path), check=False)
        assert second.returncode == 2
        assert second.stderr.strip() == "Another import is running. Try again when it is done."
        code, said = first.end()
    finally:
        first.kill()
    assert code == 0 and "created 300" in said


def test_the_api_shows_what_was_imported(stack: Stack, tmp_path: Path) -> None:
    path = tmp_path / "shown.jsonl"
    line = {
        "id": "shown-1",
        "locale": "uk",
        "headline": "Проєкт «Берег»: що далі",
        "lede": "Коротко...",
        "section": {"slug": "shown", "name": "Берег"},
        "published_at": "2026-01-14T16:30:00+02:00",
        "source": {"name": "Агенція", "url": "https://agency.example/"},
        "body_html": '<p>"Прямі лапки", - сказав він.</p><p>«Ялинки» й тире — на місці.</p>',
    }
    path.write_text(json.dumps(line, ensure_ascii=False))
    stack.run("import", str(path))
    detail = stack.get("/api/v1/content/article/proiekt-bereh-shcho-dali/?locale=uk").json()
    assert (detail["headline"], detail["lede"]) == (line["headline"], "Коротко...")
    assert detail["published_at"] == "2026-01-14T14:30:00Z"
    assert detail["section"] == {"slug": "shown", "name": "Берег"}
    text = "".join(block["value"] for block in detail["body"])
    for sentence in ('"Прямі лапки", - сказав він.', "«Ялинки» й тире — на місці."):
        assert sentence in text.replace("&quot;", '"')
