"""The guarded client: where it goes and where not, and that it ends, whatever the other side does."""

import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from cms.webhooks import addresses, http
from cms.webhooks.addresses import AddressRefused, is_public, parse
from tests.support.receiving import Receiver, Reply, receiving

# --- where requests may go ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "100.100.100.200", "0.0.0.0", "0.1.2.3", "255.255.255.255", "240.0.0.1", "224.0.0.1", "239.1.1.1",
        "192.0.0.192", "198.18.0.1", "168.63.129.16", "192.0.2.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1",
        "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)  # fmt: skip
def test_private_addresses_in_all_their_forms(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org/hook", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "https://",
        "https:///path", "http://example.org/hook", "https://user@example.org/", "https://user:word@example.org/",
        "https://example.org:22/", "https://example.org:6379/", "https://example.org:99999/", "https://127.0.0.1/",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://10.0.0.8:8443/", "https://169.254.169.254/latest/",
        "https://exa mple.org/", "https://example.org/\r\nX: y", "https://example.org\\@127.0.0.1/",
        "https://[fe80::1%25eth0]/", "https://" + "a" * 64 + ".org/", "https://example.org/" + "x" * 2000,
        "https://example..org/",
    ],
)  # fmt: skip
def test_addresses_that_are_not_taken(url: str) -> None:
    with pytest.raises(AddressRefused):
        parse(url)


def test_an_address_is_taken_apart_as_it_is_sent() -> None:
    target = parse("https://Приклад.укр/гачок?a=б#fragment")

    assert (target.host, target.port) == ("xn--80aikifvh.xn--j1amh", 443)
    assert target.authority == target.host
    assert target.path == "/%D0%B3%D0%B0%D1%87%D0%BE%D0%BA?a=%D0%B1"
    assert parse("https://example.org:8443").authority == "example.org:8443"
    assert parse("https://example.org").path == "/"


def test_with_private_addresses_allowed_any_port_will_do(private_receivers: None) -> None:
    assert parse("http://frontend:3000/hook").authority == "frontend:3000"
    assert parse("http://[::1]:3000/").authority == "[::1]:3000"


# --- connecting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0"])
def test_a_name_that_leads_to_this_machine_is_not_connected_to(
    receiver: Receiver, host: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DEBUG = True  # http is allowed, private addresses are not
    monkeypatch.setitem(addresses.PORTS, "http", (80, receiver.port))

    with translation.override("en"), pytest.raises((AddressRefused, http.RequestFailed)) as refused:
        http.post(f"http://{host}:{receiver.port}/", b"{}", {})

    assert "private" in str(refused.value) or "not known" in str(refused.value)
    assert receiver.requests == []


def test_a_name_that_changes_its_mind_is_asked_once(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the address that is checked is the one that is connected to."""
    first, second = ("93.184.216.34", 443), ("127.0.0.1", 443)
    answers = iter([[(socket.AF_INET, 1, 6, "", address)] for address in (first, second)])
    asked: list[str] = []
    connected: list[Any] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *a, **k: asked.append(host) or next(answers))

    def connect(self: Any, address: Any) -> None:
        connected.append(address)
        raise ConnectionRefusedError("nobody")

    monkeypatch.setattr(http._DeadlineSocket, "connect", connect, raising=False)

    with pytest.raises(http.RequestFailed):
        http.post("https://rebinding.example.org/", b"{}", {})

    assert asked == ["rebinding.example.org"]
    assert connected == [first]


def test_of_several_addresses_private_ones_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, ("10.0.0.1", 443)), (socket.AF_INET, ("8.8.8.8", 443))]
    assert http._public_addresses(parse("https://example.org"), found) == found[1:]


def test_a_request_and_its_answer(receiver: Receiver, private_receivers: None) -> None:
    receiver.answer = lambda request: Reply(202, {"Retry-After": "7"}, "Дякую".encode())

    answer = http.post(f"{receiver.url}/hook?a=1", b'{"a":1}', {"webhook-id": "msg_1", "Host": "other"})

    assert (answer.status, answer.body.decode(), answer.headers["retry-after"]) == (202, "Дякую", "7")
    (request,) = receiver.requests
    assert (request.method, request.path, request.body) == ("POST", "/hook?a=1", b'{"a":1}')
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.headers["webhook-id"] == "msg_1"


def test_a_redirect_is_an_answer(receiver: Receiver, private_receivers: None) -> None:
    receiver.answer = lambda request: Reply(302, {"Location": f"{receiver.url}/elsewhere"})

    assert http.post(receiver.url, b"{}", {}).status == 302
    assert len(receiver.requests) == 1


def test_proxies_of_the_environment_are_not_asked(
    receiver: Receiver, private_receivers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert http.post(receiver.url, b"{}", {}).status == 204


def test_of_a_large_answer_the_beginning_is_read(receiver: Receiver, private_receivers: None) -> None:
    receiver.answer = lambda request: Reply(500, {"Content-Length": str(10**9)}, b"x" * 100_000)
    assert http.post(receiver.url, b"{}", {}).body == b"x" * http.LARGEST_ANSWER


def test_a_body_that_is_too_large_is_not_sent(receiver: Receiver, private_receivers: None) -> None:
    with pytest.raises(http.RequestFailed, match="too large"):
        http.post(receiver.url, b"x" * (http.LARGEST_BODY + 1), {})
    assert receiver.requests == []


def test_a_receiver_that_never_answers_is_left(receiver: Receiver, private_receivers: None) -> None:
    free = threading.Event()
    receiver.answer = lambda request: Reply(wait=free)
    with pytest.raises(http.RequestFailed, match="timeout"):
        http.post(receiver.url, b"{}", {}, total=0.3)
    free.set()


@pytest.mark.parametrize("begin", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"])
def test_a_receiver_that_answers_a_byte_at_a_time_is_left(private_receivers: None, begin: bytes) -> None:
    """Each byte comes in time; the whole does not."""
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        peer, _address = server.accept()
        with peer:
            try:
                peer.sendall(begin)
                while not over.wait(0.02):
                    peer.sendall(b"H")
            except OSError:
                pass

    dripping = threading.Thread(target=drip, daemon=True)
    dripping.start()
    try:
        with pytest.raises(http.RequestFailed, match="timeout"):
            http.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, total=0.5)
    finally:
        over.set()
        dripping.join(10)
        server.close()


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500]
)
def test_what_is_no_http_is_a_failure(private_receivers: None, answer: bytes) -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def reply() -> None:
        peer, _address = server.accept()
        with peer:
            peer.recv(65536)
            peer.sendall(answer)

    thread = threading.Thread(target=reply, daemon=True)
    thread.start()
    with pytest.raises(http.RequestFailed):
        http.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, total=5)
    thread.join(10)
    server.close()


def test_an_unknown_name_and_a_closed_port(private_receivers: None) -> None:
    from cms.embedded.processes import free_port

    with pytest.raises(http.RequestFailed, match="not known"):
        http.post("http://no-such-host.invalid/", b"{}", {})
    with pytest.raises(http.RequestFailed, match="ConnectionRefused"):
        http.post(f"http://127.0.0.1:{free_port()}/", b"{}", {})


def test_a_certificate_that_nobody_vouches_for_is_not_taken(private_receivers: None, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*_self_signed(tmp_path))
    with receiving() as receiver:
        receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
        receiver.server.handle_error = lambda *a: None  # type: ignore[method-assign]
        with pytest.raises(http.RequestFailed, match="TLS"):
            http.post(f"https://localhost:{receiver.port}/", b"{}", {})
        assert receiver.requests == []


def test_tls_is_spoken_with_the_name_and_not_with_the_number(
    private_receivers: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = _self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    trusting = ssl.create_default_context(cafile=str(certificate))
    trusting.sslsocket_class = http._DeadlineTLSSocket
    monkeypatch.setattr(http, "_tls", lambda: trusting)
    with receiving() as receiver:
        receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
        assert http.post(f"https://localhost:{receiver.port}/x", b"{}", {}).status == 204
        assert receiver.requests[0].headers["host"] == f"localhost:{receiver.port}"
    assert names == ["localhost"]


def _self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate of localhost, made by the openssl that PostgreSQL and Python need anyway."""
    import shutil
    import subprocess

    if not shutil.which("openssl"):
        pytest.skip("no openssl on PATH")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key
