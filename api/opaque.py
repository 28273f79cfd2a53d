"""The text of cursors: opaque to whoever holds one, and safe in an address."""

import base64


def encode(plain: str) -> str:
    """A plain text as a cursor shows it."""
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def decode(text: str) -> str:
    """The plain text of a cursor. Raises ValueError where there is none.

    Some texts that ``encode`` never makes are read as well: who must know encodes again, and compares.
    """
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
