"""Timed transcripts: WebVTT (https://www.w3.org/TR/webvtt1/) or SubRip in, cues in the API, WebVTT out."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: Characters and cues of one transcript: ten hours of quick speech.
MOST_CHARACTERS, MOST_CUES = 1_000_000, 20_000
#: Characters of one cue: minutes of speech, where apps show a line or two.
MOST_IN_CUE = 2_000
_STAMP = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)[.,](\d{3})"
_TIMING = re.compile(rf"{_STAMP}[ \t]+-->[ \t]+{_STAMP}(?:[ \t].*)?", re.ASCII)
# Nothing is read twice: no match goes beyond the next "<", and none takes back what it has read.
_VOICE = re.compile(r"<v(?:\.[^\s<>]*+)?\s++([^<>]{1,200}+)>")
_TAG = re.compile(r"</?[a-z0-9][^<>]*+>", re.IGNORECASE)


@dataclass(frozen=True)
class Cue:
    """What is said from ``start`` to ``end`` (seconds), and by whom, if the transcript tells."""

    start: float
    end: float
    text: str
    speaker: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"start": self.start, "end": self.end, "speaker": self.speaker, "text": self.text}


def parse(text: str) -> list[Cue]:
    """The cues of a WebVTT or SubRip text; none for an empty one. Raises ValidationError that names the line."""
    if len(text) > MOST_CHARACTERS:
        raise ValidationError(_("A transcript holds at most %d characters.") % MOST_CHARACTERS)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").split("\n")
    cues: list[Cue] = []
    number = 0
    while number < len(lines):
        block_start = number
        block: list[str] = []
        while number < len(lines) and lines[number].strip():
            block.append(lines[number])
            number += 1
        number += 1
        if block and not _is_note(block[0], first=block_start == 0):
            cues.append(_cue(block, block_start + 1))
        if len(cues) > MOST_CUES:
            raise ValidationError(_("A transcript holds at most %d cues.") % MOST_CUES)
    if lines[0].startswith("WEBVTT") and not cues:
        raise ValidationError(_("There are no cues in this transcript."))
    return cues


def write(cues: Iterable[dict[str, Any]]) -> str:
    """WebVTT of cues as the API has them."""
    parts = ["WEBVTT\n"]
    for cue in cues:
        text = html.escape(cue["text"], quote=False)
        # A ">" would end the annotation, and an empty line the cue.
        speaker = html.escape(cue["speaker"].replace(">", " "), quote=False)
        voice = f"<v {speaker}>" if speaker else ""
        parts.append(f"\n{_stamp(cue['start'])} --> {_stamp(cue['end'])}\n{voice}{text}\n")
    return "".join(parts)


def _is_note(line: str, *, first: bool) -> bool:
    """The header, or a block that holds no words for listeners."""
    if first and line.startswith("WEBVTT"):
        return True
    return line.split(" ")[0].strip() in ("NOTE", "STYLE", "REGION") and "-->" not in line


def _cue(block: list[str], number: int) -> Cue:
    # The first line may be the cue's identifier, in SubRip its number.
    for offset, line in enumerate(block[:2]):
        if match := _TIMING.fullmatch(line.strip()):
            start, end = _seconds(match.groups()[:4]), _seconds(match.groups()[4:])
            if end < start:
                raise ValidationError(_("Line %d: the cue ends before it begins.") % (number + offset))
            payload = "\n".join(block[offset + 1 :])
            if len(payload) > MOST_IN_CUE:
                raise ValidationError(
                    _("Line %(line)d: a cue holds at most %(most)d characters.")
                    % {"line": number + offset, "most": MOST_IN_CUE}
                )
            return _spoken(start, end, payload)
    raise ValidationError(
        _("Line %d: a time such as 00:01:02.000 --> 00:01:05.500 is expected here, as WebVTT and SubRip have it.")
        % number
    )


def _spoken(start: float, end: float, payload: str) -> Cue:
    voice = _VOICE.search(payload)
    words = " ".join(html.unescape(_TAG.sub("", payload)).split())
    speaker = " ".join(html.unescape(voice[1]).split()) if voice else ""
    return Cue(start, end, words, speaker)


def _seconds(parts: Iterable[str | None]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _stamp(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}.{thousandths:03}"
