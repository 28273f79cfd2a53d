"""From the file that a camera or an agency made to small files that every browser shows in the same colours.

A file is decoded once for all that is made of it, and a JPEG no larger than that needs.
"""

import io
from typing import Any, BinaryIO

from PIL import Image, ImageCms, ImageOps

#: Pixels of the largest file that is decoded; what is larger is refused at upload, and left out if it came otherwise.
MAX_PIXELS = 128_000_000
#: The formats, and how Pillow makes them. AVIF at its usual speed takes ten times as long and saves a sixth.
FORMATS: dict[str, dict[str, Any]] = {
    "webp": {"quality": 80},
    "avif": {"quality": 60, "speed": 8},
    "jpeg": {"quality": 80, "progressive": True, "optimize": True},
}
#: EXIF's tag of the way a picture is turned, and those of its values by which width and height change places.
_ORIENTATION, _ON_ITS_SIDE = 0x0112, (5, 6, 7, 8)
_WHITE = (255, 255, 255)
#: Pixels on a side of what the dominant colour is looked for in, and the number of colours that it is told from.
_SAMPLE, _COLOURS = 64, 8


class UnreadableError(Exception):
    """A file that is no picture, is cut off, or is larger than ``MAX_PIXELS``."""


class TooLargeError(UnreadableError):
    """A file of more than ``MAX_PIXELS``; ``pixels`` is how many it says that it has, where that can be told."""

    def __init__(self, pixels: int | str) -> None:
        super().__init__(f"{pixels} pixels are too many")
        self.pixels = pixels


def upright_size(file: BinaryIO) -> tuple[int, int]:
    """Width and height of the picture as it is shown, told from the beginning of the file.

    Cameras held upright keep a picture lying on its side, and say so in its EXIF. Raises what Pillow does.
    """
    with Image.open(file) as picture:
        width, height = picture.size
        return (height, width) if _is_on_its_side(picture) else (width, height)


def _is_on_its_side(picture: Image.Image) -> bool:
    return picture.getexif().get(_ORIENTATION) in _ON_ITS_SIDE


def develop(file: BinaryIO, width: int) -> Image.Image:
    """The picture of this file: upright, in sRGB, with an alpha channel if it has one; of an animation the first frame.

    It is at least twice as wide as ``width`` if the file is. Raises UnreadableError, TooLargeError.
    """
    try:
        with Image.open(file) as source:
            if (pixels := source.width * source.height) > MAX_PIXELS:
                raise TooLargeError(pixels)
            upright_width = source.height if _is_on_its_side(source) else source.width
            if (factor := upright_width / (2 * width)) > 1:
                source.draft(None, (int(source.width / factor), int(source.height / factor)))
            source.load()
            return _in_srgb(ImageOps.exif_transpose(source))
    except UnreadableError:
        raise
    except Image.DecompressionBombError:
        raise TooLargeError("?") from None
    except Exception as error:  # Pillow raises what its decoders raise
        raise UnreadableError(str(error)) from error


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L")  # 16 bits a pixel
    if profile and picture.mode in ("RGB", "RGBA", "CMYK"):
        picture = _from_profile(picture, profile)
    return picture.convert("RGBA" if has_alpha else "RGB")


def _from_profile(picture: Image.Image, profile: bytes) -> Image.Image:
    mode = "RGB" if picture.mode == "CMYK" else picture.mode
    try:
        return ImageCms.profileToProfile(
            picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a profile that is broken or of another kind: the numbers as they are


def scaled(picture: Image.Image, width: int) -> Image.Image:
    """The picture at this width, or as it is where it is no wider."""
    if picture.width <= width:
        return picture
    height = max(1, picture.height * width // picture.width)
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def encoded(picture: Image.Image, format: str) -> bytes:
    """The bytes of the picture in one of ``FORMATS``, without the camera's data. A JPEG is white where it is clear."""
    if format == "jpeg":
        picture = _on_white(picture)
    content = io.BytesIO()
    picture.save(content, format, exif=b"", icc_profile=None, **FORMATS[format])
    return content.getvalue()


def dominant_colour(picture: Image.Image) -> str:
    """The colour that most of the picture has, as ``#rrggbb``."""
    sample = _on_white(picture.resize((_SAMPLE, _SAMPLE), Image.Resampling.BOX))
    colours = sample.quantize(_COLOURS, Image.Quantize.MEDIANCUT)
    _count, index = max(colours.getcolors() or [(0, 0)])
    red, green, blue = (colours.getpalette() or [0, 0, 0])[3 * index : 3 * index + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, _WHITE)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground
