"""When Wagtail's two indexes, search and references, are written: once for each time that a page is saved.

Wagtail enqueues a task for each row of a page that is saved, and runs it at once: an article with three authors is
read and indexed four times, the first time before its authors are there.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.crypto import get_random_string
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from modelcluster.fields import ParentalKey

#: What a draft changes on the row of its page: nothing that an index holds.
OF_A_DRAFT = frozenset(["latest_revision_created_at", "draft_title", "latest_revision", "has_unpublished_changes"])

Key = tuple[str, str, str]
_Waiting = dict[tuple[str, Key], Task[Any, Any]]
_waiting: ContextVar[_Waiting | None] = ContextVar("waiting", default=None)


class AfterSaving(ImmediateBackend):
    """Runs tasks at once; within ``indexed_once`` at its end."""

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        waiting = _waiting.get()
        if waiting is None or kwargs or not _is_key(args):
            return super().enqueue(task, args, kwargs)
        waiting[task.module_path, tuple(args)] = task
        return TaskResult(
            task=task,
            id=get_random_string(32),
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs={},
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


@contextmanager
def indexed_once(page: Model, update_fields: Iterable[str] | None) -> Iterator[None]:
    """Let the tasks of this page and of its children wait, and run each once when all of them are saved.

    ``update_fields`` are the page's fields that are saved, all if None. If it fails, nothing is run.
    """
    if _waiting.get() is not None:  # of a page that is saved because another is
        yield
        return
    waiting: _Waiting = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    own = (page._meta.app_label, page._meta.model_name or "", str(page.pk))
    saved = {each.name for each in page._meta.concrete_fields} & set(update_fields or ())
    if update_fields is not None and saved <= OF_A_DRAFT:
        waiting = {place: task for place, task in waiting.items() if place[1] != own}
    whole = {(task, own if _is_child(key, page) else key): None for (_, key), task in waiting.items()}
    for task, key in whole:
        task.enqueue(*key)


def _is_key(args: Any) -> bool:
    return len(args) == 3 and all(isinstance(each, str) for each in args)


def _is_child(key: Key, page: Model) -> bool:
    """Whether the row of this key is a part of the page: it is indexed with it."""
    fields = apps.get_model(*key[:2])._meta.get_fields()
    return any(isinstance(each, ParentalKey) and isinstance(page, each.related_model) for each in fields)
