"""Takes in what plugins declare for the read side: serializers, structured data, filters, routes."""

from django.conf import settings
from django.urls import URLResolver, include, path

from api.guards import guard_urls, limit_reads
from api.publications.filters import claim_core, plugin_filters
from cms.registry.claims import claim


def register_plugins() -> None:
    """Called once, when all models are loaded: registration is what importing a plugin's ``api.py`` does.

    In every process and not only where addresses are: a worker renders publications too. Raises PluginError.
    """
    from api.answers.filtering import FILTERS
    from api.feeds.mounting import declared_feeds

    claim("content type", "front", "")
    claim_core(set(FILTERS))
    for plugin in settings.OSTRIV_PLUGINS:
        plugin.submodule("api")
    plugin_filters()
    declared_feeds()


def plugin_routes() -> list[URLResolver]:
    """What plugins answer themselves, each under its own prefix."""
    routes = []
    for plugin in settings.OSTRIV_PLUGINS:
        patterns = getattr(plugin.submodule("api"), "urlpatterns", None)
        if patterns:
            routes.append(
                path(f"x/{plugin.label}/", include((guard_urls(plugin.label, limit_reads(patterns)), plugin.label)))
            )
    return routes
