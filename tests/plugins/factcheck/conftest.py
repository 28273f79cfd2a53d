"""Fixtures of the fact-checks' tests."""

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
