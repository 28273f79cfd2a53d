"""What cameras and agencies write into a picture becomes words of the photo."""

import io
from datetime import UTC, datetime

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from plugins.gallery import metadata
from tests.plugins.gallery.pictures import broken, jpeg, png

pytestmark = pytest.mark.plugin("gallery")


def test_exif_gives_caption_credit_and_time() -> None:
    file = jpeg(caption="Вода на вулиці", artist="Ніна Плав", taken="2026:01:14 16:30:00", offset="+02:00")

    words = metadata.read(file)

    assert words.caption == "Вода на вулиці"
    assert words.credit == "Ніна Плав"
    assert words.taken_at == datetime(2026, 1, 14, 14, 30, tzinfo=UTC)
    assert file.tell() == 0


def test_a_camera_without_a_zone_is_in_the_newsrooms() -> None:
    assert metadata.read(jpeg(taken="2026:07:14 16:30:00")).taken_at == datetime(2026, 7, 14, 13, 30, tzinfo=UTC)


def test_iptc_stands_before_exif() -> None:
    iptc = {80: "Оксана Бриз", 110: "Річкова агенція", 120: "Човен біля мосту", 90: "Устя", 101: "Україна"}

    words = metadata.read(jpeg(caption="DSC", artist="Camera", iptc=iptc))

    assert (words.caption, words.credit) == ("Човен біля мосту", "Оксана Бриз / Річкова агенція")
    assert words.place == "Устя, Україна"


@pytest.mark.parametrize("noise", ["OLYMPUS DIGITAL CAMERA", "SONY DSC", r"DCIM\100MEDIA\DJI_0042.JPG"])
def test_what_a_camera_says_of_itself_is_no_caption(noise: str) -> None:
    assert metadata.read(jpeg(caption=noise)).caption == ""


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "1980:01:01 00:00:00", "2099:01:01 00:00:00", "yesterday"])
def test_a_clock_that_was_never_set_is_not_believed(taken: str) -> None:
    assert metadata.read(jpeg(taken=taken)).taken_at is None


def test_control_characters_are_left_out() -> None:
    assert metadata.read(jpeg(caption="рядок\x00\x07 перший")).caption == "рядок перший"


def test_a_picture_without_exif_is_not_decoded_to_look_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = []
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", decoded.append)

    assert metadata.read(png()) == metadata.Metadata()
    assert not decoded


def test_a_format_that_the_library_does_not_take_is_not_opened() -> None:
    drawn = io.BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Ніна Плав".encode()
    Image.new("RGB", (8, 8)).save(drawn, "TIFF", exif=exif)

    assert metadata.read(drawn) == metadata.Metadata()


def test_a_file_without_words_or_without_sense_has_none() -> None:
    assert metadata.read(png()) == metadata.read(broken()) == metadata.Metadata()
