"""`python -m cms.project.devmail FOLDER`: the development SMTP server. It keeps every message as a file.

A real server in a process of its own, so that mail takes the same road as in production. Failures can be tried: an
address whose local part begins with `reject` is refused for good (550), with `tempfail` for now (451).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import secrets
import signal
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
_LARGEST = 25 * 1024 * 1024


class Keeper:
    """Handler of aiosmtpd: judges recipients and writes messages."""

    def __init__(self, folder: Path, delay: float = 0.0) -> None:
        self.folder, self.delay = folder, delay

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        local = address.rpartition("@")[0].lower()
        if not local:
            return "501 5.1.3 An address needs a name, an @ and a domain"
        if local.startswith("reject"):
            return "550 5.1.1 No such mailbox (this server refuses addresses that begin with reject)"
        if local.startswith("tempfail"):
            return "451 4.2.0 Try again later (this server puts off addresses that begin with tempfail)"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.delay:
            await asyncio.sleep(self.delay)
        name = keep(self.folder, envelope)
        return f"250 2.0.0 Kept as {name}"


def keep(folder: Path, envelope: Envelope) -> str:
    """Write one message, whole or not at all. Who it was really sent to is put before it, as MTAs do."""
    content = envelope.content or b""
    body = content if isinstance(content, bytes) else content.encode()
    head = f"X-Envelope-From: {_one_line(envelope.mail_from or '')}\r\n"
    head += "".join(f"X-Envelope-To: {_one_line(address)}\r\n" for address in envelope.rcpt_tos)
    # Names sort in the order of arrival.
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}.eml"
    half = folder / f".{name}.tmp"
    with half.open("wb") as handle:
        handle.write(head.encode() + body)
        handle.flush()
        os.fsync(handle.fileno())
    half.rename(folder / name)
    return name


def _one_line(text: str) -> str:
    return text.replace("\r", "").replace("\n", "")


async def serve(folder: Path, port: int, delay: float = 0.0) -> None:
    """Serve on loopback until SIGTERM or SIGINT."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".*.tmp"):
        left.unlink(missing_ok=True)
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    handler = Keeper(folder, delay)

    def session() -> SMTP:
        return SMTP(handler, data_size_limit=_LARGEST, enable_SMTPUTF8=True, ident="Ostriv development mail", loop=loop)

    server = await loop.create_server(session, HOST, port)
    print(f"keeping mail in {folder}, listening on {HOST}:{server.sockets[0].getsockname()[1]}", flush=True)  # noqa: T201
    async with server:
        await over.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="cms.project.devmail", description="Keep every mail as a file.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before a message is accepted (for tests)")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(options.folder, options.port, options.delay))


if __name__ == "__main__":
    main()
