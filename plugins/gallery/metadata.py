"""The words that a camera or an agency has written into a picture: IPTC first, for it is made by people, then EXIF.

IPTC: https://www.iptc.org/std/IIM/4.2/specification/IIMV4.2.pdf. EXIF: CIPA DC-008. Where a picture was taken to the
metre (GPS) is not read: it may give away who was photographed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

from django.utils import timezone
from PIL import ExifTags, Image, IptcImagePlugin
from wagtail.images.fields import get_allowed_image_extensions

# What cameras write of themselves where nobody has written anything.
_NOISE = (
    "olympus digital", "sony dsc", "samsung", "konica minolta", "minolta dsc", "kodak", "digital camera", "dcim",
    "exif_jpeg", "maker:", "default",
)  # fmt: skip
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Metadata:
    """What is known of a picture; empty where nothing is. ``taken_at`` is aware."""

    caption: str = ""
    credit: str = ""
    place: str = ""
    taken_at: datetime | None = None


def read(file: IO[bytes]) -> Metadata:
    """The metadata of this picture; none where they can't be read. The file is left at its start."""
    try:
        file.seek(0)
        with Image.open(file, formats=_formats()) as picture:
            return _of(picture)
    except Exception:  # Pillow raises what its decoders raise; a photo without words is still a photo
        return Metadata()
    finally:
        file.seek(0)


def _formats() -> list[str]:
    """Pillow's names of the formats that the library takes: its other decoders are for nobody here."""
    known = Image.registered_extensions()
    return sorted({known[f".{each}"] for each in get_allowed_image_extensions() if f".{each}" in known})


def _of(picture: Image.Image) -> Metadata:
    iptc, exif = _iptc(picture), Image.Exif()
    # What stands in the head of the file; ``getexif()`` would decode all of a PNG to look behind its pixels.
    exif.load(picture.info.get("exif"))
    byline = iptc(80) or _text(exif.get(ExifTags.Base.Artist))
    agency = iptc(110) or iptc(115)
    copyright_ = iptc(116) or _text(exif.get(ExifTags.Base.Copyright))
    return Metadata(
        caption=(iptc(120) or _spoken(_text(exif.get(ExifTags.Base.ImageDescription))))[:2000],
        credit=(_joined(byline, agency) or copyright_)[:255],
        place=_joined(iptc(92), iptc(90), iptc(101), by=", ")[:255],
        taken_at=_moment(exif.get_ifd(ExifTags.IFD.Exif)),
    )


def _iptc(picture: Image.Image) -> Any:
    """A function from the number of a dataset of record 2 to its text."""
    found = IptcImagePlugin.getiptcinfo(picture) or {}  # type: ignore[arg-type]

    def value_of(number: int) -> str:
        value = found.get((2, number), b"")
        return _text(value[0] if isinstance(value, list) else value)

    return value_of


def _text(value: Any) -> str:
    """Words out of what stands in a picture: bytes, or what Pillow took for Latin-1. UTF-8, else a Cyrillic Windows."""
    if isinstance(value, str):
        try:
            value = value.encode("latin-1")
        except UnicodeEncodeError:
            return clean(value)
    if not isinstance(value, bytes):
        return ""
    try:
        return clean(value.decode())
    except UnicodeDecodeError:
        return clean(value.decode("cp1251", "replace"))


def clean(text: str) -> str:
    """The text without what neither a reader nor a database can take."""
    return _CONTROL.sub("", text).strip()


def _spoken(text: str) -> str:
    return "" if text.lower().startswith(_NOISE) else text


def _joined(*parts: str, by: str = " / ") -> str:
    return by.join(dict.fromkeys(part for part in parts if part))


def _moment(exif: dict[int, Any]) -> datetime | None:
    """When the shutter opened. Cameras that don't name a time zone are in the newsroom's."""
    text = f"{exif.get(ExifTags.Base.DateTimeOriginal, '')}{exif.get(ExifTags.Base.OffsetTimeOriginal, '')}"
    for form in ("%Y:%m:%d %H:%M:%S%z", "%Y:%m:%d %H:%M:%S"):
        try:
            moment = datetime.strptime(text.strip("\x00 "), form)  # noqa: DTZ007  (it gets its zone below)
        except ValueError:
            continue
        moment = moment if moment.tzinfo else timezone.make_aware(moment)
        # A camera whose clock was never set says 1980 or 2000; one that is ahead of us is wrong too.
        return moment.astimezone(UTC) if datetime(2000, 1, 2, tzinfo=UTC) < moment <= timezone.now() else None
    return None
