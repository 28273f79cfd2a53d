"""What is kept of a purged plugin: a row that says it is inactive, for processes that still hold its models.

The row goes when a process starts without the plugin, or has made its tables anew.
"""

from django.conf import settings
from django.utils import timezone

from cms.lifecycle import boot
from cms.registry import states
from cms.registry.models import PluginFault, PluginState


def raise_for(label: str) -> None:
    """Keep every process that still holds this plugin from showing or offering anything of it."""
    PluginState.objects.create(label=label, active=False, purged_at=timezone.now())
    states.forget()


def is_purged(label: str) -> bool:
    """Whether this plugin was purged, and nothing has brought it back or begun without it."""
    return label in purged_labels()


def purged_labels() -> set[str]:
    return set(PluginState.objects.exclude(purged_at=None).values_list("label", flat=True))


def clear() -> None:
    """Forget the purged plugins that this process doesn't load, and those whose tables are there again."""
    purged = purged_labels()
    loaded = {plugin.label for plugin in settings.OSTRIV_PLUGINS}
    if purged & loaded:
        purged -= set(boot.waiting())
    if purged:
        PluginState.objects.filter(label__in=purged).delete()
        # What failed in a process that still held it.
        PluginFault.objects.filter(label__in=purged).delete()
        states.forget()
