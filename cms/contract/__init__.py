"""What a plugin may import from the newsroom: this, ``api.contract`` and ``workers.contract``, and nothing behind them.

The contract has a version, :data:`CONTRACT_VERSION`; a plugin's ``plugin.py`` says with which versions it works.

Names are looked up when they are asked for: ``plugin.py`` is read while Django's settings are, before there are any
models, and finds :class:`PluginInfo` all the same.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cms.registry.discovery import PluginInfo
from cms.registry.version import CONTRACT_VERSION

if TYPE_CHECKING:
    from wagtail.api import APIField

    from cms.campaigns.gateways import (
        Change,
        Checkout,
        DonationIntent,
        Gateway,
        GatewayError,
        LedgerChange,
        SignatureError,
        VerifiedEvent,
        check_signature,
        check_time,
    )
    from cms.campaigns.money import format_money
    from cms.content.blocks import RICH_TEXT_FEATURES
    from cms.content.models import ContentPage
    from cms.content.slugs import slugify

_HOMES = {
    "APIField": "wagtail.api",
    "Change": "cms.campaigns.gateways",
    "Checkout": "cms.campaigns.gateways",
    "ContentPage": "cms.content.models",
    "DonationIntent": "cms.campaigns.gateways",
    "Gateway": "cms.campaigns.gateways",
    "GatewayError": "cms.campaigns.gateways",
    "LedgerChange": "cms.campaigns.gateways",
    "RICH_TEXT_FEATURES": "cms.content.blocks",
    "SignatureError": "cms.campaigns.gateways",
    "VerifiedEvent": "cms.campaigns.gateways",
    "check_signature": "cms.campaigns.gateways",
    "check_time": "cms.campaigns.gateways",
    "format_money": "cms.campaigns.money",
    "slugify": "cms.content.slugs",
}

__all__ = [
    "CONTRACT_VERSION",
    "RICH_TEXT_FEATURES",
    "APIField",
    "Change",
    "Checkout",
    "ContentPage",
    "DonationIntent",
    "Gateway",
    "GatewayError",
    "LedgerChange",
    "PluginInfo",
    "SignatureError",
    "VerifiedEvent",
    "check_signature",
    "check_time",
    "format_money",
    "slugify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"The plugin contract {CONTRACT_VERSION} has no {name!r}.")
    return getattr(import_module(_HOMES[name]), name)
