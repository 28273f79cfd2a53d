"""Walks the tree of sanitised HTML once and collects lines of text and blocks, in the order of the text."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from lxml import etree

from cms.content.importing import sanitising
from cms.content.importing.embeds import absolute, is_address, public_address
from cms.content.importing.lines_of_text import Line, Mark
from cms.content.importing.tables import read_table

HEADING_LENGTH = 255
ATTRIBUTION_LENGTH = 255
CAPTION_LENGTH = 500
MAX_DEPTH = 150


class FileError(Exception):
    """A file that HTML points at can't be used; the message says why, in words for the report."""


class Files(Protocol):
    """The files that stand beside an import; both answer None for an address that is no file's."""

    def image(self, address: str, *, alt: str = "", credit: str = "") -> Any:
        """What stands for the image at this address. Raises FileError."""

    def document(self, address: str) -> str | None:
        """What stands for the id of the document at this address. Raises FileError."""


class NoFiles:
    """No files at all: every picture stays where it is."""

    def image(self, address: str, *, alt: str = "", credit: str = "") -> None:
        return None

    def document(self, address: str) -> None:
        return None


@dataclass
class Block:
    """A block that is not running text: its type in BodyBlock, and its value as StreamField stores it."""

    type: str
    value: dict


class TooDeepError(ValueError):
    """HTML nested so deeply that no editor made it."""


_SPACE = re.compile(r"[ \t\r\n\f]+")
_MARKS = {
    "b": "b", "strong": "b", "i": "i", "em": "i", "cite": "i", "dfn": "i", "var": "i", "s": "s", "strike": "s",
    "del": "s", "sup": "sup", "sub": "sub", "dt": "b", "summary": "b", "legend": "b",
}  # fmt: skip
_LEVELS = {"h1": "2", "h2": "2", "h3": "3", "h4": "3", "h5": "3", "h6": "3"}


class Walker:
    """One walk. ``dropped`` and ``changed`` count what was lost and what took another form."""

    def __init__(self, files: Files, *, dropped: Counter[str], changed: Counter[str], depth: int = 0):
        self.files = files
        self.dropped = dropped
        self.changed = changed
        self.depth = depth
        self.parts: list[Line | Block] = []
        self.lists: tuple[str, ...] = ()
        self.line = Line()

    # --- lines ---

    def finish(self) -> list[Line | Block]:
        self.end_line()
        return self.parts

    def end_line(self) -> None:
        if self.line.finished():
            self.parts.append(self.line)
        self.line = Line(self.lists)

    def add(self, block: Block) -> None:
        self.end_line()
        self.parts.append(block)

    def text(self, text: str | None, marks: tuple[Mark, ...], preserved: bool = False) -> None:
        if not text:
            return
        if not preserved:
            self.line.add(_SPACE.sub(" ", text), marks)
            return
        for number, row in enumerate(re.split("\r\n|\r|\n", text.expandtabs())):
            if number:
                self.line.add("\n", marks)
            # Of several spaces a browser shows one; the others have to be hard ones.
            self.line.add(re.sub("  +", lambda spaces: "\u00a0" * len(spaces[0]), row), marks)

    # --- the walk ---

    def flow(self, element: etree._Element, marks: tuple[Mark, ...], preserved: bool = False) -> None:
        """All that is in an element, without the element itself."""
        self.text(element.text, marks, preserved)
        for child in element:
            if isinstance(child.tag, str):
                self.element(child, marks, preserved)
            self.text(child.tail, marks, preserved)

    def element(self, element: etree._Element, marks: tuple[Mark, ...], preserved: bool) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooDeepError(f"is nested more than {MAX_DEPTH} elements deep")
        self._element(element, marks, preserved)
        self.depth -= 1

    def _element(self, element: etree._Element, marks: tuple[Mark, ...], preserved: bool) -> None:
        name = element.tag
        if special := getattr(self, f"on_{name}", None):
            special(element, marks)
        elif name in _LEVELS:
            self.on_heading(element, marks, _LEVELS[name])
        elif name in sanitising.MEDIA:
            self.on_media(element, marks)
        elif name in sanitising.WRAPPERS:
            self.end_line()
            own = (*marks, Mark(_MARKS[name])) if name in _MARKS else marks
            self.flow(element, own, preserved or name == "pre")
            self.end_line()
        else:
            own = (*marks, Mark(_MARKS[name])) if name in _MARKS else marks
            self.flow(element, own, preserved)

    def inside(
        self, element: etree._Element, marks: tuple[Mark, ...], without: etree._Element | None = None
    ) -> list[Line | Block]:
        """The lines and blocks of an element on its own."""
        walker = Walker(self.files, dropped=self.dropped, changed=self.changed, depth=self.depth)
        walker.text(element.text, marks)
        for child in element:
            if isinstance(child.tag, str) and child is not without:
                walker.element(child, marks, preserved=False)
            walker.text(child.tail, marks)
        return walker.finish()

    # --- elements ---

    def on_br(self, element: etree._Element, marks: tuple[Mark, ...]) -> None:
        if self.line.ends_with_break() and not self.line.lists:
            self.end_line()  # two breaks in a row are how old systems wrote a paragraph
        else:
            self.line.add("\n", marks)

    def on_hr(self, element: etree._Element, marks: tuple[Mark, ...]) -> None:
        self.end_line()
        self.parts.append(Line(rule=True))

    def on_q(self, element: etree._Element, marks: tuple[Mark, ...]) -> None:
        # A browser puts the quotation marks of <q>; here nothing would.
        self.text("«", marks)
        self.flow(element, marks)
        self.text("»", marks)

    def on_a(self, element: etree._Element, marks: tuple[Mark, ...]) -> None:
        address = absolute(element.get("href", ""))
        mark = self._link(address) if address else None
        if mark is None and not (element.get("name") or element.get("id")):
            self.changed["link without a usable address, its text kept"] += 1
        before = len(self.parts)
        self.flow(element, (*marks, mark) if mark else marks)
        pictures = [part for part in self.parts[before:] if isinstance(part, Block) and part.type == "image"]
        if mark and pictures and not _is_image_address(address):
            self.dropped["link around a picture"] += 1

    def _link(self, address: str) -> Mark | None:
        try:
            document = self.files.document(address)
        except FileError as problem:
            self.changed[f"document {problem}, kept as a link"] += 1
            document = None
        return Mark("document", str(document)) if document else Mark("a", address)

    def on_ul(self, element: etree._Element, marks: tuple[Mark, ...]) -> None:
        self.end_line()
        outer, self.lists = self.lists, (*self.lists, element.tag)
        self.line = Line(self.lists)
        self.flow(element, marks)
        self.end_line()
        self.lists = outer
        self.line = Line(outer)

    on_ol = on_ul

    def on_li(self, element: etree._Element, marks: tuple[Mark, ...]) -> None:
        self.end_line()
        before = len(self.parts)
        self.flow(element, marks)
        self.end_line()
        self._one_item(before)

    def _one_item(self, start: int) -> None:
        """Paragraphs inside one list item become lines of that item."""
        kept: list[Line | Block] = []
        for part in self.parts[start:]:
            last = kept[-1] if kept else None
            if isinstance(part, Line) and isinstance(last, Line) and part.lists == last.lists == self.lists:
                last.add("\n", ())
                for run in part.runs:
                    last.add(run.text, run.marks)
            else:
                kept.append(part)
        self.parts[start:] = kept

    def on_heading(self, element: etree._Element, marks: tuple[Mark, ...], level: str) -> None:
        self.end_line()
        parts = self.inside(element, marks)
        lines = [part for part in parts if isinstance(part, Line)]
        text = _one_row(lines)
        if len(lines) == len(parts) and 0 < len(text) <= HEADING_LENGTH:
            self._count_lost_links("heading", lines)
            self.parts.append(Block("heading", {"text": text, "level": level}))
        else:
            if text:
                self.changed["heading that is too long or holds more than text, kept as text"] += 1
            self.parts.extend(parts)

    def on_blockquote(self, element: etree._Element, marks: tuple[Mark, ...]) -> None:
        self.end_line()
        attribution = self._take_attribution(element)
        lines: list[Line] = []
        for part in self.inside(element, marks):
            if isinstance(part, Line):
                lines.append(part)
            else:
                self._add_quote(lines, "")
                lines = []
                self.parts.append(part)
        self._add_quote(lines, attribution)

    def _take_attribution(self, quote: etree._Element) -> str:
        """Cut the signature that ends a quotation out of it; empty if there is none that an attribution can hold."""
        signature = _last_child(quote, ("cite", "footer", "figcaption"))
        last = _last_child(quote, ("p", "div"))
        if signature is None and last is not None:  # <blockquote><p>...<cite>..</cite></p></blockquote>
            signature = _last_child(last, ("cite", "footer"))
        if signature is None or signature.find(".//img") is not None:
            return ""
        trial = Walker(NoFiles(), dropped=Counter(), changed=Counter(), depth=self.depth).inside(signature, ())
        lines = [part for part in trial if isinstance(part, Line)]
        text = _one_row(lines)
        if len(lines) < len(trial) or not text or len(text) > ATTRIBUTION_LENGTH:
            return ""
        self._count_lost_links("quote", lines)
        signature.getparent().remove(signature)
        return _without_dash(text)

    def _add_quote(self, lines: list[Line], attribution: str) -> None:
        lines = [line for line in lines if not line.rule]
        self._count_lost_links("quote", lines)
        text = "\n\n".join(line.plain for line in lines)
        if text:
            self.parts.append(Block("quote", {"text": text, "attribution": attribution, "role": ""}))
        elif attribution:
            self.text(attribution, ())
            self.end_line()

    def on_figure(self, element: etree._Element, marks: tuple[Mark, ...]) -> None:
        self.end_line()
        caption = _last_child(element, ("figcaption",))
        if caption is None and not (element.text or "").strip():
            first = next((child for child in element if isinstance(child.tag, str)), None)
            caption = first if first is not None and first.tag == "figcaption" else None
        above = caption is not None and _last_child(element, ("figcaption",)) is None
        inner = _gathered(self.inside(element, marks, without=caption))
        lines = self.inside(caption, marks) if caption is not None else []
        if self._give_caption(inner, lines):
            lines = []
        self.parts.extend([*lines, *inner] if above else [*inner, *lines])

    def _give_caption(self, inner: list[Line | Block], caption: list[Line | Block]) -> bool:
        """Give a figure's caption to the one thing in it, if that can take it."""
        block = inner[0] if len(inner) == 1 else None
        if not isinstance(block, Block) or block.type not in _CAPTIONED:
            return False
        lines = [part for part in caption if isinstance(part, Line)]
        key, limit = _CAPTIONED[block.type]
        text = _one_row(lines)
        if not text or len(lines) < len(caption) or len(text) > limit or block.value[key]:
            return False
        self._count_lost_links("caption", lines)
        block.value[key] = _without_dash(text) if key == "attribution" else text
        return True

    def on_img(self, element: etree._Element, marks: tuple[Mark, ...]) -> None:
        address = absolute(element.get("src", ""))
        alt = _SPACE.sub(" ", element.get("alt", "")).strip()
        if not address:
            self.dropped["picture without a usable address"] += 1
            return
        if element.get("width") == element.get("height") == "1":
            self.dropped["counting pixel"] += 1
            return
        try:
            image = self.files.image(address, alt=alt)
            reason = "elsewhere"
        except FileError as problem:
            image, reason = None, str(problem)
        if image is not None:
            self.add(Block("image", {"image": image, "caption": "", "credit": ""}))
            return
        self.changed[f"picture {reason}, kept as a link"] += 1
        own = tuple(mark for mark in marks if mark.name not in ("a", "document"))
        self.text(alt or _file_name(address), (*own, Mark("a", address)))

    def on_media(self, element: etree._Element, marks: tuple[Mark, ...]) -> None:
        address = absolute(element.get("src") or element.get("data") or "")
        if is_address(address):
            title = _SPACE.sub(" ", element.get("title", "")).strip()[:255]
            self.add(Block("embed", {"url": public_address(address), "title": title}))
        elif address:
            self.changed[f"<{element.tag}> of a file, kept as a link"] += 1
            self.text(_file_name(address), (*marks, Mark("a", address)))
        elif len(element):  # an <object> around the <embed> that has the address
            self.flow(element, marks)
        else:
            self.dropped[f"<{element.tag}> without an address"] += 1

    def on_table(self, element: etree._Element, marks: tuple[Mark, ...]) -> None:
        self.end_line()
        value = read_table(element, lambda cell: self._cell(cell, marks))
        if value is not None:
            self.parts.append(Block("table", value))
            return
        if element.find(".//tr") is not None and len(list(element.iter("td", "th"))) > 1:
            self.changed["table that holds more than text, kept as what it holds"] += 1
        self.flow(element, marks)
        self.end_line()

    def _cell(self, element: etree._Element, marks: tuple[Mark, ...]) -> str:
        parts = self.inside(element, marks)
        self._count_lost_links("table", [part for part in parts if isinstance(part, Line)])
        return "\n".join(part.plain if isinstance(part, Line) else part.value["text"] for part in parts)

    def _count_lost_links(self, place: str, lines: list[Line]) -> None:
        if links := sum(line.links for line in lines):
            self.dropped[f"address of a link in a {place}"] += links


#: Which value of a block takes a figure's caption, and how long it may be.
_CAPTIONED = {
    "image": ("caption", CAPTION_LENGTH),
    "quote": ("attribution", ATTRIBUTION_LENGTH),
    "embed": ("title", 255),
}


def _gathered(parts: list[Line | Block]) -> list[Line | Block]:
    """Several pictures and nothing else are a gallery."""
    images = [part.value for part in parts if isinstance(part, Block) and part.type == "image"]
    if len(images) < 2 or len(images) < len(parts):
        return parts
    return [Block("gallery", {"images": [{"type": "item", "value": value} for value in images]})]


def _one_row(lines: list[Line]) -> str:
    return " ".join(line.plain.replace("\n", " ") for line in lines)


def _without_dash(attribution: str) -> str:
    """A name without the dash that stood before it under the quotation."""
    return re.sub(r"^[\s—–-]+", "", attribution)


def _last_child(element: etree._Element, names: tuple[str, ...]) -> etree._Element | None:
    """The last child, if it is one of these and no text follows it."""
    children = [child for child in element if isinstance(child.tag, str)]
    if not children or children[-1].tag not in names or (children[-1].tail or "").strip():
        return None
    return children[-1]


def _file_name(address: str) -> str:
    return unquote(urlsplit(address).path.rstrip("/").rsplit("/", 1)[-1]) or address


def _is_image_address(address: str) -> bool:
    """Whether an address is a picture's own: a thumbnail's link to its large size is no loss."""
    return urlsplit(address).path.lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"))
