"""What is remembered of a purged plugin, for processes that still hold its models: that it works no more.

In the cache that all processes share, not in the database: there it is as if the plugin had never been. It goes when a
process starts without the plugin, or has made its tables anew.
"""

from django.conf import settings

from cms.lifecycle import boot
from cms.registry import states


def raise_for(label: str) -> None:
    """Keep every process that still holds this plugin from showing or offering anything of it."""
    states.remember_purged({*states.purged_labels(), label})


def is_purged(label: str) -> bool:
    """Whether this plugin was purged, and nothing has brought it back or begun without it."""
    return label in states.purged_labels()


def clear() -> None:
    """Forget the purged plugins that this process doesn't load, and those whose tables are there again."""
    purged = states.purged_labels()
    loaded = {plugin.label for plugin in settings.OSTRIV_PLUGINS}
    kept = purged & loaded & set(boot.waiting()) if purged & loaded else set()
    if kept != purged:
        states.remember_purged(kept)
