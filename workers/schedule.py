"""What beat does, and how often. Every entry is a sweep: it finds due work in the database, and may find none."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from cms.registry.discovery import PluginError

Schedule = dict[str, dict[str, Any]]

#: The core's task modules, one a queue.
TASK_MODULES = (
    "workers.tasks.background",
    "workers.tasks.campaigns",
    "workers.tasks.mail",
    "workers.tasks.publish",
)


def _every(task: str, queue: str, interval: timedelta) -> dict[str, Any]:
    """A sweep that is dropped if no worker took it before the next one is due."""
    return {
        "task": task,
        "schedule": interval,
        "options": {"queue": queue, "expires": interval.total_seconds()},
    }


_CORE: Schedule = {
    "outbox": _every("outbox.drain", "background", timedelta(seconds=5)),
    "outbox-forget": _every("outbox.forget", "background", timedelta(hours=6)),
    "scheduled-pages": _every("publish.scheduled", "publish", timedelta(seconds=10)),
    "reconcile": _every("publish.reconcile", "publish", timedelta(minutes=10)),
    "mail-sweep": _every("mail.sweep", "mail", timedelta(seconds=5)),
    "webhooks": _every("campaigns.retry_webhooks", "campaigns", timedelta(seconds=15)),
    "donation-pages": _every("campaigns.reconcile_pages", "campaigns", timedelta(seconds=30)),
    "donations-expire": _every("campaigns.expire_donations", "campaigns", timedelta(hours=1)),
    "ledger-check": _every("campaigns.check_ledger", "campaigns", timedelta(hours=6)),
}


def beat_schedule() -> Schedule:
    """The core's entries, and those that enabled plugins declare in ``schedule.py`` as ``schedule``."""
    entries = dict(_CORE)
    for plugin in settings.OSTRIV_PLUGINS:
        module = plugin.submodule("schedule")
        for name, entry in (module.schedule if module else {}).items():
            if not str(entry.get("task", "")).startswith(f"{plugin.label}."):
                raise PluginError(
                    f"Plugin {plugin.label!r}: the entry {name!r} of its schedule must name a task of its own, "
                    f"'{plugin.label}.<function>'."
                )
            options = {**entry.get("options", {}), "queue": plugin.queue}
            if isinstance(entry.get("schedule"), timedelta):
                options.setdefault("expires", entry["schedule"].total_seconds())
            entries[f"{plugin.label}.{name}"] = {**entry, "options": options}
    return entries
