"""Transcripts with times: WebVTT and SubRip are read, WebVTT is written."""

import pytest
from django.core.exceptions import ValidationError

from tests.plugins.podcast.making import CAPTIONS

pytestmark = pytest.mark.plugin("podcast")


def parse(text: str):
    from plugins.podcast import captions

    return captions.parse(text)


def test_webvtt_is_read_with_its_speakers() -> None:
    cues = [cue.as_json() for cue in parse(CAPTIONS)]

    assert cues == [
        {"start": 0.0, "end": 2.5, "speaker": "Олена", "text": "Доброго ранку, це порт & море."},
        {"start": 2.5, "end": 4.0, "speaker": "", "text": "А це чайки."},
    ]


def test_subrip_is_read() -> None:
    first = "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>Перший</i>\r\nрядок\r\n\r\n"
    text = first + "2\r\n01:00:00,000 --> 01:00:01,250\r\nДругий\r\n"

    assert [(cue.start, cue.end, cue.text) for cue in parse(text)] == [
        (1, 2, "Перший рядок"),
        (3600, 3601.25, "Другий"),
    ]


def test_what_is_written_is_read_as_the_same() -> None:
    from plugins.podcast import captions

    said = [
        {"start": 0.0, "end": 1.001, "speaker": "A > B", "text": "1 < 2 --> 3 & <v чужий>"},
        {"start": 3661.5, "end": 3662.0, "speaker": "", "text": "кінець"},
    ]
    written = captions.write(said)

    assert "01:01:01.500 --> 01:01:02.000" in written
    assert [cue.as_json()["text"] for cue in captions.parse(written)] == [cue["text"] for cue in said]
    assert [cue.start for cue in captions.parse(written)] == [0.0, 3661.5]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Просто текст", "Line 1"),
        ("WEBVTT\n\n00:01 --> 00:02\nчас без тисячних", "Line 3"),
        ("WEBVTT\n\n00:00:05.000 --> 00:00:02.000\nназад", "ends before it begins"),
        ("WEBVTT\n\nNOTE нічого", "no cues"),
        ("x" * 1_000_001, "at most"),
    ],
)
def test_what_is_no_transcript_is_refused_and_the_line_named(text: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        parse(text)


def test_an_empty_one_has_no_cues() -> None:
    assert parse("") == []
