"""The lines of plugins in the admin's menu, which stands on every page: none of them may break it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.forms import Media
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from wagtail.admin.menu import MenuItem as WagtailMenuItem
from wagtail.admin.telepath import JSContext

from cms.lifecycle.admin.declared import claim_for, declared, namespace
from cms.registry import faults, states
from cms.registry.admin import MenuItem
from cms.registry.discovery import PluginError

Result = TypeVar("Result")


class ContainedMenuItem(WagtailMenuItem):
    """A line that a plugin makes: gone while the plugin is inactive, and once it has failed.

    Its fault is noted once, or every page of the admin would be one more; it is tried again when somebody has looked.
    """

    def __init__(self, owner: str, hook: str, order: int, make: Callable[[], WagtailMenuItem]) -> None:
        self.owner, self.hook, self.make = owner, hook, make
        self._made: WagtailMenuItem | None = None
        #: When somebody had last looked at the plugin, when the line failed; nothing if it hasn't.
        self._broken_after: tuple[datetime | None] | None = None
        super().__init__(owner, "", name=f"plugin-{owner}-{hook}", order=order)

    @property
    def made(self) -> WagtailMenuItem:
        """The line itself. Raises what the plugin raises."""
        if self._made is None:
            self._made = self.make()
        return self._made

    @property
    def is_broken(self) -> bool:
        return self._broken_after == (states.state_of(self.owner).looked_at,)

    @property
    def media(self) -> Any:
        return self._try(lambda: Media() + self.made.media, default=Media())

    def is_shown(self, request: HttpRequest) -> bool:
        return self._try(lambda: self._is_shown(request), default=False)

    def render_component(self, request: HttpRequest) -> Any:
        return self.made.render_component(request)

    def _is_shown(self, request: HttpRequest) -> bool:
        if not self.made.is_shown(request):
            return False
        # Whatever it is made of, a lazy text too, fails here or nowhere.
        JSContext().pack(self.made.render_component(request))
        return True

    def _try(self, function: Callable[[], Result], *, default: Result) -> Result:
        if not states.is_active(self.owner) or self.is_broken:
            return default
        with faults.contained(self.hook, self.owner):
            return function()
        self._made, self._broken_after = None, (states.state_of(self.owner).looked_at,)
        return default


class PluginMenuItem(ContainedMenuItem):
    """A line that a plugin declares."""

    def __init__(self, owner: str, item: MenuItem) -> None:
        self.item = item
        super().__init__(owner, f"menu item {item.url_name}", item.order, self._make)

    def is_shown(self, request: HttpRequest) -> bool:
        if self.item.permission and not request.user.has_perm(self.item.permission):
            return False
        return super().is_shown(request)

    def address(self) -> str:
        """Where the line leads: an address of the plugin's own, or any other by its name. Raises NoReverseMatch."""
        try:
            return reverse(f"{namespace(self.owner)}:{self.item.url_name}")
        except NoReverseMatch:
            return reverse(self.item.url_name)

    def _make(self) -> WagtailMenuItem:
        name = f"plugin-{self.owner}-{self.item.url_name}"
        return WagtailMenuItem(self.item.label, self.address(), name=name, icon_name=self.item.icon)


def menu_items() -> list[PluginMenuItem]:
    """The menu lines of all plugins. Raises PluginError."""
    items = []
    for plugin, item in declared("menu_items"):
        if not isinstance(item, MenuItem) or not isinstance(item.order, int):
            raise PluginError(
                f"Plugin {plugin.label!r} lists {item!r} in its menu_items; every item must be a MenuItem, and its "
                "order a number."
            )
        claim_for(plugin, "menu item", f"{plugin.label}.{item.url_name}")
        items.append(PluginMenuItem(plugin.label, item))
    return items


def contain_menu_item(owner: str, viewset: Any) -> None:
    """Contain the line that this viewset of a plugin, or group of viewsets, puts into the menu."""
    own = viewset.get_menu_item

    def get_menu_item(order: int | None = None) -> WagtailMenuItem:
        hook = f"menu item of {type(viewset).__name__}"
        place = 0
        with faults.contained(hook, owner):
            place = int(viewset.get_menu_item_order(order))
        return ContainedMenuItem(owner, hook, place, lambda: own(order))

    viewset.__dict__["get_menu_item"] = get_menu_item
