"""Who may do what: endpoints by the usual permissions; the ledger of deliveries is looked at, and sent again."""

from wagtail.permissions import register_permission_policy

from cms.content.permissions import LimitedPolicy
from cms.webhooks.models import Delivery


def register() -> None:
    """Called once, when the app is ready."""
    register_permission_policy(Delivery, LimitedPolicy(Delivery, "view"))
