"""Where requests may go: whole addresses as an editor enters them, and the network addresses that names lead to.

A newsroom's server stands among machines that trust it. A webhook's address is a person's input, so nothing that is
not of the public internet is ever connected to, unless the operator allows it (``OSTRIV_WEBHOOKS_ALLOW_PRIVATE``).
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

LONGEST_URL = 2000
#: Ports of the public internet that webhooks are received at; with private addresses allowed, any port.
PORTS = {"https": (443, 8443), "http": (80, 8080)}

#: Not of the public internet, whatever Python's tables say: what clouds' machines reach their hosts by, relays of 6to4,
#: networks of benchmarks.
_REFUSED_V4 = [
    *map(IPv4Network, ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15")),
]
_REFUSED_V6 = [IPv6Network("64:ff9b:1::/48"), IPv6Network("fec0::/10"), IPv6Network("::/96"), IPv6Network("100::/64")]
#: Characters of a path that stay as they are.
_KEPT = "/%:@!$&'()*+,;=~-._"
_NAT64 = IPv6Network("64:ff9b::/96")


class AddressRefused(ValueError):  # noqa: N818  (an answer, not a fault)
    """No request may go there; the message says why."""


@dataclass(frozen=True)
class Target:
    """An address taken apart: ``host`` in ASCII, ``path`` with its query, as a request line has it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"https": 443, "http": 80}[self.scheme] else f"{host}:{self.port}"


def private_allowed() -> bool:
    """Whether the operator lets webhooks go to private addresses."""
    return bool(settings.WEBHOOKS_ALLOW_PRIVATE)


def parse(url: str) -> Target:
    """Take an address apart. Raises AddressRefused for one that no request may go to, whatever its name leads to."""
    if len(url) > LONGEST_URL or any(character <= " " or character == "\x7f" or character == "\\" for character in url):
        raise AddressRefused(_("An address has no spaces, and at most %d characters.") % LONGEST_URL)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host = host if ":" in host else host.rstrip(".").encode("idna").decode("ascii")
    except ValueError as error:  # UnicodeError, of a name that can't be, is one too
        raise AddressRefused(_("This is not a web address.")) from error
    plain_allowed = private_allowed() or settings.DEBUG
    if parts.scheme not in ("https", "http") or not host or "%" in host:
        raise AddressRefused(_("This is not a web address: it begins with https:// and a host."))
    if parts.scheme == "http" and not plain_allowed:
        raise AddressRefused(_("Only https:// is allowed: what is sent must not be read or changed on its way."))
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(_("An address with a user name or a password is not taken: requests are signed."))
    port = port if port is not None else PORTS[parts.scheme][0]
    if not private_allowed() and port not in PORTS[parts.scheme]:
        allowed = ", ".join(map(str, PORTS[parts.scheme]))
        raise AddressRefused(_("The port must be one of: %s.") % allowed)
    check_literal(host)
    path = quote(parts.path or "/", safe=_KEPT)
    query = quote(parts.query, safe=f"{_KEPT}?")
    return Target(parts.scheme, host, port, f"{path}?{query}" if query else path)


def check_literal(host: str) -> None:
    """Raises AddressRefused if this is a number that no request may go to; names are looked up when they are used."""
    try:
        ip_address(host)
    except ValueError:
        return
    if not is_allowed(host):
        raise AddressRefused(_("%s is a private address. Requests go to the public internet only.") % host)


def is_allowed(address: str) -> bool:
    """Whether this network address may be connected to."""
    return private_allowed() or is_public(address)


def is_public(address: str) -> bool:
    """Whether this network address is one of the public internet, also behind a mapping of IPv4 into IPv6."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if (inner := _embedded(ip)) is not None:
            return is_public(str(inner))
        if any(ip in network for network in _REFUSED_V6) or ip.is_site_local:
            return False
    elif any(ip in network for network in _REFUSED_V4):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that this one stands for: mapped, of NAT64, of 6to4, of Teredo."""
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    if ip.sixtofour is not None:
        return ip.sixtofour
    return ip.teredo[1] if ip.teredo is not None else None
