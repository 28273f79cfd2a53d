"""Lines of a file into JSON objects, one at a time, in memory that does not grow with the file."""

import json
from collections.abc import Iterable, Iterator
from typing import IO, Any

from cms.content.importing.report import Problem

#: Longer than any article; a longer line is a broken file, and must not be held in memory whole.
MAX_LINE_BYTES = 8 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"


def lines_of(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a binary file. Of one longer than MAX_LINE_BYTES only that much and one byte is kept."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        yield line
        while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES + 1)


def read_objects(lines: Iterable[bytes | str]) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    """Each line that is not blank, with its number from 1: the JSON object in it, or why there is none."""
    for number, line in enumerate(lines, start=1):
        raw = line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line
        if number == 1:
            raw = raw.removeprefix(_BOM)
        if raw.strip():
            yield number, _read(number, raw)


def _read(number: int, raw: bytes) -> dict[str, Any] | Problem:
    def problem(reason: str) -> Problem:
        return Problem(number, "", "", reason)

    if len(raw) > MAX_LINE_BYTES:
        return problem(f"longer than {MAX_LINE_BYTES // 1024 // 1024} MB")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return problem(f"not UTF-8: byte {error.start + 1} of the line is 0x{raw[error.start]:02x}")
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        return problem(f"not JSON: {error.msg} at character {error.colno}")
    except RecursionError:
        return problem("not usable JSON: nested too deeply")
    except ValueError as error:
        return problem(f"not JSON: {error}")
    if not isinstance(data, dict):
        return problem("not a JSON object: each line is one {...}")
    return data


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")
