"""Puts what plugins declare in their ``admin.py`` into the admin: addresses, viewsets, menu lines, home panels.

All of it is behind a guard, and a switched-off plugin shows none of it.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import NoReverseMatch, URLResolver, include, path, reverse
from wagtail.admin.menu import MenuItem as WagtailMenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup

from cms.lifecycle.admin.guard import guard_urls
from cms.registry import faults, states
from cms.registry.admin import MenuItem
from cms.registry.claims import claim
from cms.registry.discovery import Plugin, PluginError


def namespace(label: str) -> str:
    """The namespace of a plugin's own admin addresses."""
    return f"plugin_{label}"


def declared(name: str) -> Iterator[tuple[Plugin, Any]]:
    """Every item of this list in the ``admin.py`` of the enabled plugins. Raises PluginError."""
    for plugin in settings.OSTRIV_PLUGINS:
        for item in getattr(plugin.submodule("admin"), name, []):
            yield plugin, item


# --- addresses ------------------------------------------------------------------------------------------------------


def urls() -> list[URLResolver]:
    """Each plugin's own admin addresses, under ``x/<label>/``."""
    found = []
    for plugin in settings.OSTRIV_PLUGINS:
        patterns = list(getattr(plugin.submodule("admin"), "urlpatterns", []))
        if patterns:
            for pattern in patterns:
                _claim(plugin, "admin view", f"x/{plugin.label}/{pattern.pattern}")
            space = namespace(plugin.label)
            found.append(path(f"x/{plugin.label}/", include((guard_urls(plugin.label, patterns), space), space)))
    return found


def viewsets() -> list[ViewSet]:
    """The viewsets of the plugins, each of them guarded and under the plugin's prefix."""
    return [_mounted(plugin, viewset) for plugin, viewset in declared("viewsets")]


def _mounted(plugin: Plugin, viewset: Any) -> Any:
    viewset = viewset() if isinstance(viewset, type) else viewset
    if isinstance(viewset, ViewSetGroup):
        for each in viewset.registerables:
            _mounted(plugin, each)
        _hide_while_inactive(plugin.label, viewset)
        return viewset
    if not isinstance(viewset, ViewSet):
        raise PluginError(f"Plugin {plugin.label!r} lists {viewset!r} in its viewsets; every item must be a ViewSet.")
    _claim(plugin, "viewset", viewset.url_namespace)
    prefix = f"x/{plugin.label}/"
    # Wagtail reads both of the instance. What it had for itself stays its own part of the address.
    if not viewset.url_prefix.startswith(prefix):
        viewset.__dict__["url_prefix"] = prefix + viewset.url_prefix
    own_patterns = viewset.get_urlpatterns
    viewset.__dict__["get_urlpatterns"] = lambda: guard_urls(plugin.label, own_patterns())
    _hide_while_inactive(plugin.label, viewset)
    return viewset


def _hide_while_inactive(label: str, viewset: Any) -> None:
    own_item = viewset.get_menu_item

    def get_menu_item(order: int | None = None) -> WagtailMenuItem:
        item = own_item(order)
        own_shown = item.is_shown

        def is_shown(request: HttpRequest) -> bool:
            with faults.contained("menu item", label):
                return bool(states.is_active(label) and own_shown(request))
            return False

        item.is_shown = is_shown
        return item

    viewset.__dict__["get_menu_item"] = get_menu_item


# --- the menu -------------------------------------------------------------------------------------------------------


class PluginMenuItem(WagtailMenuItem):
    """A line of the menu that a plugin declares. It is gone while the plugin is inactive."""

    def __init__(self, label: str, item: MenuItem) -> None:
        self.owner, self.item = label, item
        self.is_broken = False
        name = f"plugin-{label}-{item.url_name}"
        super().__init__(item.label, "", name=name, icon_name=item.icon, order=item.order)

    def is_shown(self, request: HttpRequest) -> bool:
        if self.is_broken or not states.is_active(self.owner):
            return False
        if self.item.permission and not request.user.has_perm(self.item.permission):
            return False
        with faults.contained(f"menu item {self.item.url_name}", self.owner):
            str(self.label)  # a lazy text fails here or nowhere
            self.url = self.address()
            return True
        # Noted once: a line that leads nowhere would be a fault of every page of the admin.
        self.is_broken = True
        return False

    def address(self) -> str:
        """Where the line leads: an address of the plugin's own, or any other by its name. Raises NoReverseMatch."""
        try:
            return reverse(f"{namespace(self.owner)}:{self.item.url_name}")
        except NoReverseMatch:
            return reverse(self.item.url_name)


def menu_items() -> list[PluginMenuItem]:
    """The menu lines of all plugins. Raises PluginError."""
    items = []
    for plugin, item in declared("menu_items"):
        if not isinstance(item, MenuItem):
            raise PluginError(
                f"Plugin {plugin.label!r} lists {item!r} in its menu_items; every item must be a MenuItem."
            )
        _claim(plugin, "menu item", f"{plugin.label}.{item.url_name}")
        items.append(PluginMenuItem(plugin.label, item))
    return items


# --- home -----------------------------------------------------------------------------------------------------------


class ContainedPanel(Component):
    """A plugin's panel on the admin's home: left out, and noted, if it fails."""

    def __init__(self, label: str, panel: Any) -> None:
        self.label, self.panel = label, panel
        self.order = getattr(panel, "order", 500)

    @property
    def hook(self) -> str:
        return f"home panel {type(self.panel).__name__}"

    @property
    def media(self) -> Any:
        return faults.call(self.label, self.hook, lambda: self.panel.media, default=super().media)

    def render_html(self, parent_context: Any = None) -> str:
        return faults.call(self.label, self.hook, self.panel.render_html, parent_context, default="") or ""


def home_panels() -> list[ContainedPanel]:
    """The home panels of the plugins that run."""
    panels = [(plugin.label, panel) for plugin, panel in declared("home_panels")]
    return [
        ContainedPanel(label, panel() if isinstance(panel, type) else panel)
        for label, panel in panels
        if states.is_running(label)
    ]


# --- permissions ----------------------------------------------------------------------------------------------------


def permissions() -> Q:
    """What can be granted in the group editor, as a condition on permissions: those of the plugins' models.

    Pages have permissions of their own in Wagtail, and the lines of an inline panel those of their page: of these
    only what the plugin itself has named is shown.
    """
    from django.apps import apps
    from modelcluster.fields import ParentalKey
    from wagtail.models import Page

    found = Q(pk__in=[])
    for plugin in settings.OSTRIV_PLUGINS:
        for model in apps.get_app_config(plugin.label).get_models():
            of_model = Q(content_type__app_label=plugin.label, content_type__model=model._meta.model_name)
            is_line = any(isinstance(field, ParentalKey) for field in model._meta.local_fields)
            if issubclass(model, Page) or is_line:
                of_model &= Q(codename__in=[codename for codename, _name in model._meta.permissions])
            found |= of_model
    return found


def _claim(plugin: Plugin, kind: str, name: str) -> None:
    claim(kind, name, plugin.label, by=f"{plugin.package}.admin")
