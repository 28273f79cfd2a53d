"""What `ostriv up` says: one line a step, with the time that long ones took."""

from __future__ import annotations

import sys
import time


class Terminal:
    """Prefixed lines on standard output, flushed at once so that a pipe sees them too."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def step(self, sentence: str) -> None:
        self._print(f"[{time.monotonic() - self._begun:5.1f}s] {sentence}")

    def plain(self, text: str = "") -> None:
        self._print(text)

    @staticmethod
    def fault(sentence: str) -> None:
        sys.stderr.write(f"ostriv: {sentence}\n")
        sys.stderr.flush()

    @staticmethod
    def _print(text: str) -> None:
        try:
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            pass  # nobody listens any more; that is no reason to stop a newsroom
