"""The admin's login, with a limit on guessing."""

import hashlib
import logging
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError
from rest_framework.throttling import BaseThrottle
from wagtail.admin.forms.auth import LoginForm

from cms.registry.clients import network_of

logger = logging.getLogger(__name__)

#: So many failures of one address, or on one user name, within so many seconds.
FAILURES = 10
WITHIN = 15 * 60


class LimitedLoginForm(LoginForm):
    """Refuses whoever failed too often, before looking at the password.

    The counts are in Redis. While that is down nobody is counted, and nobody is kept from work.
    """

    error_messages = {
        **LoginForm.error_messages,
        "too_many": _("Too many failed attempts to log in. Please try again in a quarter of an hour."),
    }

    def clean(self) -> Any:
        address, name = self._keys()
        if _failures(address, name) >= FAILURES:
            raise ValidationError(self.error_messages["too_many"], code="too_many")
        try:
            cleaned = super().clean()
        except ValidationError:
            _count(address, name)
            raise
        # Not of the address: one account of one's own must not buy ten more guesses at another's.
        _forget(name)
        return cleaned

    def _keys(self) -> tuple[str, str]:
        client = network_of(BaseThrottle().get_ident(self.request) or "") if self.request else ""
        name = self.cleaned_data.get("username", "").strip().casefold()
        return _key("address", client), _key("name", name)


def _key(kind: str, value: str | None) -> str:
    """Hashed: names and addresses can be long, have any characters, and are nobody's business in a cache."""
    return f"login-failures-{kind}-{hashlib.sha256((value or '').encode()).hexdigest()}"


def _failures(*keys: str) -> int:
    try:
        return max(cache.get_many(keys).values(), default=0)
    except RedisError as error:
        logger.warning("Redis can't be reached; logins are not counted: %s", error)
        return 0


def _count(*keys: str) -> None:
    try:
        for key in keys:
            if not cache.add(key, 1, timeout=WITHIN):
                cache.incr(key)
    except ValueError:
        pass  # it ran out between the two
    except RedisError as error:
        logger.warning("Redis can't be reached; logins are not counted: %s", error)


def _forget(key: str) -> None:
    try:
        cache.delete(key)
    except RedisError as error:
        logger.warning("Redis can't be reached; logins are not counted: %s", error)
