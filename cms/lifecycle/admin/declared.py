"""What the ``admin.py`` of plugins declares."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from cms.registry.claims import claim
from cms.registry.discovery import Plugin, PluginError


def namespace(label: str) -> str:
    """The namespace of a plugin's own admin addresses."""
    return f"plugin_{label}"


def declared(name: str) -> Iterator[tuple[Plugin, Any]]:
    """Every item of this list in the ``admin.py`` of the enabled plugins. Raises PluginError."""
    for plugin in settings.OSTRIV_PLUGINS:
        for item in listed(plugin, name):
            yield plugin, item


def listed(plugin: Plugin, name: str) -> list[Any]:
    """The items of this list in the plugin's ``admin.py``; none if it has no such list. Raises PluginError."""
    items = getattr(plugin.submodule("admin"), name, [])
    if not isinstance(items, list | tuple):
        raise PluginError(f"Plugin {plugin.label!r}: {name} in its admin.py must be a list, not {items!r}.")
    return list(items)


def claim_for(plugin: Plugin, kind: str, name: str) -> None:
    """Take a name that stands in the plugin's ``admin.py``. Raises PluginError."""
    claim(kind, name, plugin.label, by=f"{plugin.package}.admin")
