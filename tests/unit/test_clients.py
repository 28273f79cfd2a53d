"""Clients, as limits count them."""

import pytest

from cms.registry.clients import network_of


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("unknown", "unknown"),
        ("no:address" + "x" * 99, ("no:address" + "x" * 99)[:45]),
        ("x" * 99, "x" * 45),
    ],
)
def test_a_subscriber_is_one_client_whatever_the_address(address: str, counted: str) -> None:
    assert network_of(address) == counted
