"""Puts the addresses and viewsets that plugins declare in their ``admin.py`` into the admin, behind a guard."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.urls import URLResolver, include, path
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup

from cms.lifecycle.admin.declared import claim_for, declared, listed, namespace
from cms.lifecycle.admin.guard import guard_urls
from cms.lifecycle.admin.menu import contain_menu_item
from cms.registry.claims import CORE, claim
from cms.registry.discovery import Plugin, PluginError
from cms.registry.owners import enabled

# --- addresses ------------------------------------------------------------------------------------------------------


def urls() -> list[URLResolver]:
    """Each plugin's own admin addresses, under ``x/<label>/``. Asked for last, when the viewsets are mounted too.

    Raises PluginError.
    """
    _claim_names_of_core()
    found = []
    for plugin in settings.OSTRIV_PLUGINS:
        listed(plugin, "home_panels")  # looked at whenever somebody comes home: here it is still the start
        patterns = listed(plugin, "urlpatterns")
        if patterns:
            for pattern in patterns:
                claim_for(plugin, "admin view", f"x/{plugin.label}/{pattern.pattern}")
            space = namespace(plugin.label)
            claim_for(plugin, "admin view", space)
            found.append(path(f"x/{plugin.label}/", include((guard_urls(plugin.label, patterns), space), space)))
    return found


def _claim_names_of_core() -> None:
    """Of two views with one name, links would lead to either: what Ostriv and Wagtail have is theirs."""
    from wagtail.admin import urls as admin_urls  # it is being imported: it asks for ours

    for app in apps.get_app_configs():
        if enabled(app.label) is None:
            claim("admin view", app.label, CORE)  # rooms that have addresses outside of the admin call them so
    for pattern in admin_urls.urlpatterns:
        address = str(pattern.pattern)
        if not address.startswith("x/"):
            claim("admin view", address.rstrip("/"), CORE)
            if name := getattr(pattern, "namespace", None):
                claim("admin view", name, CORE)


def viewsets() -> list[ViewSet]:
    """The viewsets of the plugins, each of them guarded and under the plugin's prefix. Raises PluginError."""
    return [_mounted(plugin, viewset) for plugin, viewset in declared("viewsets")]


def _mounted(plugin: Plugin, viewset: Any) -> Any:
    with _named(plugin, f"its viewset {viewset!r} can't be made"):
        viewset = viewset() if isinstance(viewset, type) else viewset
        if isinstance(viewset, ViewSetGroup):
            for each in viewset.registerables:
                _mounted(plugin, each)
            contain_menu_item(plugin.label, viewset)
            return viewset
        if not isinstance(viewset, ViewSet):
            raise PluginError(
                f"Plugin {plugin.label!r} lists {viewset!r} in its viewsets; every item must be a ViewSet."
            )
        claim_for(plugin, "admin view", viewset.url_namespace)
        prefix = f"x/{plugin.label}/"
        # Wagtail reads both of the instance. What it had for itself stays its own part of the address.
        if not viewset.url_prefix.startswith(prefix):
            viewset.__dict__["url_prefix"] = prefix + viewset.url_prefix
    own_patterns = viewset.get_urlpatterns

    def get_urlpatterns() -> list[Any]:
        with _named(plugin, f"the addresses of its viewset {viewset.name!r} can't be made"):
            return guard_urls(plugin.label, own_patterns())

    viewset.__dict__["get_urlpatterns"] = get_urlpatterns
    contain_menu_item(plugin.label, viewset)
    return viewset


@contextmanager
def _named(plugin: Plugin, what: str) -> Iterator[None]:
    """What the plugin raises here stops the start: it names the plugin."""
    try:
        yield
    except PluginError:
        raise
    except Exception as error:
        raise plugin.broken(what, error) from error


# --- permissions ----------------------------------------------------------------------------------------------------


def permissions() -> Q:
    """What can be granted in the group editor, as a condition on permissions: those of the plugins' models.

    Pages have permissions of their own in Wagtail, and the lines of an inline panel those of their page: of these
    only what the plugin itself has named is shown.
    """
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
