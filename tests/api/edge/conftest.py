"""A lane of its own for each test, on data that is really committed: what it reads on its own connection is there."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.waiting import poll


def trusted(lane: Any) -> bool:
    """Whether the lane hears what changes, and may answer from memory."""
    from time import monotonic

    return bool(monotonic() < lane.listener.trusted_until)


@pytest.fixture
def lanes(transactional_db: None, settings: Any) -> Iterator[Any]:
    """Makes lanes, as many web processes would have them: each has its own memory."""
    from django.core.wsgi import get_wsgi_application

    from api.edge.lane import in_front_of

    made = []

    def make() -> Any:
        lane = in_front_of(get_wsgi_application())
        made.append(lane)
        poll(lambda: trusted(lane), what="the lane hears the database")
        return lane

    yield make
    for lane in made:
        lane.stop()


@pytest.fixture
def lane(lanes: Any) -> Any:
    return lanes()


@pytest.fixture
def reader() -> Any:
    """Makes readers of a lane; each may say from which address it comes."""

    def make(lane: Any, address: str = "192.0.2.1") -> httpx.Client:
        transport = httpx.WSGITransport(app=lane, remote_addr=address)
        return httpx.Client(transport=transport, base_url="http://localhost/api/v1", headers={"Accept-Encoding": ""})

    return make


@pytest.fixture
def web(lane: Any, reader: Any) -> httpx.Client:
    """One reader of one lane."""
    return reader(lane)
