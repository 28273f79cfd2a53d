"""Who may do what with money: see it, and add to the ledger by hand. Nobody changes or removes anything."""

from wagtail.permissions import register_permission_policy

from cms.campaigns.models import Donation, LedgerEntry, Progress, WebhookEvent
from cms.content.permissions import LimitedPolicy


def register() -> None:
    """Called once, when the app is ready."""
    for model in (Donation, Progress, WebhookEvent):
        register_permission_policy(model, LimitedPolicy(model, "view"))
    register_permission_policy(LedgerEntry, LimitedPolicy(LedgerEntry, "view", "add"))
