"""A guarded HTTP client for addresses that somebody has entered: a POST, its status, and the beginning of the answer.

It looks a name up once, connects to an address that was found to be public and to no other (TLS and the Host header
still have the name), follows no redirect, asks no proxy, keeps no connection, reads at most some kilobytes, and ends
after a total time whatever the other side does. Made of the standard library: no client that is in use elsewhere
offers to check the address between the look-up and the connection and to limit the whole of an exchange.
"""

import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cms.webhooks.addresses import AddressRefused, Target, is_allowed, parse

#: Seconds for looking up and connecting, for each wait after that, and for everything.
CONNECT, READ, TOTAL = 5.0, 15.0, 20.0
#: Bytes of an answer that are read, and bytes of a request that are sent at most.
LARGEST_ANSWER, LARGEST_BODY = 1024, 64 * 1024


class RequestFailed(Exception):  # noqa: N818  (the other side's, not ours)
    """There is no answer; the message says why in a few words."""


@dataclass(frozen=True)
class Answer:
    """What came back: its beginning, and headers by lower-case name."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def post(url: str, body: bytes, headers: Mapping[str, str], *, total: float = TOTAL) -> Answer:
    """Send these bytes. ``total`` is in seconds. Raises AddressRefused, before anything is sent, and RequestFailed."""
    if len(body) > LARGEST_BODY:
        raise RequestFailed("the body is too large")
    target = parse(url)
    deadline = time.monotonic() + total
    try:
        with _connected(target, deadline) as connection:
            return _exchange(connection, target, body, headers)
    except TimeoutError as error:
        raise RequestFailed("timeout") from error
    except ssl.SSLError as error:
        raise RequestFailed(f"TLS: {getattr(error, 'verify_message', '') or error.reason or error}"[:200]) from error
    except (OSError, http.client.HTTPException) as error:
        raise RequestFailed(f"{type(error).__name__}: {error}"[:200]) from error


def _exchange(
    connection: http.client.HTTPConnection, target: Target, body: bytes, headers: Mapping[str, str]
) -> Answer:
    connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
    fixed = {"Host": target.authority, "Content-Length": str(len(body)), "Connection": "close"}
    for name, value in {**headers, **fixed}.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    response = connection.getresponse()
    received = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, response.read(LARGEST_ANSWER), received)


# --- connecting -----------------------------------------------------------------------------------------------------


def _connected(target: Target, deadline: float) -> "_Connection":
    patience = min(CONNECT, deadline - time.monotonic())
    addresses = _public_addresses(target, _look_up(target, patience))
    fault: OSError = OSError("no address")
    for family, address in addresses:
        plain = _DeadlineSocket(family, socket.SOCK_STREAM)
        plain.deadline = deadline
        try:
            plain.settimeout(min(CONNECT, max(deadline - time.monotonic(), 0.001)))
            plain.connect(address)
            return _Connection(target, _wrapped(plain, target, deadline))
        except OSError as error:
            plain.close()
            fault = error
    raise fault


def _look_up(target: Target, patience: float) -> list[tuple[int, Any]]:
    """Every address of the name. In a thread, since a look-up takes no time-out of its own."""
    found: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found.put(socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM))
        except OSError as error:
            found.put(error)

    threading.Thread(target=ask, name="webhook look-up", daemon=True).start()
    try:
        result = found.get(timeout=patience)
    except queue.Empty:
        raise TimeoutError("look-up") from None
    if isinstance(result, OSError):
        raise OSError(f"the name {target.host} is not known") from result
    return [(family, address) for family, _kind, _protocol, _name, address in result]


def _public_addresses(target: Target, found: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """Those that may be connected to: it is these numbers that are connected to, and the name is not asked again."""
    allowed = [(family, address) for family, address in found if is_allowed(address[0])]
    if not allowed:
        raise AddressRefused(f"{target.host} leads to a private address")
    return allowed[:4]


def _wrapped(plain: "_DeadlineSocket", target: Target, deadline: float) -> socket.socket:
    if target.scheme == "http":
        return plain
    plain.settimeout(max(min(READ, deadline - time.monotonic()), 0.001))
    secure = _tls().wrap_socket(plain, server_hostname=target.host)
    secure.deadline = deadline
    return secure


@cache
def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.sslsocket_class = _DeadlineTLSSocket
    return context


class _Deadline:
    """A socket that waits for one piece at most ``READ`` seconds, and for all of them until ``deadline``."""

    deadline: float = 0.0

    def recv_into(self, *arguments: Any, **options: Any) -> int:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the whole exchange")
        self.settimeout(min(READ, left))  # type: ignore[attr-defined]
        return super().recv_into(*arguments, **options)  # type: ignore[misc]


class _DeadlineSocket(_Deadline, socket.socket):
    pass


class _DeadlineTLSSocket(_Deadline, ssl.SSLSocket):
    pass


class _Connection(http.client.HTTPConnection):
    """An exchange over a socket that is connected already."""

    def __init__(self, target: Target, connected: socket.socket) -> None:
        super().__init__(target.host, target.port)
        self.sock = connected

    def connect(self) -> None:
        raise http.client.NotConnected("closed before the answer")

    def __enter__(self) -> "_Connection":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
