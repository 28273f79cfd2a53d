"""Puts the keys and the shared links into Wagtail's admin."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import widgets
from wagtail.admin.action_menu import ActionMenuItem

from cms.access.admin.keys import ApiKeyViewSet
from cms.access.admin.share import can_share, revoke_link, share_page


@hooks.register("register_admin_viewset")
def api_keys() -> ApiKeyViewSet:
    return ApiKeyViewSet("api_keys", url_prefix="api-keys")


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    return [
        path("pages/<int:page_id>/share/", share_page, name="share_page"),
        path("pages/<int:page_id>/share/<int:link_id>/revoke/", revoke_link, name="revoke_share_link"),
    ]


@hooks.register("register_page_header_buttons")
def header_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Any:
    if can_share(page, user):
        yield widgets.Button(
            _("Share a preview…"), reverse("share_page", args=[page.pk]), icon_name="link", priority=60
        )


class ShareMenuItem(ActionMenuItem):
    """A link in the menu beside "Publish", where one looks once the text is ready to be shown."""

    name = "action-share"
    label = _("Share a preview…")
    icon_name = "link"

    def is_shown(self, context: dict[str, Any]) -> bool:
        return context["view"] == "edit" and can_share(context.get("page"), context["request"].user)

    def get_url(self, context: dict[str, Any]) -> str:
        return reverse("share_page", args=[context["page"].pk])


@hooks.register("register_page_action_menu_item")
def action_menu_item() -> ShareMenuItem:
    return ShareMenuItem(order=110)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action("access.share", _("Share a preview"), _("Shared a preview by a link"))
    actions.register_action("access.unshare", _("Take a link back"), _("Took back a link to a preview"))
