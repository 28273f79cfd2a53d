"""Faults at run time stay where they happen: logged under the name of what failed, and nothing else fails."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

logger = logging.getLogger("ostriv.faults")


@contextmanager
def contained(what: str) -> Iterator[None]:
    """Run a piece that others supplied; if it raises, log it as the fault of ``what`` and go on after the block."""
    try:
        yield
    except Exception:
        logger.exception("Fault in %s", what)
