"""Real pictures for the tests, made by Pillow, with the words that cameras and agencies write into them."""

import io
import itertools

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

_colours = itertools.count(1)


def jpeg(
    name: str = "IMG_1.jpg",
    *,
    caption: str = "",
    artist: str = "",
    taken: str = "",
    offset: str = "",
    iptc: dict[int, str] | None = None,
    size: tuple[int, int] = (120, 80),
) -> SimpleUploadedFile:
    """A JPEG with EXIF and IPTC; ``taken`` as EXIF writes it, ``2026:01:02 10:00:00``."""
    exif = Image.Exif()
    if caption:
        exif[ExifTags.Base.ImageDescription] = caption.encode()
    if artist:
        exif[ExifTags.Base.Artist] = artist.encode()
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.OffsetTimeOriginal] = offset
    drawn = io.BytesIO()
    _picture(size).save(drawn, "JPEG", exif=exif)
    content = drawn.getvalue()
    if iptc:
        content = content[:2] + _app13(iptc) + content[2:]
    return SimpleUploadedFile(name, content, "image/jpeg")


def png(name: str = "plan.png", *, size: tuple[int, int] = (120, 80)) -> SimpleUploadedFile:
    drawn = io.BytesIO()
    _picture(size).save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue(), "image/png")


def broken(name: str = "broken.jpg") -> SimpleUploadedFile:
    """A file that says it is a JPEG, and ends in its middle."""
    whole = jpeg(name).read()
    return SimpleUploadedFile(name, whole[:40], "image/jpeg")


def _picture(size: tuple[int, int]) -> Image.Image:
    # Far enough from one another to be other files after a JPEG's losses.
    number = next(_colours)
    return Image.new("RGB", size, (number * 53 % 256, number * 101 % 256, number * 197 % 256))


def _app13(datasets: dict[int, str]) -> bytes:
    """An IPTC block in the segment in which Photoshop keeps it."""
    records = b"\x1c\x01\x5a\x00\x03\x1b%G" + b"".join(
        b"\x1c\x02" + bytes([number]) + len(text.encode()).to_bytes(2, "big") + text.encode()
        for number, text in sorted(datasets.items())
    )
    padded = records + b"\x00" * (len(records) % 2)
    resource = b"8BIM\x04\x04\x00\x00" + len(records).to_bytes(4, "big") + padded
    payload = b"Photoshop 3.0\x00" + resource
    return b"\xff\xed" + (len(payload) + 2).to_bytes(2, "big") + payload
