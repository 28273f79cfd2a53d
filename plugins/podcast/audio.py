"""What an uploaded audio file is: read from its bytes, and believed from nothing else."""

import math
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from tinytag import TinyTag

from plugins.podcast.timecode import LONGEST

#: Kinds of audio that podcast apps play: the type as found in the file, the one that feeds tell, the file's ending.
#: Apple asks for audio/x-m4a, https://podcasters.apple.com/support/823-podcast-requirements.
KINDS = {
    "audio/mpeg": ("audio/mpeg", ".mp3"),
    "audio/mp4": ("audio/x-m4a", ".m4a"),
    "audio/ogg": ("audio/ogg", ".ogg"),
    "audio/flac": ("audio/flac", ".flac"),
    "audio/wav": ("audio/wav", ".wav"),
}
MIME_TYPES = [(mime, mime) for mime, _ending in KINDS.values()]
#: How much of a file may be read for its length, in calls and in bytes at once. A whole library of honest files needs
#: far less; a file that is made to keep the reader busy, or to fill the memory, ends here.
MOST_READS, LARGEST_READ = 400_000, 8 * 1024 * 1024

_NO_AUDIO = _("This is no audio file that podcast apps play. Upload an MP3, M4A, Ogg, FLAC or WAV file.")


@dataclass(frozen=True)
class AudioFacts:
    """What the file says of itself. ``duration`` is in whole seconds, ``size`` in bytes; ``ending`` has its dot."""

    mime: str
    ending: str
    duration: int
    size: int


def read_audio(file: BinaryIO, *, most_bytes: int) -> AudioFacts:
    """Look into an uploaded file. Leaves it at its beginning.

    Raises ValidationError, in words for an editor, if it is too large, or no audio that is known here.
    """
    size = _size_of(file)
    if size > most_bytes:
        raise ValidationError(
            _("This file has %(size)d MB; at most %(most)d MB are allowed here. Export it with a lower bit rate."),
            params={"size": math.ceil(size / 1024**2), "most": most_bytes // 1024**2},
            code="too_large",
        )
    try:
        # Without a name: what the file is called says nothing of what it is.
        found = TinyTag.get(file_obj=_Limited(file), tags=False)
    except Exception as error:
        # Whatever a damaged or a hostile file makes the reader do, it is no audio.
        raise ValidationError(_NO_AUDIO, code="no_audio") from error
    finally:
        file.seek(0)
    kind = KINDS.get((found.mime_type or "").partition(";")[0])
    duration = found.duration
    if kind is None or not duration or not math.isfinite(duration) or not 0 < duration <= LONGEST:
        raise ValidationError(_NO_AUDIO, code="no_audio")
    mime, ending = kind
    return AudioFacts(mime, ending, max(1, round(duration)), size)


def _size_of(file: BinaryIO) -> int:
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    return size


class _Limited:
    """A file for the reader, which may read neither endlessly nor everything at once."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self._reads = 0

    def read(self, size: int = -1) -> bytes:
        self._reads += 1
        if self._reads > MOST_READS:
            raise ValueError("too many reads")
        if size < 0 or size > LARGEST_READ:
            raise ValueError(f"a read of {size} bytes")
        return self._file.read(size)

    def seek(self, *to: Any) -> int:
        return self._file.seek(*to)

    def tell(self) -> int:
        return self._file.tell()
