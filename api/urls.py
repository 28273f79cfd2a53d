"""Every address under ``/api/v1/``."""

from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from api.views import campaigns, content, newsletters, schema, taxonomy


def _plugin_routes() -> list[URLResolver]:
    """What plugins answer themselves, each under its own prefix."""
    routes = []
    for plugin in settings.OSTRIV_PLUGINS:
        module: Any = plugin.submodule("api")
        if patterns := getattr(module, "urlpatterns", None):
            routes.append(path(f"x/{plugin.label}/", include((patterns, plugin.label))))
    return routes


urlpatterns: list[URLPattern | URLResolver] = [
    *content.urlpatterns,
    *taxonomy.urlpatterns,
    *campaigns.urlpatterns,
    *newsletters.urlpatterns,
    *schema.urlpatterns,
    *_plugin_routes(),
    re_path("", content.not_found),
]
