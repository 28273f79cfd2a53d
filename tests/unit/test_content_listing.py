"""The list of all content in the admin."""

import pytest
from django.test import Client

from tests.support.content import make_editor

pytestmark = pytest.mark.django_db


def test_it_offers_nothing_that_cannot_be_made() -> None:
    browser = Client()
    browser.force_login(make_editor())

    page = browser.get("/admin/content/").content.decode()

    assert "choose_parent" not in page
