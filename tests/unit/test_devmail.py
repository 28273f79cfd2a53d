"""The development SMTP server over SMTP itself, and the page that shows what it kept."""

import smtplib
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client

from cms.embedded.processes import free_port
from cms.up.plan import PROJECT
from tests.support.waiting import poll


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    folder, port = tmp_path_factory.mktemp("mail"), free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "cms.project.devmail", "--port", str(port), str(folder)],
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
    )

    def answers() -> bool:
        try:
            smtplib.SMTP("127.0.0.1", port, timeout=5).quit()
        except OSError:
            return False
        return True

    poll(answers, what="the SMTP server")
    yield port, folder
    process.terminate()
    assert process.wait(timeout=10) == 0


@pytest.fixture
def client(server: tuple[int, Path], settings: object) -> Client:
    settings.DEV_MAIL_DIR = str(server[1])  # type: ignore[attr-defined]
    return Client()


def message(to: str, subject: str = "Ранковий лист") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Острів <news@example.org>", to, subject
    mail.set_content("Доброго ранку!\nhttps://example.org/confirm/\n")
    mail.add_alternative("<h1>Доброго ранку</h1><script>alert(1)</script>", subtype="html")
    mail.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="звіт.pdf")
    return mail


def send(port: int, *mails: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp:
        for mail in mails:
            smtp.send_message(mail)


def test_a_message_is_kept_and_shown(server: tuple[int, Path], client: Client) -> None:
    send(server[0], message("olena@example.org"), message("petro@example.org", "Вечірній лист"))
    results = client.get("/dev/mail/", {"format": "json"}).json()["results"]
    assert [found["subject"] for found in results[:2]] == ["Вечірній лист", "Ранковий лист"]
    (found,) = client.get("/dev/mail/", {"format": "json", "to": "OLENA@"}).json()["results"]
    assert found["to"] == ["olena@example.org"]

    page = client.get(f"/dev/mail/{found['id']}/").content.decode()
    assert "Ранковий лист" in page
    assert "звіт.pdf" in page
    assert '<a href="https://example.org/confirm/"' in page
    assert "<script>alert" not in page
    part = client.get(f"/dev/mail/{found['id']}/html/")
    assert "<h1>Доброго ранку</h1>" in part.content.decode()
    assert part["Content-Security-Policy"].startswith("sandbox")
    source = client.get(f"/dev/mail/{found['id']}/source/")
    assert source["Content-Type"].startswith("text/plain")
    assert b"X-Envelope-To: olena@example.org" in source.content


def test_refused_and_put_off_addresses(server: tuple[int, Path], client: Client) -> None:
    with smtplib.SMTP("127.0.0.1", server[0], timeout=10) as smtp:
        smtp.ehlo()
        smtp.mail("news@example.org")
        assert smtp.rcpt("reject-me@example.org")[0] == 550
        assert smtp.rcpt("Tempfail@example.org")[0] == 451
        assert smtp.rcpt("fine@example.org")[0] == 250
    assert client.get("/dev/mail/", {"format": "json", "to": "fine@"}).json() == {"results": []}


@pytest.mark.parametrize("name", ["nosuch", "20260101T000000.000000-00000000", "..%2f..%2fsecret_key"])
def test_an_unknown_message_is_404(client: Client, name: str) -> None:
    for path in (f"/dev/mail/{name}/", f"/dev/mail/{name}/html/", f"/dev/mail/{name}/source/"):
        assert client.get(path).status_code == 404


def test_without_the_setting_there_is_no_mail(settings: object) -> None:
    settings.DEV_MAIL_DIR = ""  # type: ignore[attr-defined]
    assert Client().get("/dev/mail/").status_code == 404
