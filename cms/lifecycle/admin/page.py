"""Where the Plugins page stands in the admin, and the notices that lead to it."""

from typing import Any

from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet

from cms.lifecycle.admin.views import PERMISSION, PluginDetail, PluginIndex, PluginSwitch
from cms.lifecycle.facts import resting_plugins


class PluginsMenuItem(MenuItem):
    """The line in the Settings menu; it says how many plugins rest."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        if number := len(resting_plugins()):
            words = ngettext("%(number)d resting", "%(number)d resting", number) % {"number": number}
            component.label = f"{component.label} ({words})"
        return component


class PluginsViewSet(ViewSet):
    """Settings > Plugins."""

    name = "plugins"
    icon = "cogs"
    menu_label = _("Plugins")
    menu_icon = "cogs"
    menu_order = 900
    menu_item_class = PluginsMenuItem
    add_to_settings_menu = True

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", PluginIndex.as_view(), name="index"),
            path("<str:label>/", PluginDetail.as_view(), name="detail"),
            path("<str:label>/switch/", PluginSwitch.as_view(), name="switch"),
        ]


class RestingNotice(Component):
    """On the admin's home: a plugin rests after faults."""

    template_name = "lifecycle/notice.html"
    order = 10

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request = parent_context["request"]
        return {"plugins": resting_plugins(), "may_look": request.user.has_perm(PERMISSION)}
