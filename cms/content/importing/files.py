"""The files that stand beside an import: pictures and documents, checked before anything is written."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from PIL import Image as PillowImage

from cms.content.importing.body import FileError
from cms.content.pictures.darkroom import MAX_PIXELS, upright_size

MAX_IMAGE_BYTES = 20 * 1024 * 1024
MAX_DOCUMENT_BYTES = 100 * 1024 * 1024
#: How many files are remembered, so that one used again and again is read once.
_REMEMBERED = 512


@dataclass(frozen=True)
class FileRef:
    """A usable file: where it is, the SHA-1 of its bytes, and for pictures their words and their size in pixels."""

    path: Path
    sha1: str
    size: int
    kind: str  # "image" or "document"
    alt: str = ""
    credit: str = ""
    width: int = 0
    height: int = 0

    @property
    def token(self) -> str:
        """Stands for the database id until there is one."""
        return f"file:{self.sha1}"

    @property
    def stored_name(self) -> str:
        """The name in storage: the same picture with the same words has the same name, however often it comes."""
        words = hashlib.sha1(f"{self.sha1}|{self.alt}|{self.credit}".encode(), usedforsecurity=False).hexdigest()
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", self.path.stem).strip("-")[:40] or "file"
        return f"{words[:16]}-{stem}{self.path.suffix.lower()}"


class ItemFiles:
    """The files of one item; see :class:`cms.content.importing.body.Files`."""

    def __init__(self, folder: Path | None):
        self.folder = folder
        self.used: list[FileRef] = []

    def image(self, address: str, *, alt: str = "", credit: str = "") -> FileRef | None:
        """A picture that a text shows; None if its address is not a path beside the file."""
        path = self._beside(address)
        return None if path is None else self._use(path, "image", alt[:255], credit)

    def document(self, address: str) -> str | None:
        """A document that a text links to; None if the address is not a file's."""
        extensions = settings.WAGTAILDOCS_EXTENSIONS
        path = self._beside(address) if urlsplit(address).path.lower().endswith(tuple(extensions)) else None
        return None if path is None else self._use(path, "document").token

    def lead_image(self, path: str, alt: str, credit: str) -> FileRef:
        """The picture that an item names in ``image.path``: unlike one in the text it must be there."""
        return self._use(path, "image", alt, credit)

    def _beside(self, address: str) -> str | None:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
            return None
        return unquote(parts.path)

    def _use(self, path: str, kind: str, alt: str = "", credit: str = "") -> FileRef:
        if self.folder is None:
            raise FileError("without a folder to look in")
        ref = _look_at(_inside(self.folder, path), kind, alt, credit)
        self.used.append(ref)
        return ref


def _inside(folder: Path, path: str) -> Path:
    """The file at this path. Raises FileError for one that is, or whose link leads, outside the folder."""
    if path.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", path) or "\x00" in path:
        raise FileError("not given by a path beside the import file")
    if ".." in re.split(r"[/\\]", path):
        raise FileError("outside the folder of the import file")
    try:
        resolved = (folder / path).resolve(strict=True)
    except (OSError, RuntimeError):
        raise FileError("not beside the import file") from None
    if not resolved.is_relative_to(folder.resolve()):
        raise FileError("outside the folder of the import file")
    if not resolved.is_file():
        raise FileError("not a file")
    return resolved


def _look_at(path: Path, kind: str, alt: str, credit: str) -> FileRef:
    stat = path.stat()
    limit = MAX_IMAGE_BYTES if kind == "image" else MAX_DOCUMENT_BYTES
    if stat.st_size > limit:
        raise FileError(f"larger than {limit // 1024 // 1024} MB")
    if kind == "document":
        return FileRef(path, _sha1(path, stat.st_mtime_ns, stat.st_size), stat.st_size, kind)
    width, height = _dimensions(path, stat.st_mtime_ns, stat.st_size)
    return FileRef(path, _sha1(path, stat.st_mtime_ns, stat.st_size), stat.st_size, kind, alt, credit, width, height)


@lru_cache(maxsize=_REMEMBERED)
def _sha1(path: Path, changed: int, size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.sha1(usedforsecurity=False)).hexdigest()


@lru_cache(maxsize=_REMEMBERED)
def _dimensions(path: Path, changed: int, size: int) -> tuple[int, int]:
    allowed = settings.WAGTAILIMAGES_EXTENSIONS
    if path.suffix.lower().lstrip(".") not in allowed:
        raise FileError(f"of a kind that is not shown ({', '.join(sorted(allowed))} are)")
    try:
        with PillowImage.open(path) as image:
            width, height = image.size
            kind = (image.format or "").lower()
            image.verify()
    except Exception:  # Pillow raises what its decoders raise
        raise FileError("not a readable picture") from None
    if {"jpg": "jpeg"}.get(path.suffix.lower()[1:], path.suffix.lower()[1:]) != kind:
        raise FileError(f"not what its name says: it is {kind or 'unknown'}")
    if width * height > MAX_PIXELS:
        raise FileError(f"larger than {MAX_PIXELS // 1_000_000} million pixels")
    with path.open("rb") as file:
        return upright_size(file)
