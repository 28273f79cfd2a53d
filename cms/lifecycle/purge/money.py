"""Money that is still on its way through a plugin's gateways: only the plugin can read what its providers send."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone

from cms.lifecycle.purge.belongings import declared_names
from cms.registry.owners import enabled

#: For how long a webhook that can't be applied is tried again, as the room of campaigns has it.
TRIED_FOR = timedelta(days=14)


def in_transit(label: str) -> Iterator[str]:
    """Why the plugin is needed until money has arrived: a sentence for webhooks and for donations, with what to do."""
    gateways = gateways_of(label)
    if number := _unapplied(gateways).count():
        one = number == 1
        yield (
            f"{number} {'webhook' if one else 'webhooks'} of its gateways ({', '.join(gateways)}) "
            f"{'is' if one else 'are'} not in the ledger yet, and without it nobody can read "
            f"{'it' if one else 'them'}. Keep it loaded, switched off, while the workers run: "
            "Campaigns > Webhook inbox shows what becomes of each. Then purge."
        )
    if number := _open(gateways).count():
        yield (
            f"{number} {'donation' if number == 1 else 'donations'} through its gateways ({', '.join(gateways)}) "
            f"{'is' if number == 1 else 'are'} open, and may still be paid. Keep it loaded, switched off, until they "
            "are paid or expired, two days after their checkout was asked for. Then purge."
        )


def gateways_of(label: str) -> list[str]:
    """The labels of the plugin's gateways, also of those that an earlier version of it had."""
    plugin = enabled(label)
    module = plugin.submodule("gateways") if plugin else None
    return sorted({*(gateway.label for gateway in getattr(module, "gateways", [])), *declared_names(label, "gateway")})


# By name, since rooms that stand side by side don't import each other: campaigns know nothing of purges, either.


def _unapplied(gateways: list[str]) -> Any:
    return apps.get_model("campaigns", "WebhookEvent").objects.filter(
        gateway__in=gateways,
        state__in=["received", "waiting", "failed"],
        received_at__gt=timezone.now() - TRIED_FOR,
    )


def _open(gateways: list[str]) -> Any:
    return apps.get_model("campaigns", "Donation").objects.filter(gateway__in=gateways, status="pending")
