"""Feeds that plugins write themselves: ``urlpatterns`` of their ``feeds.py``, under ``/feeds/<label>/``."""

from typing import Any

from django.conf import settings
from django.urls import URLResolver, include, path

from api.guards import guard_urls
from api.parameters import LOCALES
from cms.registry.claims import CORE, claim


def declared_feeds() -> dict[str, list[Any]]:
    """The addresses that enabled plugins have for their feeds, by label.

    Raises PluginError for a module that can't be imported, and for a label that is a language's: the feeds of that
    language stand at the same place.
    """
    for code in LOCALES:
        claim("feed", code, CORE, by="the feeds of a language")
    found = {}
    for plugin in settings.OSTRIV_PLUGINS:
        module: Any = plugin.submodule("feeds")
        if patterns := getattr(module, "urlpatterns", None):
            claim("feed", plugin.label, plugin.label, by=f"{plugin.package}.feeds")
            found[plugin.label] = patterns
    return found


def plugin_feeds() -> list[URLResolver]:
    """Those feeds below their labels, each guarded. Their names are in the namespace ``feeds_<label>``."""
    return [
        path(f"feeds/{label}/", include((guard_urls(label, patterns), f"feeds_{label}")))
        for label, patterns in declared_feeds().items()
    ]
