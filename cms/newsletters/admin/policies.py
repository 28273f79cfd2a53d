"""Who may do what in the lists: model permissions, less what no form may do."""

from wagtail.permissions import register_permission_policy

from cms.content.permissions import LimitedPolicy
from cms.newsletters.models import Dispatch, Subscriber


def register() -> None:
    """Called once, when the app is ready."""
    register_permission_policy(Dispatch, LimitedPolicy(Dispatch, "view"))
    # A subscriber comes by a confirmed request, and goes when asked to be forgotten.
    register_permission_policy(Subscriber, LimitedPolicy(Subscriber, "view", "change", "delete"))
