from typing import Any

from django.apps import AppConfig, apps
from django.core.signals import request_started
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LifecycleConfig(AppConfig):
    name = "cms.lifecycle"
    label = "lifecycle"
    verbose_name = _("Life of plugins")

    def ready(self) -> None:
        request_started.connect(_look_at_states, dispatch_uid="lifecycle.states")
        # Of the registry, whose table it is: this room has no models, and no signal of its own.
        registry = apps.get_app_config("registry")
        post_migrate.connect(_clear_tombstones, sender=registry, dispatch_uid="lifecycle.tombstones")


def _look_at_states(environ: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """Every request of the admin is a transaction, and within one the states of plugins are not read anew: look now."""
    from cms.registry import states

    if environ and str(environ.get("PATH_INFO", "")).startswith("/admin/"):
        states.refresh()


def _clear_tombstones(**kwargs: Any) -> None:
    from cms.lifecycle import tombstones

    tombstones.clear()
