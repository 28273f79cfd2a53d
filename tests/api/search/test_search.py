"""Search through the API: what is found, in which order, and how it is shown."""

import pytest
from django.test import Client

from tests.support.content import api, body, make_article

pytestmark = pytest.mark.django_db


def test_first(client: Client) -> None:
    page = make_article(
        "Вибори мера Києва перенесли",
        lede="Рада ухвалила рішення.",
        body=body(("text", "<p>Депутати голосували вночі.</p>")),
    )
    found = api(client, "/search/", q="виборами києву")
    assert [each["id"] for each in found["results"]] == [page.pk]
    print(found)
