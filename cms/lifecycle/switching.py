"""Switching plugins on and off, with a line in the log of who did it."""

from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from cms.registry import states
from cms.registry.models import PluginState

ENABLED, DISABLED, WOKEN, SETTINGS = "plugin.enabled", "plugin.disabled", "plugin.woken", "plugin.settings"


@transaction.atomic
def enable(label: str, user: Any = None) -> None:
    """Let an enabled plugin work, also one that rests. Every process sees it within two seconds."""
    states.activate(label)
    _log(ENABLED, label, user)


@transaction.atomic
def disable(label: str, user: Any = None) -> None:
    """Stop a plugin from working; nothing of it is lost."""
    states.deactivate(label)
    _log(DISABLED, label, user)


@transaction.atomic
def wake(label: str, user: Any = None) -> None:
    """Somebody has looked at the faults of a resting plugin: its hooks are run again."""
    states.wake(label)
    _log(WOKEN, label, user)


@transaction.atomic
def save_settings(label: str, values: dict[str, Any], user: Any = None) -> None:
    """Keep the settings of a plugin; the log says which of them were changed, not to what."""
    before = states.state_of(label).settings
    changed = sorted(name for name, value in values.items() if before.get(name) != value)
    states.save_settings(label, values)
    if changed:
        _log(SETTINGS, label, user, fields=changed)


def _log(action: str, label: str, user: Any, **data: Any) -> None:
    log(PluginState.objects.get(label=label), action, user=user, data={"label": label, **data})
