"""Whoever follows a real installation: receivers of webhooks, and the follower that docs/sync.md shows."""

import json
import re
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from cms.up.plan import PROJECT
from tests.support.receiving import Receiver, Reply, Request, receiving
from tests.support.stack import Stack

Poll = Callable[..., Any]

_PUBLISH = """
import json
from tests.support.content import make_article
print(json.dumps([[page.pk, page.slug] for page in map(make_article, json.loads({names!r}))]))
"""
_UNPUBLISH = "from cms.content.models import ArticlePage; ArticlePage.objects.get(pk={pk}).unpublish()"
_ENDPOINT = """
import json
from cms.webhooks import services
from cms.webhooks.models import Endpoint
endpoint = Endpoint(url={url!r}, rate=100)
services.begin(endpoint)
print(json.dumps([endpoint.pk, services.reveal(endpoint.pk)]))
"""
_RESUME = "from cms.webhooks import services; services.resume({pk})"


class Told:
    """An endpoint of the installation whose receiver is ours."""

    def __init__(self, stack: Stack, receiver: Receiver) -> None:
        self.stack, self.receiver = stack, receiver
        self.pk, self.secret = json.loads(stack.python(_ENDPOINT.format(url=receiver.url)))

    def of(self, page_id: int) -> list[Request]:
        """Verified requests that tell of this page; others that share the installation publish too."""
        found = []
        for request in list(self.receiver.requests):
            event = Webhook(self.secret).verify(request.body, request.headers)
            if event["data"].get("id") == page_id:
                found.append(request)
        return found

    def state(self) -> tuple[str, str]:
        ((state, reason),) = self.stack.sql("SELECT state, reason FROM webhooks_endpoint WHERE id = %s", [self.pk])
        return state, reason

    def deliveries(self, page_id: int) -> list[str]:
        return [
            state
            for (state,) in self.stack.sql(
                "SELECT state FROM webhooks_delivery WHERE endpoint_id = %s AND page_id = %s ORDER BY id",
                [self.pk, page_id],
            )
        ]

    def pass_days(self, days: int) -> None:
        """It has failed for so long, often, and everything is due again."""
        self.stack.sql(
            "UPDATE webhooks_endpoint SET failing_since = now() - %s * interval '1 day', failures = 10,"
            " rests_until = NULL WHERE id = %s",
            [days, self.pk],
        )
        self.stack.sql(
            "UPDATE webhooks_delivery SET next_attempt_at = now() WHERE endpoint_id = %s AND state = 'pending'",
            [self.pk],
        )


@pytest.fixture
def told(stack: Stack) -> Iterator[Told]:
    with receiving() as receiver:
        made = Told(stack, receiver)
        try:
            yield made
        finally:
            receiver.answer = lambda request: Reply()
            stack.sql("UPDATE webhooks_endpoint SET state = 'paused', reason = 'by_hand' WHERE id = %s", [made.pk])


def publish(stack: Stack, number: int = 1) -> list[tuple[int, str]]:
    """New articles with names of their own: ids and slugs."""
    names = [f"Новина {uuid.uuid4().hex[:8]}" for _n in range(number)]
    return [(pk, slug) for pk, slug in json.loads(stack.python(_PUBLISH.format(names=json.dumps(names))))]


def ids(requests: list[Request]) -> set[str]:
    return {request.headers["webhook-id"] for request in requests}


def test_what_is_published_is_told_and_signed(stack: Stack, told: Told, poll: Poll) -> None:
    ((page, slug),) = publish(stack)

    poll(lambda: told.deliveries(page) == ["delivered"], what="the delivery")

    (request,) = told.of(page)
    document = json.loads(request.body)
    assert (document["type"], document["data"]["slug"]) == ("content.publish", slug)
    assert document["data"]["url"].endswith(f"/{slug}/")


def test_a_receiver_that_fails_is_told_again_paused_and_told_when_resumed(stack: Stack, told: Told, poll: Poll) -> None:
    told.receiver.answer = lambda request: Reply(500)
    ((page, _slug),) = publish(stack)

    poll(lambda: len(told.of(page)) >= 2, what="another attempt")
    told.pass_days(4)
    poll(lambda: told.state() == ("paused", "failing"), what="the pause")
    ((later, _slug),) = publish(stack)
    told.receiver.answer = lambda request: Reply()
    stack.python(_RESUME.format(pk=told.pk))

    poll(lambda: told.deliveries(page) + told.deliveries(later) == ["delivered"] * 2, what="the rest")
    assert told.state() == ("active", "")
    assert len(ids(told.of(page))) == 1, "each attempt has the id of the first"


def test_a_worker_that_is_killed_while_it_sends_loses_nothing(stack: Stack, told: Told, poll: Poll) -> None:
    answered = threading.Event()
    told.receiver.answer = lambda request: Reply(wait=answered)
    pages = [page for page, _slug in publish(stack, 3)]
    try:
        poll(lambda: told.receiver.requests, what="the first request")
        stack.kill("worker")
        assert "sending" in [state for page in pages for state in told.deliveries(page)]
    finally:
        answered.set()
        stack.start("worker")
        stack.wait_ready()

    poll(lambda: [told.deliveries(page) for page in pages] == [["delivered"]] * 3, what="all of them")
    assert all(len(ids(told.of(page))) == 1 for page in pages)


def test_the_follower_of_the_documentation_keeps_a_mirror(stack: Stack, tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "sync.md").read_text()
    script = next(code for code in re.findall(r"```python\n(.*?)```", page, re.S) if "CURSOR" in code)
    (tmp_path / "follower.py").write_text(script)
    mirror = tmp_path / "mirror"

    def follow() -> set[str]:
        command = [sys.executable, str(tmp_path / "follower.py"), stack.url, str(mirror)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={**stack.env, "no_proxy": "*"})
        assert done.returncode == 0, done.stderr
        return {file.stem for file in mirror.glob("*.json")}

    def public() -> set[str]:
        return {str(pk) for (pk,) in stack.sql("SELECT page_id FROM api_publication")}

    (stays, slug), (goes, _slug) = publish(stack, 2)
    assert follow() == public()
    assert json.loads((mirror / f"{stays}.json").read_text())["slug"] == slug

    stack.python(_UNPUBLISH.format(pk=goes))
    assert follow() == public()
    assert str(goes) not in public()

    (mirror / "cursor").write_text("Yy45OTk5OTk5LjE")  # of a log that goes on beyond ours
    (mirror / "0.json").write_text("{}")
    assert follow() == public()
