"""Fixtures of the live blog's tests. Models are imported inside: this file is read before Django is set up."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def make_liveblog(db: None) -> Callable[..., Any]:
    """Makes a live blog page; published unless ``live=False``."""
    from plugins.liveblog.models import LiveBlogPage
    from tests.support.content import make_page

    def make(title: str = "Шторм на лимані", **options: Any) -> Any:
        return make_page(LiveBlogPage, title, **options)

    return make


@pytest.fixture
def liveblog(make_liveblog: Callable[..., Any]) -> Any:
    """A published live blog on which nobody has posted."""
    return make_liveblog()


@pytest.fixture
def post() -> Callable[..., Any]:
    """Posts an entry as the desk does."""
    from plugins.liveblog import services

    def posted(page: Any, headline: str = "", **fields: Any) -> Any:
        return services.post(page.pk, by=None, headline=headline, **fields)

    return posted


@pytest.fixture
def editor(db: None) -> Client:
    """A browser in which an editor is logged in."""
    from tests.support.content import make_editor

    browser = Client()
    browser.force_login(make_editor())
    return browser
