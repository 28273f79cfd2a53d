"""What this room adds to Wagtail's admin: the Plugins page, and the screens of the plugins themselves."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.lifecycle import switching
from cms.lifecycle.admin import home, menu, mounting
from cms.lifecycle.admin.page import PluginsViewSet, RestingNotice
from cms.lifecycle.facts import resting_plugins


@hooks.register("register_admin_viewset")
def plugins_page() -> PluginsViewSet:
    return PluginsViewSet()


@hooks.register("register_admin_viewset")
def plugins_viewsets() -> list[Any]:
    return mounting.viewsets()


# After all others: what has a name by then is the core's, or Wagtail's.
@hooks.register("register_admin_urls", order=1000)
def plugins_urls() -> list[Any]:
    return mounting.urls()


for _item in menu.menu_items():
    # One hook a line: Wagtail asks each for its item once, and remembers it.
    def _give(item: MenuItem = _item) -> MenuItem:
        return item

    hooks.register("register_admin_menu_item", _give)


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[Any]) -> None:
    if resting_plugins():
        panels.append(RestingNotice())
    panels.extend(home.home_panels())


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    own = Q(content_type__app_label="registry", codename="change_pluginstate")
    return Permission.objects.filter(own | mounting.permissions())


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action(switching.ENABLED, _("Enable plugin"), _("Plugin enabled"))
    actions.register_action(switching.DISABLED, _("Disable plugin"), _("Plugin disabled"))
    actions.register_action(switching.WOKEN, _("Wake plugin"), _("Faults of the plugin looked at"))
    actions.register_action(switching.SETTINGS, _("Change plugin's settings"), _("Settings of the plugin changed"))
