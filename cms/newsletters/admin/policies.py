"""Who may do what in the lists: model permissions, less what no form may do."""

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from cms.newsletters.models import Dispatch, Subscriber


class NotByHand(ModelPermissionPolicy):
    """What comes into being by itself is not made in a form, whatever permissions somebody has."""

    forbidden: frozenset[str] = frozenset({"add", "change", "delete"})

    def user_has_permission(self, user, action: str) -> bool:
        return action not in self.forbidden and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions) -> bool:
        return super().user_has_any_permission(user, set(actions) - self.forbidden)


class NotAddedByHand(NotByHand):
    """A subscriber comes by a confirmed request, and goes when asked to be forgotten."""

    forbidden = frozenset({"add"})


def register() -> None:
    """Called once, when the app is ready."""
    register_permission_policy(Dispatch, NotByHand(Dispatch))
    register_permission_policy(Subscriber, NotAddedByHand(Subscriber))
