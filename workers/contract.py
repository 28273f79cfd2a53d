"""What a plugin may import from the workers' room."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from celery import shared_task

from cms.registry.claims import claim
from cms.registry.discovery import PluginError
from cms.registry.owners import owner_of
from cms.registry.states import is_running
from workers.events import on

__all__ = ["on", "plugin_task"]

logger = logging.getLogger(__name__)


def plugin_task(label: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """A Celery task on the plugin's own queue, so that a slow plugin holds up nobody else.

    ``label`` is the plugin's; the task's name becomes ``<label>.<function>``. Arguments must be plain JSON values,
    and the task must be safe to run twice. Other options are Celery's. While the plugin is switched off or rests, its
    tasks are dropped: what must not be lost is a row in the database that an entry of ``schedule.py`` looks for.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        if owner_of(function) != label:
            raise PluginError(f"{function.__module__}.{function.__name__} is no task of the plugin {label!r}.")
        name = f"{label}.{function.__name__}"
        claim("task", name, label, by=function.__module__)

        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            if not is_running(label):
                logger.info("Task %s was not run: its plugin is switched off or rests", name)
                return None
            return function(*args, **kwargs)

        return shared_task(name=name, **options)(run)  # type: ignore[no-untyped-call]

    return decorate
