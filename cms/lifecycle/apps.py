from typing import Any

from django.apps import AppConfig
from django.core.signals import request_started
from django.utils.translation import gettext_lazy as _


class LifecycleConfig(AppConfig):
    name = "cms.lifecycle"
    label = "lifecycle"
    verbose_name = _("Life of plugins")

    def ready(self) -> None:
        request_started.connect(_look_at_states, dispatch_uid="lifecycle.states")


def _look_at_states(environ: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """Every request of the admin is a transaction, and within one the states of plugins are not read anew: look now."""
    from cms.registry import states

    if environ and str(environ.get("PATH_INFO", "")).startswith("/admin/"):
        states.refresh()
