"""What must not stand in a log."""

import logging
import re

#: A part of a path that opens something by itself: a draft, a subscription. It stands behind one of these words.
_SECRET = re.compile(r"(/(?:preview|confirm|unsubscribe)/)[^/\s]+")


class WithoutTokens(logging.Filter):
    """Takes tokens out of the paths that Django names for every request that fails.

    Where such a path has no view, or its view fails, there is no answer of ours that could keep it out of the log.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes."""
        if isinstance(record.args, tuple):
            record.args = tuple(_SECRET.sub(r"\1…", each) if isinstance(each, str) else each for each in record.args)
        return True
