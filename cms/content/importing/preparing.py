"""From a line to something that can be written: checked, converted, its files looked at. Writes nothing."""

import hashlib
import json
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cms.content.importing.body import FileError, TooDeepError, convert
from cms.content.importing.extra import Extra, ExtraError, read_extra
from cms.content.importing.files import FileRef, ItemFiles
from cms.content.importing.items import Item, Newsroom, check
from cms.content.importing.report import Problem

#: Part of every fingerprint: with another number, a second import writes every page anew. Raise it when the same
#: line makes another page than before.
FORMAT = 1
MAX_BLOCKS = 1000

# Ids of blocks are made of the item's: a second import of the same text leaves them as they were.
_BLOCKS = uuid.UUID("6f2f4a0e-6b0e-4a5e-9a39-0d8f8f7a2c11")


@dataclass
class Prepared:
    """An item that is ready to be written."""

    line: int
    item: Item
    fingerprint: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    extra: Extra = field(default_factory=Extra)
    image: FileRef | None = None
    files: list[FileRef] = field(default_factory=list)


@dataclass
class Outcome:
    """What became of one line: a prepared item or problems, and what is to be said about it either way."""

    prepared: Prepared | None
    id: str = ""
    problems: list[Problem] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)


def prepare(line: int, data: dict[str, Any], newsroom: Newsroom, folder: Path | None) -> Outcome:
    """Check and convert one line."""
    checked = check(data, newsroom)
    outcome = Outcome(None, checked.id, unknown=checked.unknown)
    problems = list(checked.problems)
    item = checked.item
    if item is None:
        outcome.problems = [Problem(line, checked.id, name, reason) for name, reason in problems]
        return outcome
    files = ItemFiles(folder)
    prepared = Prepared(line, item, "")
    try:
        body = convert(item.body_html, files)
        outcome.dropped, outcome.changed = body.dropped, body.changed
        prepared.blocks = _with_ids(body.blocks, item.id)
        if len(body.blocks) > MAX_BLOCKS:
            problems.append(("body_html", f"makes {len(body.blocks)} blocks; at most {MAX_BLOCKS:,}"))
    except TooDeepError as error:
        problems.append(("body_html", str(error)))
    if item.image is not None:
        try:
            prepared.image = files.lead_image(item.image.path, item.image.alt, item.image.credit)
        except FileError as error:
            problems.append(("image.path", f"{item.image.path} is {error}"))
    try:
        prepared.extra = read_extra(item.model, item.extra, files)
    except ExtraError as error:
        problems.append((error.field, error.reason))
    if problems:
        outcome.problems = [Problem(line, item.id, name, reason) for name, reason in problems]
        return outcome
    prepared.files = files.used
    prepared.fingerprint = _fingerprint(data, files.used)
    outcome.prepared = prepared
    return outcome


def _with_ids(blocks: list[dict[str, Any]], import_id: str) -> list[dict[str, Any]]:
    for number, block in enumerate(blocks):
        block["id"] = str(uuid.uuid5(_BLOCKS, f"{import_id}\n{number}"))
        if block["type"] == "gallery":
            for place, entry in enumerate(block["value"]["images"]):
                entry["id"] = str(uuid.uuid5(_BLOCKS, f"{import_id}\n{number}\n{place}"))
    return blocks


def _fingerprint(data: dict[str, Any], files: list[FileRef]) -> str:
    """Of all that the page is made of: the line, whatever the order of its keys, and the bytes of its files."""
    source = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(f"{FORMAT}\n{source}".encode())
    for ref in files:
        digest.update(ref.sha1.encode())
    return digest.hexdigest()
