"""Reading what the development SMTP server kept."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}-[0-9a-f]{8}")
_FORMAT = "%Y%m%dT%H%M%S.%f"


@dataclass(frozen=True)
class Kept:
    """One message: its id (file name without suffix), when it came, and its raw bytes."""

    id: str
    received_at: datetime
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def recipients(self) -> list[str]:
        return [str(value) for value in self.message.get_all("X-Envelope-To", [])]

    def part(self, kind: str) -> str:
        """Text of the `html` or `plain` part, "" without one."""
        part = self.message.get_body((kind,))
        if part is None:
            return ""
        try:
            return str(part.get_content())
        except (LookupError, ValueError):  # an unknown charset: better a few wrong letters than none
            payload = part.get_payload(decode=True)
            return payload.decode(errors="replace") if isinstance(payload, bytes) else ""

    def attachments(self) -> list[dict[str, Any]]:
        found = []
        for part in self.message.iter_attachments():
            payload = part.get_payload(decode=True)
            size = len(payload) if isinstance(payload, bytes) else 0
            found.append({"name": part.get_filename() or "", "type": part.get_content_type(), "size": size})
        return found

    def summary(self) -> dict[str, Any]:
        message = self.message
        return {
            "id": self.id,
            "received_at": self.received_at.isoformat().replace("+00:00", "Z"),
            "from": str(message.get("From", "")),
            "to": self.recipients,
            "subject": str(message.get("Subject", "")),
        }

    def document(self) -> dict[str, Any]:
        """All of it, as JSON values."""
        return {
            **self.summary(),
            "headers": [[name, str(value)] for name, value in self.message.items()],
            "html": self.part("html"),
            "text": self.part("plain"),
            "attachments": self.attachments(),
        }


def newest_first(folder: Path, *, to: str = "") -> Iterator[Kept]:
    """Messages of the folder; with `to`, those whose envelope has a recipient that contains it."""
    wanted = to.strip().lower()
    for path in sorted(folder.glob("*.eml"), reverse=True):
        kept = load(folder, path.stem)
        if kept and (not wanted or any(wanted in recipient.lower() for recipient in kept.recipients)):
            yield kept


def load(folder: Path, message_id: str) -> Kept | None:
    """One message by its id; an id of another form is nobody's."""
    if not _NAME.fullmatch(message_id):
        return None
    try:
        raw = (folder / f"{message_id}.eml").read_bytes()
    except OSError:
        return None
    received = datetime.strptime(message_id.partition("-")[0], _FORMAT).replace(tzinfo=UTC)
    return Kept(message_id, received, raw)
