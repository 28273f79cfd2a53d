"""From a donor's first click, over the decision on the gateway's page, to the sum that everybody is told."""

import argparse
import os
import statistics
import time
import uuid
from pathlib import Path

from cms.up.plan import PROJECT
from ostriv.testing import servers
from tests.support.campaigns import give_in, publish_in
from tests.support.stack import Stack
from tests.support.waiting import poll

_AMOUNT = 250_00
#: Seconds between two looks at the sum.
_LOOK = 0.01


def run(words: list[str]) -> None:
    """Give so many times to one campaign, one gift after the other; print how long each took to be counted."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench giving")
    parser.add_argument("--gifts", type=int, default=40)
    options = parser.parse_args(words)

    folder = Path(os.environ["OSTRIV_DATA"]).parent / "giving"
    stack = Stack(folder, servers.template(PROJECT / ".cache" / "tests"), durable=True)
    try:
        stack.start_all()
        slug = f"bench-{uuid.uuid4().hex[:8]}"
        publish_in(stack, slug=slug, title="Збір")
        path = f"/api/v1/campaigns/{slug}/progress/"
        poll(lambda: stack.get(path).status == 200, what="the campaign")
        _counted(stack, slug, path)  # first use of every part, not measured
        waits = sorted(_counted(stack, slug, path) for _gift in range(options.gifts))
    finally:
        stack.close()
    print(
        f"{len(waits)} gifts, from the donor's first click to the sum in the API: "
        f"median {statistics.median(waits) * 1000:.0f} ms, slowest {waits[-1] * 1000:.0f} ms"
    )


def _counted(stack: Stack, slug: str, path: str) -> float:
    """Seconds until a gift is counted, from before it is begun: the donor gives, and decides on the gateway's page."""

    def raised() -> int:
        return int(stack.get(path).json()["raised"])

    before = raised()
    began = time.monotonic()
    give_in(stack, slug, _AMOUNT, "pay")
    poll(lambda: raised() == before + _AMOUNT, pause=_LOOK, what="the gift in the sum")
    return time.monotonic() - began
