"""The bytes of a message."""

import email
import email.policy

import pytest

from cms.newsletters.rendering import RenderedMessage
from cms.newsletters.sending.letters import compose

LONG = "Що змінилося за тиждень у нашому місті, і чому це важливо для кожного, хто тут живе " * 2


def read(raw: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


@pytest.mark.parametrize(
    "subject", ["Plain", "Тиждень", LONG.strip(), 'Quotes "inside", and commas', "=?utf-8?q?fake?="]
)
def test_subjects_arrive_as_written(subject: str) -> None:
    raw = compose(
        RenderedMessage(subject, "<p>x</p>", "x"), to="a@example.org", from_name="", from_email="b@example.org"
    )
    head = raw.split(b"\r\n\r\n")[0]
    assert b"\r\n " not in head.split(b"Subject:")[0]
    assert not head.replace(b"\r\n", b"").count(b"\n")
    assert all(len(line) <= 78 for line in head.split(b"\r\n") if b"=?" in line)
    if "=?" not in subject:
        assert read(raw)["Subject"] == subject


@pytest.mark.parametrize("name", ["Ostriv", "Острів", 'The "Island", daily', "O'Брайен"])
def test_sender_names_arrive_as_written(name: str) -> None:
    message = read(
        compose(RenderedMessage("s", "<p>x</p>", "x"), to="a@example.org", from_name=name, from_email="b@example.org")
    )
    (sender,) = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name, "b@example.org")


def test_both_parts_arrive_as_written() -> None:
    html, text = f"<p>{LONG * 50}</p>", f"{LONG}\n.\n.leading dot\nFrom here\n"
    message = read(
        compose(RenderedMessage("s", html, text), to="a@example.org", from_name="", from_email="b@example.org")
    )
    plain, rich = message.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == text
    assert rich.get_content() == html
    assert (plain.get_content_type(), rich.get_content_type()) == ("text/plain", "text/html")


@pytest.mark.parametrize("field", ["to", "from_name", "from_email", "reply_to", "subject"])
def test_no_field_can_add_a_header(field: str) -> None:
    values = {"to": "a@example.org", "from_name": "x", "from_email": "b@example.org", "reply_to": "c@example.org"}
    subject = "s\r\nBcc: all@example.org" if field == "subject" else "s"
    if field != "subject":
        values[field] += "\r\n Bcc: all@example.org"
    with pytest.raises(ValueError, match="control character"):
        compose(RenderedMessage(subject, "<p>x</p>", "x"), **values)


def test_an_overlong_header_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        compose(
            RenderedMessage("s", "<p>x</p>", "x"),
            to="a@example.org",
            from_name="",
            from_email="b@example.org",
            headers={"List-Id": "x" * 1000},
        )
