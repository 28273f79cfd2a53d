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
    from cms.content.models import Author, ContentPage, NewsroomImage, Section, Tag
    from cms.content.plugging import content_changed, receiver, record_event
    from cms.content.slugs import slugify
    from cms.content.teasers import teasers_for
    from cms.newsletters.plugging import MailTeaser
    from cms.registry.admin import MenuItem
    from cms.registry.blocks import MailPart, PluginBlock
    from cms.registry.typed_settings import plugin_settings, setting

_HOMES = {
    "APIField": "wagtail.api",
    "Author": "cms.content.models",
    "Change": "cms.campaigns.gateways",
    "Checkout": "cms.campaigns.gateways",
    "ContentPage": "cms.content.models",
    "DonationIntent": "cms.campaigns.gateways",
    "Gateway": "cms.campaigns.gateways",
    "GatewayError": "cms.campaigns.gateways",
    "LedgerChange": "cms.campaigns.gateways",
    "MailPart": "cms.registry.blocks",
    "MailTeaser": "cms.newsletters.plugging",
    "MenuItem": "cms.registry.admin",
    "NewsroomImage": "cms.content.models",
    "PluginBlock": "cms.registry.blocks",
    "RICH_TEXT_FEATURES": "cms.content.blocks",
    "Section": "cms.content.models",
    "SignatureError": "cms.campaigns.gateways",
    "Tag": "cms.content.models",
    "VerifiedEvent": "cms.campaigns.gateways",
    "check_signature": "cms.campaigns.gateways",
    "check_time": "cms.campaigns.gateways",
    "content_changed": "cms.content.plugging",
    "format_money": "cms.campaigns.money",
    "plugin_settings": "cms.registry.typed_settings",
    "receiver": "cms.content.plugging",
    "record_event": "cms.content.plugging",
    "setting": "cms.registry.typed_settings",
    "slugify": "cms.content.slugs",
    "teasers_for": "cms.content.teasers",
}

__all__ = [
    "CONTRACT_VERSION",
    "RICH_TEXT_FEATURES",
    "APIField",
    "Author",
    "Change",
    "Checkout",
    "ContentPage",
    "DonationIntent",
    "Gateway",
    "GatewayError",
    "LedgerChange",
    "MailPart",
    "MailTeaser",
    "MenuItem",
    "NewsroomImage",
    "PluginBlock",
    "PluginInfo",
    "Section",
    "SignatureError",
    "Tag",
    "VerifiedEvent",
    "check_signature",
    "check_time",
    "content_changed",
    "format_money",
    "plugin_settings",
    "receiver",
    "record_event",
    "setting",
    "slugify",
    "teasers_for",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"The plugin contract {CONTRACT_VERSION} has no {name!r}.")
    return getattr(import_module(_HOMES[name]), name)
