"""`/media/`: whole files, and the parts of them that players ask for (RFC 9110, section 14)."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

SOUND = bytes(range(256)) * 1000  # longer than one chunk


@pytest.fixture
def address(tmp_path: Path, settings: Any) -> str:
    settings.SERVE_MEDIA = True
    settings.MEDIA_ROOT = tmp_path / "media"
    folder = settings.MEDIA_ROOT / "podcast" / "порт"
    folder.mkdir(parents=True)
    (folder / "1.mp3").write_bytes(SOUND)
    (folder / "empty.mp3").write_bytes(b"")
    (settings.MEDIA_ROOT / "documents").mkdir()
    (settings.MEDIA_ROOT / "documents" / "secret.txt").write_text("таємне")
    (tmp_path / "secret.txt").write_text("таємне")
    return "/media/podcast/порт/1.mp3"


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def ask(address: str, part: str, **headers: str) -> Any:
    return Client().get(address, headers={"Range": part, **headers})


def test_a_whole_file_says_that_parts_may_be_asked_for(address: str) -> None:
    answer = Client().get(address)

    assert (answer.status_code, answer["Accept-Ranges"], answer["Content-Type"]) == (200, "bytes", "audio/mpeg")
    assert answer["Content-Length"] == str(len(SOUND))
    chunks = list(answer.streaming_content)
    assert b"".join(chunks) == SOUND
    assert max(map(len, chunks)) <= 64 * 1024


@pytest.mark.parametrize(
    ("part", "first", "last"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=0-0", 0, 0),
        ("bytes=100-", 100, 255_999),
        ("bytes=-7", 255_993, 255_999),
        ("bytes=255999-999999999", 255_999, 255_999),
        ("bytes=-999999999", 0, 255_999),
        ("Bytes= 70000-199999 ", 70_000, 199_999),
    ],
)
def test_a_part_is_answered_alone(address: str, part: str, first: int, last: int) -> None:
    answer = ask(address, part)

    assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes {first}-{last}/{len(SOUND)}")
    assert answer["Content-Length"] == str(last - first + 1)
    assert (answer["Accept-Ranges"], answer["Content-Type"]) == ("bytes", "audio/mpeg")
    assert "sandbox" in answer["Content-Security-Policy"]
    chunks = list(answer.streaming_content)
    assert b"".join(chunks) == SOUND[first : last + 1]
    assert max(map(len, chunks)) <= 64 * 1024


@pytest.mark.parametrize("part", ["bytes=256000-", "bytes=256000-256001", "bytes=-0", "bytes=999999999999-"])
def test_a_part_behind_the_end_is_refused_with_the_length(address: str, part: str) -> None:
    answer = ask(address, part)

    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(SOUND)}")
    assert (content(answer), answer["Content-Length"]) == (b"", "0")
    assert "public" not in answer["Cache-Control"]


@pytest.mark.parametrize(
    "part",
    [
        "bytes=5-4",
        "bytes=-",
        "bytes=",
        "bytes=a-b",
        "bytes=٣-٤",
        "seconds=0-1",
        "bytes=0-1,5-6",
        f"bytes={'9' * 5000}-",
    ],
)
def test_what_is_no_single_part_gets_the_whole_file(address: str, part: str) -> None:
    answer = ask(address, part)

    assert (answer.status_code, content(answer)) == (200, SOUND)
    assert "Content-Range" not in answer


def test_of_an_empty_file_there_is_only_the_whole(address: str) -> None:
    answer = ask("/media/podcast/порт/empty.mp3", "bytes=0-1")

    assert (answer.status_code, content(answer)) == (200, b"")


def test_a_part_of_what_has_changed_since_is_the_whole_file(address: str) -> None:
    whole = Client().get(address)
    assert content(whole) == SOUND
    now = whole["Last-Modified"]

    assert content(ask(address, "bytes=0-1", **{"If-Range": now})) == SOUND[:2]
    for other in ("Wed, 14 Jan 2026 14:30:00 GMT", '"etag"'):
        assert content(ask(address, "bytes=0-1", **{"If-Range": other})) == SOUND
    assert ask(address, "bytes=0-1", **{"If-Modified-Since": now}).status_code == 304


def test_head_tells_the_length_and_sends_nothing(address: str) -> None:
    for headers in ({}, {"Range": "bytes=0-1"}):
        answer = Client().head(address, headers=headers)

        assert (answer.status_code, answer["Accept-Ranges"]) == (200, "bytes")
        assert answer["Content-Length"] == str(len(SOUND))
        assert content(answer) == b""


@pytest.mark.parametrize(
    "path", ["../secret.txt", "podcast/../../secret.txt", "documents/secret.txt", "podcast/../documents/secret.txt"]
)
def test_nothing_else_is_served_in_parts_either(address: str, path: str) -> None:
    assert ask(f"/media/{path}", "bytes=0-1").status_code in (400, 404)
    assert ask(f"/media/{path.replace('..', '%2e%2e')}", "bytes=0-1").status_code in (400, 404)


def test_only_reading_is_allowed(address: str) -> None:
    assert Client().post(address).status_code == 405
