"""A message as the bytes that go over the wire.

The form is always the same, multipart/alternative with a text and an HTML part, so it is put together here from
encoded pieces: several times faster than through ``email.message``, which matters when a list is long, and
without that package's habit of folding a long header right after its name.
"""

import base64
import secrets
from email.header import Header
from email.utils import formatdate, make_msgid

from cms.newsletters.links import unsubscribe_url
from cms.newsletters.models import Dispatch
from cms.newsletters.rendering import RenderedMessage
from cms.newsletters.sending.claims import Claim

#: RFC 5322, 2.1.1: a line has at most 998 characters, its end not counted.
LONGEST_LINE = 998


def compose(
    message: RenderedMessage,
    *,
    to: str,
    from_name: str,
    from_email: str,
    reply_to: str = "",
    headers: dict[str, str] | None = None,
) -> bytes:
    """A multipart/alternative message, plain text first. Raises ValueError for what can't be a header."""
    # No base64 line has a "=_" in it, so no part can hold the boundary (RFC 2045, 6.7).
    boundary = f"=_{secrets.token_hex(16)}"
    head = {
        "Date": formatdate(),
        "Message-ID": make_msgid(domain=from_email.rpartition("@")[2]),
        "To": to,
        **({"Reply-To": reply_to} if reply_to else {}),
        "Subject": message.subject,
        **(headers or {}),
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{boundary}"',
    }
    lines = [f"From: {_mailbox(from_name, from_email)}\r\n", *(_header(*each) for each in head.items())]
    return b"".join(
        [
            "".join(lines).encode("ascii"),
            _part(boundary, "plain", message.text),
            _part(boundary, "html", message.html),
            f"\r\n--{boundary}--\r\n".encode("ascii"),
        ]
    )


def _header(name: str, value: str) -> str:
    return f"{name}: {_encoded(name, value)}\r\n"


def _encoded(name: str, value: str) -> str:
    """The value as RFC 2047 has it, folded if it is not ASCII."""
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ValueError(f"A control character in the header {name}: {value!r}")
    if not value.isascii():
        return Header(value, "utf-8", header_name=name).encode(linesep="\r\n")
    if len(name) + len(value) + 2 > LONGEST_LINE:
        raise ValueError(f"The header {name} is too long")
    return value


def _mailbox(name: str, address: str) -> str:
    """``"Name" <address>``."""
    if not name:
        return _encoded("From", address)
    if name.isascii():
        name = '"{}"'.format(name.replace("\\", "\\\\").replace('"', '\\"'))
    return f"{_encoded('From', name)} <{_encoded('From', address)}>"


def _part(boundary: str, subtype: str, text: str) -> bytes:
    # Base64, as Cyrillic in quoted-printable is six characters a letter; and no mail server need know 8BITMIME.
    head = (
        f"\r\n--{boundary}\r\n"
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    canonical = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return head.encode("ascii") + base64.encodebytes(canonical.encode()).replace(b"\n", b"\r\n")


def message_id(dispatch: Dispatch, delivery_id: int) -> str:
    """The same for every attempt at this delivery, so that a message which arrived twice is seen to be one."""
    domain = dispatch.from_email.rpartition("@")[2]
    return f"<{dispatch.key.hex}.{delivery_id}@{domain}>"


def letter_of(dispatch: Dispatch, claim: Claim) -> bytes:
    """One recipient's message of a frozen dispatch, with the headers that mailbox providers ask of bulk mail."""
    url = unsubscribe_url(claim.subscription_id or 0, claim.delivery_id)
    frozen = RenderedMessage(dispatch.subject, dispatch.html, dispatch.text)
    return compose(
        frozen.for_recipient(claim.email, url),
        to=claim.email,
        from_name=dispatch.from_name,
        from_email=dispatch.from_email,
        reply_to=dispatch.reply_to,
        headers={
            "Message-ID": message_id(dispatch, claim.delivery_id),
            "List-Id": f"<{dispatch.list_id}>",
            # RFC 2369 and RFC 8058: a mailbox program ends the subscription by one POST to this address.
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
