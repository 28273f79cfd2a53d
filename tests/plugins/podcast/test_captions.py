"""Transcripts with times: WebVTT and SubRip are read, WebVTT is written."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from tests.plugins.podcast.making import CAPTIONS

pytestmark = pytest.mark.plugin("podcast")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


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
        (f"WEBVTT\n\n00:01.000 --> 00:02.000\n{'x' * 2001}", "Line 3: a cue holds at most 2000"),
        # Python refuses a number of so many digits.
        (f"00:01.000 --> 00:02.000\n&#{'9' * 5000};", "Line 1: a cue holds"),
    ],
)
def test_what_is_no_transcript_is_refused_and_the_line_named(text: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        parse(text)


def test_an_empty_one_has_no_cues() -> None:
    assert parse("") == []


@pytest.mark.parametrize(
    ("hostile", "words"),
    [("<a", "<a"), ("<v.", "<v."), ("<v ", "<v"), ("<v.x ", "<v.x"), ("<", "<"), ("<v\n\t", "<v"), ("</a ", "</a")],
)
def test_tags_that_never_end_are_words_however_many_they_are(hostile: str, words: str) -> None:
    """Read again from each "<" to the end, 200 KB would take minutes."""
    from plugins.podcast.captions import _spoken

    cue = _spoken(0, 1, hostile * (200_000 // len(hostile)))

    assert cue.speaker == ""
    assert cue.text.startswith(words)
    assert len(cue.text) > 100_000 or " " in cue.text


@pytest.mark.parametrize("filler", [" ", "\t", "x", ".x"])
def test_one_tag_that_never_ends_is_read_once(filler: str) -> None:
    from plugins.podcast.captions import _spoken

    cue = _spoken(0, 1, "<v" + filler * 200_000)

    assert (cue.speaker, cue.text[:2]) == ("", "<v")


def test_a_transcript_of_hostile_cues_is_read() -> None:
    cues = [f"00:00:{second:02}.000 --> 00:00:{second:02}.500\n{'<v.' * 660}" for second in range(60)]

    assert {cue.text for cue in parse("WEBVTT\n\n" + "\n\n".join(cues * 2))} == {"<v." * 660}
