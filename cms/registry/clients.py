"""Clients, as limits count them."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_network

#: Characters of the longest address there is, an IPv6 one that ends in an IPv4 one.
_LONGEST = 45


@lru_cache(4096)
def network_of(address: str) -> str:
    """What a limit on strangers counts for this address: an IPv4 address itself, of an IPv6 address its network.

    One subscriber has a whole /64 of IPv6 addresses (RFC 6177), and could take a new one for each request. What is no
    address is counted as it is, as far as it could be one.
    """
    if ":" not in address:
        return address[:_LONGEST]
    try:
        found = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address[:_LONGEST]
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
