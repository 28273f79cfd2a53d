"""Content of many types in one list: one query whatever they are, and each as its type shows it."""

from typing import Any

import pytest
from django.test import Client

from api.answers.filtering import active_types
from ostriv.testing.pages import build
from tests.support.content import api

pytestmark = pytest.mark.django_db


def _plugins_types() -> list[Any]:
    from cms.registry.owners import owner_of

    return [model for model in active_types().values() if owner_of(model) and model.listed]


def test_twenty_items_of_six_types_take_as_many_queries_as_one(client: Client, django_assert_num_queries: Any) -> None:
    models = _plugins_types()
    if len(models) < 6:
        pytest.skip("fewer than six content types of plugins are enabled")
    made = [build(models[number % len(models)], word=f"мис{number}") for number in range(24)]
    with django_assert_num_queries(1):
        assert len(api(client, "/content/", page_size="1")["results"]) == 1
    shown = {page.get_type_name() for page in made}
    with django_assert_num_queries(1):
        results = api(client, "/content/", page_size="20")["results"]

    assert len(results) == 20
    assert len({each["type"] for each in results}) >= 6
    assert {each["type"] for each in results} <= shown
