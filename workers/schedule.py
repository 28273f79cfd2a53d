"""What beat does, and how often. Every entry is a sweep: it finds due work in the database, and may find none."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from cms.registry.discovery import PluginError

Schedule = dict[str, dict[str, Any]]

#: The core's task modules.
TASK_MODULES = (
    "workers.tasks.background",
    "workers.tasks.campaigns",
    "workers.tasks.cdn",
    "workers.tasks.mail",
    "workers.tasks.publish",
    "workers.tasks.search",
    "workers.tasks.webhooks",
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
    "images": _every("publish.finish_images", "publish", timedelta(seconds=15)),
    "reconcile": _every("publish.reconcile", "publish", timedelta(minutes=10)),
    "search-fill": _every("search.fill", "background", timedelta(minutes=1)),
    "search-learn": _every("search.learn", "background", timedelta(seconds=10)),
    "search-sweep": _every("search.sweep", "background", timedelta(days=1)),
    "search-measure": _every("search.measure", "background", timedelta(minutes=15)),
    "mail-sweep": _every("mail.sweep", "mail", timedelta(seconds=5)),
    "webhooks": _every("campaigns.retry_webhooks", "campaigns", timedelta(seconds=15)),
    "donation-pages": _every("campaigns.reconcile_pages", "campaigns", timedelta(seconds=30)),
    "webhooks-out": _every("webhooks.send", "background", timedelta(seconds=5)),
    "webhooks-forget": _every("webhooks.forget", "background", timedelta(days=1)),
    "cdn": _every("cdn.purge", "background", timedelta(seconds=5)),
    "changes-forget": _every("changes.forget", "background", timedelta(days=1)),
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
