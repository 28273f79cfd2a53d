"""Secrets and signatures by the Standard Webhooks specification (https://www.standardwebhooks.com).

A secret is not stored: it is derived from SECRET_KEY and a random salt in the database, so that neither a stolen
backup nor a stolen environment can sign. After a change of SECRET_KEY the secret can still be derived while the old
key is among SECRET_KEY_FALLBACKS.
"""

import base64
import hmac
import secrets
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cms.webhooks.models import Endpoint, Secret

_PREFIX = "whsec_"
_PURPOSE = "ostriv.webhooks.secret"


class SecretLost(Exception):  # noqa: N818  (a state of the installation, not a fault of the code)
    """The SECRET_KEY that it was made with is no longer known."""


def new_secret(endpoint: Endpoint) -> Secret:
    """Another secret for this endpoint, stored."""
    return Secret.objects.create(endpoint=endpoint, salt=secrets.token_hex(32), key_mark=_mark(settings.SECRET_KEY))


def key_of(secret: Secret) -> bytes:
    """The 32 bytes that sign. Raises SecretLost."""
    for known in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(_mark(known), secret.key_mark):
            return salted_hmac(_PURPOSE, secret.salt, secret=known, algorithm="sha256").digest()
    raise SecretLost(str(secret.endpoint_id))


def written(secret: Secret) -> str:
    """The secret as its owner enters it: ``whsec_`` and base64."""
    return _PREFIX + base64.b64encode(key_of(secret)).decode()


def valid_secrets(endpoint: Endpoint) -> list[Secret]:
    """Those that sign now, the newest first."""
    now = timezone.now()
    return list(endpoint.secrets.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now)).order_by("-pk"))


def headers(event: str, body: bytes, keys: list[bytes], moment: datetime) -> dict[str, str]:
    """The three headers of a request. Each key signs, so that a receiver may know the old secret or the new one."""
    stamp = str(int(moment.timestamp()))
    content = b".".join((event.encode(), stamp.encode(), body))
    signed = [base64.b64encode(hmac.digest(key, content, sha256)).decode() for key in keys]
    return {
        "webhook-id": event,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signed),
    }


def _mark(secret_key: str) -> str:
    """What tells one SECRET_KEY from another and says nothing of it."""
    return salted_hmac(f"{_PURPOSE}.mark", "", secret=secret_key, algorithm="sha256").hexdigest()[:16]
