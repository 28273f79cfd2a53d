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
def worker(commits: Any) -> Any:
    """Does at once what the worker would do soon: drains the outbox, and runs the tasks that it asks for."""
    from ostriv.testing.background import follow_up

    return follow_up
