"""The settings of this plugin, and whether it may be used here at all."""

import ipaddress
import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings


@dataclass(frozen=True)
class SandboxSettings:
    """From the environment: ``OSTRIV_SANDBOX_ALLOWED`` (true or false, default false) lets the sandbox be used on an
    installation that others can reach, such as a staging site. ``OSTRIV_SANDBOX_LATER`` is how many seconds "pay
    later" takes (default 8)."""

    allowed: bool = False
    later_seconds: int = 8


def load() -> SandboxSettings:
    """Read the settings. Raises ValueError, naming the variable."""
    allowed = os.environ.get("OSTRIV_SANDBOX_ALLOWED", "false").strip().lower()
    if allowed not in ("true", "false", "1", "0", ""):
        raise ValueError(f"OSTRIV_SANDBOX_ALLOWED is {allowed!r}; it must be true or false.")
    later = os.environ.get("OSTRIV_SANDBOX_LATER", "8").strip()
    if not later.isdigit() or int(later) > 600:
        raise ValueError(f"OSTRIV_SANDBOX_LATER is {later!r}; it must be a number of seconds up to 600.")
    return SandboxSettings(allowed=allowed in ("true", "1"), later_seconds=int(later))


def may_be_used() -> bool:
    """On an installation that only this machine can reach, or where the setting allows it.

    Anyone can "pay" here without paying: on a public site that would put invented money on the thermometer.
    """
    return load().allowed or _is_loopback(settings.BASE_URL)


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
