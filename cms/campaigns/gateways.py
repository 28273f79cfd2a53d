"""The contract between the newsroom and whoever takes the money, and the register of those that do.

A gateway is declared in the module ``gateways.py`` of a plugin, as a list::

    gateways = [MyGateway()]

It opens a checkout on the provider's own page (Ostriv never sees a card number), and turns the provider's webhooks
into changes of the ledger. It writes nothing: core keeps the inbox, the ledger and the totals.

Whatever a gateway raises is caught, logged under its plugin's name, and harms no other.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.utils import timezone

from cms.registry.claims import claim
from cms.registry.discovery import PluginError
from cms.registry.faults import note
from cms.registry.states import is_running

Result = TypeVar("Result")

#: How far a signature's time may be from ours, in seconds, before it counts as a replay.
TOLERANCE = 300


class GatewayError(Exception):
    """A gateway can't do what it was asked; the message is for the log and for staff, not for donors."""


class SignatureError(GatewayError):
    """A webhook that its provider did not sign, or not now. Nothing of it is stored."""


class Change(StrEnum):
    """What a provider's event says happened."""

    PAYMENT = "payment"
    REFUND = "refund"
    CHARGEBACK = "chargeback"
    CHARGEBACK_REVERSAL = "chargeback_reversal"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True)
class DonationIntent:
    """What a gateway is told of a donation. ``amount`` is in minor units of ``currency`` (ISO 4217)."""

    id: str
    amount: int
    currency: str
    campaign: str  # the headline, for the donor's statement
    locale: str
    email: str = ""


@dataclass(frozen=True)
class Checkout:
    """A checkout that a donor can be sent to. ``reference`` is the provider's own name for it."""

    url: str
    reference: str


@dataclass(frozen=True)
class VerifiedEvent:
    """One event of a webhook whose signature was right.

    ``event_id`` is unique at the provider: it is how a second delivery is known. ``data`` is plain JSON; it is stored
    and given to :meth:`Gateway.parse` as it is, perhaps much later, perhaps more than once.
    """

    event_id: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LedgerChange:
    """What an event means for the ledger.

    ``external_id`` names the movement of money itself (the charge, the refund) and not the event: two events on one
    payment give one entry. ``reference`` is the donation's id or the checkout's reference. ``amount`` is positive, in
    minor units, whatever the kind; what really moved, not what was asked for.
    """

    kind: Change
    external_id: str
    reference: str
    amount: int = 0
    currency: str = ""
    occurred_at: datetime | None = None


class Gateway:
    """One way to pay. Subclass it, set ``label`` and ``name``, and write the three methods.

    ``label`` stands in addresses and in the ledger for ever: lower-case letters, digits and hyphens. ``name`` is plain
    text; marked with ``gettext_noop``, editors see it translated by the plugin's own catalogue.
    """

    label = ""
    name = ""
    currencies: tuple[str, ...] = ("UAH", "EUR", "USD")

    def available(self) -> bool:
        """Whether a donor may be offered it: configured, and allowed here. Asked often: no network calls.

        Webhooks are taken whatever it says.
        """
        return True

    def create_checkout(self, donation: DonationIntent, *, return_url: str, webhook_url: str) -> Checkout:
        """Open a checkout at the provider. May call the network, with a time-out. Raises GatewayError."""
        raise NotImplementedError

    def verify(self, headers: Mapping[str, str], raw_body: bytes) -> list[VerifiedEvent]:
        """The events of a webhook, if it is signed by the provider, just now. Header names are lower-case.

        Check the signature over the raw bytes before reading anything in them. Raises SignatureError, which tells the
        provider to give up; and GatewayError if it can't be checked now (no key is configured): it is to send it again.
        """
        raise NotImplementedError

    def parse(self, event: VerifiedEvent) -> LedgerChange | None:
        """What the event means, or None if it means nothing to the ledger. Must depend on the event alone."""
        raise NotImplementedError


def check_signature(expected: bytes | str, given: bytes | str) -> None:
    """Compare two signatures in constant time. Raises SignatureError."""
    one = expected.encode() if isinstance(expected, str) else expected
    other = given.encode() if isinstance(given, str) else given
    if not hmac.compare_digest(one, other):
        raise SignatureError("The signature is not the provider's.")


def check_time(seconds: float, *, tolerance: int = TOLERANCE) -> None:
    """Refuse a signature made too long ago, or in the future. ``seconds`` since the epoch. Raises SignatureError."""
    if abs(timezone.now().timestamp() - seconds) > tolerance:
        raise SignatureError(f"The signature was not made within {tolerance} seconds of now.")


# --- the register -------------------------------------------------------------------------------------------


@cache
def _declared() -> dict[str, tuple[Gateway, str]]:
    found: dict[str, tuple[Gateway, str]] = {}
    for plugin in settings.OSTRIV_PLUGINS:
        module = plugin.submodule("gateways")
        for gateway in getattr(module, "gateways", []):
            if not isinstance(gateway, Gateway) or not gateway.label or not gateway.name:
                raise PluginError(
                    f"Plugin {plugin.label!r} lists {gateway!r} in its gateways. Every item there must be an instance "
                    "of a Gateway subclass with a label and a name."
                )
            claim("gateway", gateway.label, plugin.label, by=type(gateway).__name__)
            found[gateway.label] = (gateway, plugin.label)
    return found


def all_gateways() -> dict[str, Gateway]:
    """Every gateway of the enabled plugins by label. Raises PluginError if two share a label.

    Also those that are not available, and those of a plugin that is switched off or rests: what was paid before that
    must still find its way into the ledger.
    """
    return {label: gateway for label, (gateway, _plugin) in _declared().items()}


def available_gateways(currency: str = "") -> dict[str, Gateway]:
    """Those that a donor can choose now, in this currency if one is given: not of a plugin that is off or rests."""
    return {
        label: gateway
        for label, (gateway, plugin) in _declared().items()
        if is_running(plugin) and (not currency or currency in gateway.currencies) and _is_available(gateway)
    }


def _is_available(gateway: Gateway) -> bool:
    try:
        return bool(contained(gateway, gateway.available))
    except GatewayError:
        return False


def contained(gateway: Gateway, method: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    """Call a gateway. A GatewayError passes; anything else is noted as its plugin's fault and becomes one."""
    try:
        return method(*args, **kwargs)
    except GatewayError:
        raise
    except Exception as error:
        plugin = _declared().get(gateway.label, (gateway, gateway.label))[1]
        note(plugin, f"gateway {gateway.label}, {getattr(method, '__name__', method)}", error)
        raise GatewayError(f"Gateway {gateway.label!r} failed: {type(error).__name__}: {error}") from error
