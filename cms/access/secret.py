"""Secrets that are shown once: made here, kept as a digest.

They are 32 random bytes: nobody finds one by trying, so a fast digest is as good as a slow one, and the digest of
what was presented can be looked up in an index. Timing tells nothing: who doesn't know a secret can't choose the
digest that is compared.
"""

import hashlib
import secrets

SECRET_BYTES = 32


def make(prefix: str) -> str:
    """A new secret that begins with ``prefix``, by which people and scanners of leaked secrets know what it is."""
    return prefix + secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """What is stored of a secret: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
