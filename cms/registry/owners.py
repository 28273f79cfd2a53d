"""Whose code is this? A plugin's is known by the package that it stands in."""

from types import TracebackType
from typing import Any

from django.conf import settings

from cms.registry.discovery import Plugin


def plugin_of(thing: Any) -> Plugin | None:
    """The enabled plugin that this class, function, instance or module (by dotted name) belongs to, if any."""
    module = thing if isinstance(thing, str) else getattr(thing, "__module__", None) or type(thing).__module__
    return next((plugin for plugin in settings.OSTRIV_PLUGINS if plugin.owns(module)), None)


def owner_of(thing: Any) -> str:
    """The label of the plugin that this belongs to; empty for what is the core's."""
    plugin = plugin_of(thing)
    return plugin.label if plugin else ""


def owner_of_fault(error: BaseException) -> str:
    """The label of the plugin whose code an error came through; empty if it came through none."""
    found = ""
    frame: TracebackType | None = error.__traceback__
    while frame is not None:
        found = owner_of(frame.tb_frame.f_globals.get("__name__", "")) or found
        frame = frame.tb_next
    return found


def enabled(label: str) -> Plugin | None:
    """The enabled plugin of this label."""
    return next((plugin for plugin in settings.OSTRIV_PLUGINS if plugin.label == label), None)
