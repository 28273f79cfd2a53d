"""Newsletters, subscribers, editions and a mail server for the tests."""

import asyncio
import email
import email.policy
import threading
from collections import Counter
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.utils import timezone

from cms.embedded.processes import free_port
from cms.newsletters.models import Delivery, Dispatch, Newsletter
from cms.newsletters.services import add_confirmed_subscriber
from ostriv.testing.newsroom import make_edition, make_newsletter
from tests.support.content import make_article

__all__ = [  # factories that live with the content, and with what every plugin's tests have
    "Mailbox",
    "add_readers",
    "make_article",
    "make_due",
    "make_edition",
    "make_newsletter",
    "start_mailbox",
    "states",
]


def add_readers(newsletter: Newsletter, count: int, stem: str = "reader") -> list[str]:
    addresses = [f"{stem}{number}@example.org" for number in range(count)]
    for address in addresses:
        add_confirmed_subscriber(newsletter, address, source="test")
    return addresses


def states(dispatch: Dispatch) -> dict[str, str]:
    """The state of each delivery, by address."""
    return dict(dispatch.deliveries.values_list("email", "state"))


def make_due() -> None:
    """Let the pause before the next try be over, for every delivery that waits."""
    Delivery.objects.filter(state=Delivery.State.PENDING).update(next_attempt_at=timezone.now())


@dataclass
class Mailbox:
    """What a real SMTP server on loopback took. ``answers`` maps a recipient to the replies it gets, in turn."""

    port: int = 0
    received: list[tuple[str, EmailMessage]] = field(default_factory=list)
    mail_answers: list[str] = field(default_factory=list)
    rcpt_answers: dict[str, list[str]] = field(default_factory=dict)
    data_answers: dict[str, list[str]] = field(default_factory=dict)
    sessions: int = 0
    awaited: int = 0
    all_are_here: asyncio.Event = field(default_factory=asyncio.Event)
    raw: list[bytes] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_for_sessions(self, number: int) -> None:
        """Take no message before so many have come."""
        self.awaited = number

    @property
    def counted(self) -> Counter[str]:
        return Counter(address for address, _message in self.received)

    def to(self, address: str) -> EmailMessage:
        (found,) = [message for recipient, message in self.received if recipient == address]
        return found

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.sessions += 1
        if self.sessions >= self.awaited:
            self.all_are_here.set()
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.awaited:
            await self.all_are_here.wait()
        if self.mail_answers:
            return self.mail_answers.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answers := self.rcpt_answers.get(address):
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        (address,) = envelope.rcpt_tos
        if answers := self.data_answers.get(address):
            answer = answers.pop(0)
            if answer == "hang up":
                assert server.transport is not None
                server.transport.abort()
                return "250 never seen"
            if not answer.startswith("250"):
                return answer
        content = envelope.content
        assert isinstance(content, bytes)
        with self.lock:
            self.raw.append(content)
            self.received.append((address, email.message_from_bytes(content, policy=email.policy.default)))
        return "250 OK"


def start_mailbox() -> tuple[Mailbox, Controller]:
    mailbox = Mailbox()
    mailbox.port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, ready_timeout=20)
    controller.start()
    return mailbox, controller
