"""What a plugin may import from the workers' room."""

from collections.abc import Callable
from typing import Any

from celery import shared_task

from workers.events import on

__all__ = ["on", "plugin_task"]


def plugin_task(label: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """A Celery task on the plugin's own queue, so that a slow plugin holds up nobody else.

    ``label`` is the plugin's; the task's name becomes ``<label>.<function>``. Arguments must be plain JSON values,
    and the task must be safe to run twice. Other options are Celery's.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        name = f"{label}.{function.__name__}"
        return shared_task(name=name, **options)(function)  # type: ignore[no-untyped-call]

    return decorate
