"""What the worker does a moment after a change, done at once: a test has no worker beside it."""

import pytest
from django.test import TestCase

from workers import outbox
from workers.tasks import publish
from workers.tasks.background import drain_outbox


def follow_up() -> int:
    """Hand every due event of the outbox to its handlers, plugins' among them, and write the publications they ask for.

    Other tasks that a handler enqueues wait, as they would for a worker. Returns how many events there were.
    """
    with pytest.MonkeyPatch.context() as instead:
        # Nobody is to be woken, and what the queue of publications would do is done here.
        instead.setattr(drain_outbox, "apply_async", lambda **options: None)
        for task in (publish.rewrite_publications, publish.finish_image):
            instead.setattr(task, "delay", task.run)
        # The transaction of a test is never committed: what waits for that runs when the events are handled.
        with TestCase.captureOnCommitCallbacks(execute=True):
            return outbox.drain()
