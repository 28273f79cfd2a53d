"""Who may do what: endpoints by the usual permissions; the ledger of deliveries is looked at, and sent again."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from cms.webhooks.models import Delivery


class ViewOnly(ModelPermissionPolicy):
    """Whatever permissions somebody has, superusers too: no form makes, changes or removes a delivery."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return super().user_has_any_permission(user, set(actions) & {"view"})


def register() -> None:
    """Called once, when the app is ready."""
    register_permission_policy(Delivery, ViewOnly(Delivery))
