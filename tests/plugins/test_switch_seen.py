"""A switch of a plugin, as readers meet it through the web processes that answer from memory."""

from typing import Any

import pytest

from tests.api.edge.conftest import lanes, reader  # noqa: F401  (fixtures)
from tests.support.content import make_page
from tests.support.waiting import poll

pytestmark = pytest.mark.plugin("pressreview")


def test_a_plugin_that_is_switched_off_takes_its_content_with_it_at_once(
    lanes: Any,  # noqa: F811
    reader: Any,  # noqa: F811
) -> None:
    from cms.content.types import content_types
    from cms.registry import states

    make_page(content_types()["pressreview"], "Огляд")
    processes = [reader(lanes()), reader(lanes())]
    try:
        for each in processes:
            assert len(each.get("/content/").json()["results"]) == 1
        states.deactivate("pressreview")
        for each in processes:
            poll(lambda each=each: each.get("/content/").json()["results"] == [])
        states.activate("pressreview")
        for each in processes:
            poll(lambda each=each: len(each.get("/content/").json()["results"]) == 1)
    finally:
        states.forget()
