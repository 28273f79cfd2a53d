"""Lines of text with marks on them, and their writing as Wagtail keeps rich text in the database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

#: Marks from the outermost to the innermost, as they are written.
MARK_ORDER = ("a", "document", "b", "i", "s", "sup", "sub")


class Mark(NamedTuple):
    """Something on a stretch of text: a name of MARK_ORDER, and for links what they open."""

    name: str
    value: str = ""

    @property
    def opening(self) -> str:
        if self.name == "a":
            return f'<a href="{escape(self.value)}">'
        if self.name == "document":
            return f'<a linktype="document" id="{escape(self.value)}">'
        return f"<{self.name}>"

    @property
    def closing(self) -> str:
        return "</a>" if self.name == "document" else f"</{self.name}>"


class Run(NamedTuple):
    """A stretch of text under the same marks; a line break is the text ``\\n``."""

    text: str
    marks: tuple[Mark, ...]


@dataclass
class Line:
    """A paragraph, or an item of a list: ``lists`` names the lists it stands in, from the outermost, as ul or ol."""

    lists: tuple[str, ...] = ()
    runs: list[Run] = field(default_factory=list)
    rule: bool = False

    def add(self, text: str, marks: tuple[Mark, ...]) -> None:
        """Append text whose white space is already collapsed; no space at the beginning, none after another."""
        if text.startswith(" ") and (not self.runs or self.runs[-1].text[-1] in " \n"):
            text = text[1:]
        if not text or (text == "\n" and not self.runs):
            return
        if text == "\n":
            self._strip_end(" ")
        if self.runs and text != "\n" and self.runs[-1].marks == marks and self.runs[-1].text != "\n":
            self.runs[-1] = Run(self.runs[-1].text + text, marks)
        else:
            self.runs.append(Run(text, marks))

    def finished(self) -> bool:
        """Take white space off the end; whether anything is left."""
        self._strip_end(" \n")
        return bool(self.runs) or self.rule

    def ends_with_break(self) -> bool:
        return bool(self.runs) and self.runs[-1].text == "\n"

    @property
    def plain(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def links(self) -> int:
        """How many links stand in this line."""
        return len({mark for run in self.runs for mark in run.marks if mark.name in ("a", "document")})

    @property
    def html(self) -> str:
        parts: list[str] = []
        open_marks: list[Mark] = []
        for run in self.runs:
            marks = sorted(set(run.marks), key=lambda mark: MARK_ORDER.index(mark.name))
            common = 0
            while common < min(len(marks), len(open_marks)) and marks[common] == open_marks[common]:
                common += 1
            while len(open_marks) > common:
                parts.append(open_marks.pop().closing)
            for mark in marks[common:]:
                parts.append(mark.opening)
                open_marks.append(mark)
            parts.append("<br/>" if run.text == "\n" else escape(run.text, quote=False))
        parts.extend(mark.closing for mark in reversed(open_marks))
        return "".join(parts)

    def _strip_end(self, characters: str) -> None:
        while self.runs:
            text = self.runs[-1].text.rstrip(characters)
            if text:
                self.runs[-1] = Run(text, self.runs[-1].marks)
                return
            self.runs.pop()


def rich_text(lines: Iterable[Line]) -> str:
    """The HTML that a rich-text field keeps for these lines; items of one list side by side share it."""
    parts: list[str] = []
    open_lists: list[str] = []

    def close(depth: int) -> None:
        while len(open_lists) > depth:
            parts.append(f"</li></{open_lists.pop()}>")

    for line in lines:
        if not line.lists:
            close(0)
            parts.append("<hr/>" if line.rule else f"<p>{line.html}</p>")
            continue
        common = 0
        while common < min(len(line.lists), len(open_lists)) and line.lists[common] == open_lists[common]:
            common += 1
        close(common)
        if common == len(line.lists):
            parts.append("</li><li>")
        for name in line.lists[common:]:
            parts.append(f"<{name}><li>")
            open_lists.append(name)
        parts.append(line.html)
    close(0)
    return "".join(parts)
