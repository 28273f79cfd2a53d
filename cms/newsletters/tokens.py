"""Signed tokens in links: to confirm a subscription, which expires, and to end one, which must work for ever.

Keys are rotated with Django's ``SECRET_KEY_FALLBACKS``: old links go on working as long as the old key is listed.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.signing import BadSignature, SignatureExpired, Signer, TimestampSigner

#: How long the link in a confirmation message works.
CONFIRMATION_LIFETIME = timedelta(days=7)

# "~" stands in no value and no signature, and in an address it needs no escaping (RFC 3986, 2.3).
_confirm = TimestampSigner(salt="newsletters.confirm", sep="~")
_unsubscribe = Signer(salt="newsletters.unsubscribe", sep="~")


class BadToken(Exception):
    """Not one of our tokens, or not the whole of one."""


class ExpiredToken(BadToken):
    """Once right, too old now."""


@dataclass(frozen=True)
class Ending:
    """What an unsubscribe link names: the subscription, and the delivery that carried it (0 if none did)."""

    subscription_id: int
    delivery_id: int


def confirmation_token(confirmation_id: int) -> str:
    """The token of one confirmation message."""
    return _confirm.sign(str(confirmation_id))


def read_confirmation_token(token: str) -> int:
    """The id of the confirmation message. Raises ExpiredToken, or BadToken for everything else."""
    try:
        return int(_confirm.unsign(token, max_age=CONFIRMATION_LIFETIME))
    except SignatureExpired as error:
        raise ExpiredToken from error
    except (BadSignature, ValueError) as error:
        raise BadToken from error


def unsubscribe_token(subscription_id: int, delivery_id: int = 0) -> str:
    """The token that ends a subscription; it never expires, as old messages stay in mailboxes."""
    return _unsubscribe.sign(f"{subscription_id}.{delivery_id}")


def read_unsubscribe_token(token: str) -> Ending:
    """What the link names. Raises BadToken."""
    try:
        subscription_id, _dot, delivery_id = _unsubscribe.unsign(token).partition(".")
        return Ending(int(subscription_id), int(delivery_id))
    except (BadSignature, ValueError) as error:
        raise BadToken from error
