"""Who may do what with money: see it, and add to the ledger by hand. Nobody changes or removes anything."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from cms.campaigns.models import Donation, LedgerEntry, Progress, WebhookEvent


class ViewOnly(ModelPermissionPolicy):
    """Whatever permissions somebody has, superusers too: no form makes, changes or removes these."""

    allowed: frozenset[str] = frozenset({"view"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.allowed and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return super().user_has_any_permission(user, set(actions) & self.allowed)


class ViewAndAdd(ViewOnly):
    allowed = frozenset({"view", "add"})


def register() -> None:
    """Called once, when the app is ready."""
    for model in (Donation, Progress, WebhookEvent):
        register_permission_policy(model, ViewOnly(model))
    register_permission_policy(LedgerEntry, ViewAndAdd(LedgerEntry))
