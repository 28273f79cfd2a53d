"""Fixtures of the API's tests."""

from typing import Any

import pytest
from django.test import Client

# Models are imported inside: this file is read before Django has its settings.


@pytest.fixture
def editor(db: None) -> Client:
    """A browser in which an editor is logged in."""
    from tests.support.content import make_editor

    browser = Client()
    browser.force_login(make_editor())
    return browser


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs what waits for a commit, which a test's transaction never makes."""
    from workers.tasks.background import drain_outbox

    monkeypatch.setattr(drain_outbox, "apply_async", lambda **options: None)
    return django_capture_on_commit_callbacks


@pytest.fixture
def worker(commits: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Does at once what the worker would do soon: drains the outbox, and runs the tasks that it asks for."""
    from workers import outbox
    from workers.tasks import publish

    for task in (publish.rewrite_publications, publish.finish_image):
        monkeypatch.setattr(task, "delay", task.run)

    def drain() -> int:
        with commits(execute=True):
            return outbox.drain()

    return drain
