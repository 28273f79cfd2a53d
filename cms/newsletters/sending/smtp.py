"""One SMTP session, step by step, so that it is known how far each message got (RFC 5321)."""

import smtplib
from collections.abc import Callable
from types import TracebackType

from django.core.mail.backends.smtp import EmailBackend


class Refused(Exception):
    """The server answered, and the answer is no: this message was certainly not taken.

    ``code`` is the SMTP reply code, 0 where there was no answer because there was no connection. ``unusable`` is
    true if the server refuses us (no connection, a wrong password, our sender's address): no other message would
    fare better, and nothing is said about this one. ``permanent`` is true for a 5xx about this message.
    ``recipient`` is true if it was the recipient's address that was refused, ``sender`` if it was ours.
    """

    def __init__(
        self, code: int, text: str, *, recipient: bool = False, unusable: bool = False, sender: bool = False
    ) -> None:
        super().__init__(f"{code} {text}" if code else text)
        self.code = code
        self.text = text
        self.permanent = 500 <= code < 600 and not unusable
        self.recipient = recipient
        self.unusable = unusable
        self.sender = sender


class OutcomeUnknown(Exception):
    """The message went out and no answer came back: it may have been taken, or not."""


class SmtpSession:
    """A connection to the mail server of ``EMAIL_URL``; opened when it is first needed, and again after a loss."""

    def __init__(self) -> None:
        self._backend = EmailBackend()

    def __enter__(self) -> "SmtpSession":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            self._drop()

    @property
    def _smtp(self) -> smtplib.SMTP:
        assert self._backend.connection is not None
        return self._backend.connection

    def open(self) -> None:
        """Connect, unless connected. Raises Refused."""
        try:
            self._backend.open()
        except smtplib.SMTPResponseException as error:
            # Wrong password, too many connections: about this session, and about no message.
            raise Refused(error.smtp_code, _decoded(error.smtp_error), unusable=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Refused(0, f"The mail server can't be reached: {error}", unusable=True) from error

    def hand_over(self, sender: str, recipient: str, message: bytes, begin: Callable[[], bool]) -> tuple[int, str]:
        """Send one message. Returns the server's reply when it took it.

        ``begin`` is called at the last moment before the content goes out; if it returns False the message is
        withdrawn. Raises Refused; after ``begin`` also OutcomeUnknown.
        """
        self.open()
        smtp = self._smtp
        try:
            smtp.ehlo_or_helo_if_needed()
            size = [f"size={len(message)}"] if smtp.has_extn("size") else []
            self._expect(smtp.mail(sender, size), sender=True)
            self._expect(smtp.rcpt(recipient), recipient=True)
        except Refused:
            raise
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Refused(0, f"The connection to the mail server broke: {error}") from error
        if not begin():
            self._reset()
            raise Withdrawn
        try:
            reply = smtp.data(message)
        except smtplib.SMTPDataError as error:  # said no before any content went out
            self._after_refusal(error.smtp_code)
            raise Refused(error.smtp_code, _decoded(error.smtp_error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise OutcomeUnknown(str(error) or type(error).__name__) from error
        self._expect(reply)
        return reply[0], _decoded(reply[1])

    def _expect(self, reply: tuple[int, bytes], *, recipient: bool = False, sender: bool = False) -> None:
        code, text = reply
        if code == -1:  # smtplib's mark for an answer that is none
            self._drop()
            raise Refused(0, "The mail server's answer made no sense.")
        if not 200 <= code < 300:
            self._after_refusal(code)
            # 421 may only mean "enough for this session": the next one will tell.
            raise Refused(code, _decoded(text), recipient=recipient, sender=sender, unusable=sender and code != 421)

    def _after_refusal(self, code: int) -> None:
        """Make the session ready for the next message, or let it go; the next message opens another."""
        if code == 421:  # "closing transmission channel"
            self._drop()
        else:
            self._reset()

    def _reset(self) -> None:
        try:
            self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._backend.connection is not None:
            self._backend.connection.close()
            self._backend.connection = None


class Withdrawn(Exception):
    """The message was taken away at the last moment: its reader unsubscribed, or an editor stopped the dispatch."""


def _decoded(text: bytes | str) -> str:
    return (text.decode("utf-8", "replace") if isinstance(text, bytes) else text)[:1000]
