"""Editions on their way, with real processes: the worker is killed in the middle, and nobody has the mail twice."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import httpx
import pytest

from cms.project import mailbox
from tests.support.stack import Stack

READERS = 300
SECONDS_A_MESSAGE = 0.03

PREPARE = """
from datetime import timedelta
from django.utils import timezone
from cms.newsletters.services import schedule_dispatch
from tests.support.newsletters import add_readers, make_edition, make_newsletter
for slug, readers in (("killed", {readers}), ("oneclick", 1)):
    newsletter = make_newsletter(slug=slug, name=slug)
    add_readers(newsletter, readers, stem=slug + ".")
    schedule_dispatch(make_edition(newsletter, title=slug), timezone.now() + timedelta(days=1))
"""


@pytest.fixture(scope="module")
def _scheduled(stack: Stack) -> None:
    """Two newsletters with readers, and an edition of each that an editor scheduled for tomorrow."""
    stack.python(PREPARE.format(readers=READERS))


def its_moment_comes(stack: Stack, slug: str) -> int:
    """Make tomorrow today, for one dispatch. Beat finds it. Returns its id."""
    ((dispatch,),) = stack.sql(
        "UPDATE newsletters_dispatch SET scheduled_at = now() WHERE subject = %s RETURNING id", (slug,)
    )
    return int(dispatch)


def received(stack: Stack, slug: str) -> Counter[str]:
    kept = mailbox.newest_first(stack.mail_dir, to=f"{slug}.")
    return Counter(recipient for each in kept for recipient in each.recipients)


def by_state(stack: Stack, dispatch: int) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for state, address in stack.sql(
        "SELECT state, email FROM newsletters_delivery WHERE dispatch_id = %s", (dispatch,)
    ):
        found.setdefault(state, set()).add(address)
    return found


def is_over(stack: Stack, dispatch: int) -> bool:
    return stack.sql("SELECT state FROM newsletters_dispatch WHERE id = %s", (dispatch,)) == [("sent",)]


@pytest.fixture
def _slow_mail(stack: Stack) -> Iterator[None]:
    """The mail server takes its time over each message, so that there is a middle to kill in."""
    with stack.with_options("mail", "--delay", str(SECONDS_A_MESSAGE)):
        yield


@pytest.mark.usefixtures("_scheduled", "_slow_mail")
def test_killing_the_worker_sends_nothing_twice_and_loses_nobody(stack: Stack, poll: Callable[..., Any]) -> None:
    dispatch = its_moment_comes(stack, "killed")
    poll(lambda: len(received(stack, "killed")) >= 40, what="the first messages")
    stack.kill("worker")
    before = len(received(stack, "killed"))
    assert before < READERS, "the worker was done before it was killed"
    stack.start("worker")
    poll(lambda: is_over(stack, dispatch), deadline=150, what="the dispatch goes on and ends by itself")

    mails, states = received(stack, "killed"), by_state(stack, dispatch)
    sent, uncertain = states.pop("sent"), states.pop("uncertain", set())
    assert not states
    assert max(mails.values()) == 1, "somebody has the mail twice"
    assert len(sent) + len(uncertain) == READERS
    assert sent <= set(mails)
    # One sender was at work, and it holds one message at a time.
    assert len(uncertain) <= 1


@pytest.mark.usefixtures("_scheduled")
def test_a_reader_subscribes_gets_the_edition_and_leaves_by_one_click(stack: Stack, poll: Callable[..., Any]) -> None:
    reader = "oneclick.reader@example.org"
    path = "/api/v1/newsletters/oneclick/subscriptions/"
    answer = post(stack, path, json.dumps({"email": reader, "locale": "en"}), "application/json")
    assert answer == (202, '{"status":"confirmation_sent"}')

    question = poll(lambda: newest(stack, reader, "Confirm"), what="the confirmation message")
    (path,) = re.findall(r"(/newsletters/confirm/\S+)", plain(question))
    assert stack.get(path).status == 200
    assert state_of(stack, reader) == "pending"
    assert post(stack, path)[0] == 200
    assert state_of(stack, reader) == "confirmed"

    its_moment_comes(stack, "oneclick")
    edition = poll(lambda: newest(stack, reader, "oneclick"), what="the edition")
    assert edition["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = edition["List-Unsubscribe"].strip("<>")
    assert link.startswith(f"{stack.url}/newsletters/unsubscribe/")
    assert post(stack, link.removeprefix(stack.url), "List-Unsubscribe=One-Click")[0] == 200
    assert state_of(stack, reader) == "unsubscribed"


def state_of(stack: Stack, reader: str) -> str:
    ((state,),) = stack.sql(
        "SELECT subscription.state FROM newsletters_subscription subscription"
        " JOIN newsletters_subscriber subscriber ON subscriber.id = subscription.subscriber_id WHERE email = %s",
        (reader,),
    )
    return str(state)


def newest(stack: Stack, reader: str, subject: str) -> EmailMessage | None:
    found = (kept.message for kept in mailbox.newest_first(stack.mail_dir, to=reader))
    return next((message for message in found if message["Subject"].startswith(subject)), None)


def plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def post(stack: Stack, path: str, body: str = "", kind: str = "application/x-www-form-urlencoded") -> tuple[int, str]:
    answer = httpx.post(stack.url + path, content=body, headers={"Content-Type": kind}, timeout=15, trust_env=False)
    return answer.status_code, answer.text
