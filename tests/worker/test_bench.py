"""The bench runs: what it measures is loaded, found equal, asked for and written down. No times here."""

import subprocess
import sys

import pytest

from cms.up.plan import PROJECT
from ostriv.testing.servers import clean_environment
from tests.bench import wrk

pytestmark = pytest.mark.skipif(not wrk.is_installed(), reason=wrk.MISSING)


def test_the_api_bench_compares_every_system_and_finds_every_edit() -> None:
    few = "--imported 60 --sizes 90 --rounds 1 --seconds 1 --counted 5 --edits 2"
    words = f"{few} --connections 1 --load-connections 2"

    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "api", *words.split()],
        env=clean_environment(),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    for system in ("bare handler", "Wagtail v2", "Wagtail v2, tuned", "Wagtail v3", "Ostriv, no cache"):
        assert f"| {system} " in done.stdout
    for request in ("detail, warm", "list of 20, cold", "filter, cold", "search, cold", "the admin's form, idle"):
        assert f" {request} " in done.stdout
