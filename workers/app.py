"""The Celery application. Redis carries wake-up calls and nothing that must not be lost."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.project.settings")

# Celery's own Django support looks for the variable above when the application is made, and sets Django up when a
# worker or beat starts. Settings may be read before that, models may not.
from celery import Celery
from celery.signals import beat_init, task_failure, task_prerun, worker_init
from django.conf import settings
from kombu import Queue

from workers import heartbeat  # noqa: F401  (its signals are connected by importing it)
from workers.schedule import TASK_MODULES, beat_schedule

QUEUES = ("publish", "mail", "campaigns", "background")


@worker_init.connect
@beat_init.connect
def _refuse_unfit_plugins(**kwargs: Any) -> None:
    from cms.lifecycle import boot
    from cms.registry.discovery import PluginError

    try:
        boot.check()
    except PluginError as error:
        raise SystemExit(str(error)) from error  # Celery logs any other exception here and starts all the same


@task_prerun.connect
def _know_the_plugins(**kwargs: Any) -> None:
    from cms.registry import states  # models, which are not loaded before the application is made

    states.forget()


@task_failure.connect
def _name_the_plugin(sender: Any, exception: BaseException, **kwargs: Any) -> None:
    """A task has failed for good, its retries included."""
    from cms.registry import faults
    from cms.registry.claims import claimed

    if owner := claimed("task").get(sender.name):
        faults.note(owner, f"task {sender.name}", exception)


def task_routes() -> dict[str, dict[str, str]]:
    """A task's queue follows from the first part of its name."""
    routes = {f"{queue}.*": {"queue": queue} for queue in QUEUES}
    routes |= {f"{plugin.label}.*": {"queue": plugin.queue} for plugin in settings.OSTRIV_PLUGINS}
    return routes


app = Celery("ostriv")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "global_keyprefix": "ostriv:celery:",
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        # Longer than any task may run, so that Redis hands out none twice while it is still being worked on.
        "visibility_timeout": 3600,
    },
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=1800,
    task_soft_time_limit=1740,
    task_default_queue="background",
    task_routes=task_routes(),
    task_create_missing_queues=False,
    task_queues=[Queue(name) for name in (*QUEUES, *(plugin.queue for plugin in settings.OSTRIV_PLUGINS))],
    worker_hijack_root_logger=False,
    timezone="UTC",
    beat_schedule=beat_schedule(),
    beat_schedule_filename=str(settings.DATA_DIR / "celerybeat-schedule"),
    imports=[
        *TASK_MODULES,
        *(f"{plugin.package}.tasks" for plugin in settings.OSTRIV_PLUGINS if plugin.has("tasks")),
    ],
)
