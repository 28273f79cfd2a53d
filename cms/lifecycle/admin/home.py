"""The panels of plugins on the admin's home."""

from typing import Any

from django.forms import Media
from django.utils.html import conditional_escape
from wagtail.admin.ui.components import Component

from cms.lifecycle.admin.declared import declared
from cms.registry import faults


class ContainedPanel(Component):
    """A plugin's panel: left out, and noted, if it fails."""

    def __init__(self, label: str, panel: Any) -> None:
        self.label, self.panel = label, panel
        order = getattr(panel, "order", 500)
        self.order = order if isinstance(order, int) else 500

    @property
    def hook(self) -> str:
        return _hook(type(self.panel))

    @property
    def media(self) -> Any:
        return faults.call(self.label, self.hook, lambda: Media() + self.panel.media, default=Media())

    def render_html(self, parent_context: Any = None) -> str:
        def render() -> str:
            return conditional_escape(self.panel.render_html(parent_context))

        return faults.call(self.label, self.hook, render, default="") or ""


def home_panels() -> list[ContainedPanel]:
    """The home panels of the plugins that run; without those that can't be made."""
    panels = [_made(plugin.label, panel) for plugin, panel in declared("home_panels")]
    return [panel for panel in panels if panel is not None]


def _made(label: str, panel: Any) -> ContainedPanel | None:
    def make() -> ContainedPanel:
        return ContainedPanel(label, panel() if isinstance(panel, type) else panel)

    return faults.call(label, _hook(panel if isinstance(panel, type) else type(panel)), make)


def _hook(panel: type) -> str:
    return f"home panel {panel.__name__}"
