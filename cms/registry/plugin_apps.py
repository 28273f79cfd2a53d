"""Django's view of each plugin: an app whose label is the plugin's, whatever its package is called.

``INSTALLED_APPS`` names ``cms.registry.plugin_apps.<label>``; the configuration is made when Django asks for it, so a
plugin needs no ``apps.py``.
"""

from typing import Any

from django.apps import AppConfig
from django.conf import settings

from cms.registry.discovery import Plugin, PluginError


class PluginConfig(AppConfig):
    """One plugin as a Django app."""

    default = False
    default_auto_field = "django.db.models.BigAutoField"
    plugin: Plugin

    def import_models(self) -> None:
        """As Django's; what the plugin's models raise becomes a PluginError that names it."""
        try:
            super().import_models()
        except PluginError:
            raise
        except Exception as error:
            raise self.plugin.broken("its module 'models' can't be imported", error) from error


def app_names(plugins: list[Plugin]) -> list[str]:
    """What ``INSTALLED_APPS`` lists for these plugins."""
    return [f"{__name__}.{plugin.label}" for plugin in plugins]


def __getattr__(label: str) -> Any:
    for plugin in getattr(settings, "OSTRIV_PLUGINS", []):
        if plugin.label == label:
            # A lazily translated name can't be asked for its truth before the apps are loaded.
            name = plugin.info.name
            about = {
                "plugin": plugin,
                "name": plugin.package,
                "label": label,
                "verbose_name": label if isinstance(name, str) and not name else name,
                "__module__": __name__,
            }
            return type(f"{label.title()}Config", (PluginConfig,), about)
    raise AttributeError(f"No plugin {label!r} is enabled.")
