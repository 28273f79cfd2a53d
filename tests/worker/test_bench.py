"""The bench runs: what it measures is loaded, found equal, asked for and written down. No times here."""

import subprocess
import sys

import pytest

from cms.up.plan import PROJECT
from ostriv.testing.servers import clean_environment
from tests.bench import wrk


def bench(*words: str) -> str:
    """What a bench prints."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", *words],
        env=clean_environment(),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.mark.skipif(not wrk.is_installed(), reason=wrk.MISSING)
def test_the_api_bench_compares_every_system_and_finds_every_edit() -> None:
    few = "--imported 60 --sizes 90 --rounds 1 --seconds 1 --counted 5 --edits 2"
    words = f"{few} --connections 1 --load-connections 2"

    printed = bench("api", *words.split())

    for system in ("bare handler", "Wagtail v2", "Wagtail v2, tuned", "Wagtail v3", "Ostriv, no cache"):
        assert f"| {system} " in printed
    for request in ("detail, warm", "list of 20, cold", "filter, cold", "search, cold", "the admin's form, idle"):
        assert f" {request} " in printed


@pytest.mark.plugin("sandbox")
def test_the_bench_of_gifts_waits_until_each_is_counted() -> None:
    assert bench("giving", "--gifts", "2").startswith("2 gifts")
