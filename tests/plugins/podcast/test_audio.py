"""What an audio file is, is read from its bytes; what is no audio is refused, whatever it tries."""

import io
import random
import struct

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from tests.plugins.podcast.making import mp3, wav

pytestmark = pytest.mark.plugin("podcast")

MEGABYTE = 1024**2


def read(content: bytes, most: int = 10 * MEGABYTE):
    from plugins.podcast.audio import read_audio

    return read_audio(io.BytesIO(content), most_bytes=most)


def test_a_wav_tells_its_length_and_size() -> None:
    facts = read(wav(3))

    assert (facts.mime, facts.ending, facts.duration, facts.size) == ("audio/wav", ".wav", 3, len(wav(3)))


def test_an_mp3_tells_its_length_and_size() -> None:
    facts = read(mp3(7))

    assert (facts.mime, facts.ending, facts.duration, facts.size) == ("audio/mpeg", ".mp3", 7, len(mp3(7)))


def test_the_file_is_left_at_its_beginning() -> None:
    from plugins.podcast.audio import read_audio

    file = io.BytesIO(mp3())
    read_audio(file, most_bytes=MEGABYTE)

    assert file.tell() == 0


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    with translation.override("en"), pytest.raises(ValidationError, match="at most 1 MB") as refused:
        read(mp3(120), most=MEGABYTE)

    assert refused.value.code == "too_large"


HOSTILE = {
    "nothing": b"",
    "a byte": b"\xff",
    "a text": "Це не звук".encode() * 1000,
    "a web page": b"<!doctype html><script>alert(1)</script>",
    "a web page behind an ID3 tag": b"ID3\x04\x00\x00\x00\x00\x00\x00<script>alert(1)</script>",
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
    "a WAV without sound": wav(0),
    "a WAV cut off": wav(1)[:30],
    "a WAV that says it is endless": b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff",
    "a WAV of chunks without length": b"RIFF\x00\x00\x00\x00WAVE" + b"junk\x00\x00\x00\x00" * 600_000,
    "a WAV with a rate of nothing": b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00"
    + b"\x00" * 16
    + b"data\x00\x00\x00\x00",
    "an ID3 tag larger than the file": b"ID3\x03\x00\x00\x7f\x7f\x7f\x7f" + b"TIT2\xff\xff\xff\xff" * 10,
    "an MP4 whose box holds itself": struct.pack(">I4s", 8, b"ftyp") + struct.pack(">I4s", 0, b"moov") * 1000,
    "an MP4 with a box of eight exabytes": struct.pack(">I4s", 8, b"ftyp") + struct.pack(">I4sQ", 1, b"moov", 2**63),
    "a FLAC without a stream": b"fLaC" + b"\x84\xff\xff\xff",
    "an Ogg of empty pages": (b"OggS\x00\x02" + b"\x00" * 21) * 5000,
    "a Windows Media file": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + b"\x00" * 13 + b"\x02" + b"\x00" * 99,
    "an AIFF": b"FORM\x00\x00\x00\x04AIFF" + b"\x00" * 40,
    "zeros behind a tag": b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\x00" * 3_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_audio_is_refused_in_words(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(HOSTILE[name])

    assert refused.value.code == "no_audio"


def test_damaged_files_are_refused_or_read_and_break_nothing() -> None:
    chance = random.Random(20261122)
    for original in (wav(1), mp3(1)):
        for _time in range(150):
            damaged = bytearray(original)
            for _byte in range(chance.randint(1, 30)):
                damaged[chance.randrange(min(len(damaged), 400))] = chance.randrange(256)
            try:
                facts = read(bytes(damaged[: chance.randint(0, len(damaged))]))
            except ValidationError:
                continue
            assert facts.duration > 0


def test_what_the_reader_may_take_in_at_once_is_limited() -> None:
    from plugins.podcast.audio import LARGEST_READ, _Limited

    with pytest.raises(ValueError):
        _Limited(io.BytesIO(b"x")).read(LARGEST_READ + 1)
    with pytest.raises(ValueError):
        _Limited(io.BytesIO(b"x")).read()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0:00", 0), ("1:02", 62), ("61:02", 3662), ("1:02:03", 3723), (" 90 ", 90), ("100:00:00", 360_000)],
)
def test_times_within_a_recording(text: str, seconds: int) -> None:
    from plugins.podcast.timecode import clock, parse

    assert parse(text) == seconds
    assert parse(clock(seconds)) == seconds


@pytest.mark.parametrize(
    "text", ["", "1:", ":1", "1:60", "1:60:00", "-1", "1:-1", "٣:٠٠", "1.5", "9999999", "999:00:00"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    from plugins.podcast.timecode import parse

    with pytest.raises(ValueError):
        parse(text)
