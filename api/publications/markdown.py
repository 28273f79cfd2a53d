"""Rich text as Markdown: the few elements that ``rich_text`` lets through, as CommonMark (https://spec.commonmark.org/).

Struck-out text is GitHub's ``~~``; ``<sup>`` and ``<sub>``, for which there is nothing, stay HTML. Every character of
the words that Markdown or HTML would read as markup has a backslash: what was no markup becomes none.
"""

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Union

_BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr"}
_EMPHASIS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~"}
_HTML = {"**": "strong", "*": "em", "~~": "del"}
#: Elements within each other, at most: deeper ones leave their words.
DEEPEST = 24
_SPECIAL = re.compile(r"([\\`*_\[\]<>&~|])")
#: What would begin a heading, a list, a line or a code block at the beginning of a line.
_BEGINNING = re.compile(r"^(\s*)(?:([#+=-])|(\d{1,9})([.)]))")
_SPACES = re.compile(r"[ \t\r\n\f]+")
#: What links may lead to, beside addresses without a scheme. Browsers skip some characters before and in a scheme.
_SCHEMES = {"http", "https", "mailto", "tel"}
_SCHEME = re.compile(r"([^/?#:]*):")
_SKIPPED = re.compile(r"[\x00-\x20\x7f]+")


@dataclass
class _Element:
    tag: str
    href: str = ""
    children: list[Union["_Element", str]] = field(default_factory=list)


def to_markdown(html: str) -> str:
    """This rich text, as ``rich_text`` makes it, as Markdown."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return "\n\n".join(_blocks(parser.root))


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, dict(attrs).get("href") or "")
        if len(self._open) <= DEEPEST:
            self._open[-1].children.append(element)
        else:
            element = self._open[-1]
        if tag not in ("br", "hr"):
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("br", "hr") and len(self._open) > 1:  # the text was made by a parser: its elements are closed
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


# --- blocks -----------------------------------------------------------------------------------------------------


def _blocks(element: _Element) -> list[str]:
    """The children of an element as blocks; words that stand in none make a paragraph."""
    found: list[str] = []
    words: list[_Element | str] = []
    marks = _Marks()
    for child in [*element.children, None]:
        if child is not None and not (isinstance(child, _Element) and child.tag in _BLOCKS):
            words.append(child)
            continue
        if text := _paragraph(words):
            found.append(text)
        words = []
        if isinstance(child, _Element) and (block := _block(child, marks)):
            found.append(block)
    return found


class _Marks:
    """The marks of lists that follow each other: the same would make them one list."""

    def __init__(self) -> None:
        self._number = 0

    def next(self, ordered: bool) -> str:
        self._number += 1
        return (".", ")")[self._number % 2 - 1] if ordered else ("-", "*")[self._number % 2 - 1]


def _block(element: _Element, marks: _Marks) -> str:
    if element.tag == "hr":
        return "---"
    if element.tag in ("h2", "h3", "h4"):
        text = _inline(element.children).replace("\\\n", " ").strip()
        return f"{'#' * int(element.tag[1])} {text}" if text else ""
    if element.tag in ("ul", "ol"):
        return _list(element, marks.next(element.tag == "ol"))
    return "\n\n".join(_quoted(_blocks(element)) if element.tag == "blockquote" else _blocks(element))


def _quoted(blocks: list[str]) -> list[str]:
    text = "\n\n".join(blocks)
    return ["\n".join(f"> {line}".rstrip() for line in text.split("\n"))] if text else []


def _list(element: _Element, mark: str) -> str:
    items, number = [], 0
    for child in element.children:
        if not isinstance(child, _Element):
            continue
        number += 1
        sign = f"{number}{mark} " if element.tag == "ol" else f"{mark} "
        blocks = _blocks(child if child.tag == "li" else _Element("li", children=[child]))
        indented = "\n".join(blocks).replace("\n", "\n" + " " * len(sign)) if blocks else ""
        items.append(f"{sign}{indented}".rstrip())
    return "\n".join(items)


def _paragraph(children: list[_Element | str]) -> str:
    text = _inline(children).strip()
    while text.endswith(("\\\n", "\\")):
        shorter = text.removesuffix("\\\n") if text.endswith("\\\n") else text
        if shorter == text:
            break
        text = shorter.rstrip()
    return "\n".join(_BEGINNING.sub(_escaped_beginning, line.lstrip()) for line in text.split("\n"))


def _escaped_beginning(match: re.Match[str]) -> str:
    spaces, sign, number, point = match.groups()
    return f"{spaces}\\{sign}" if sign else f"{spaces}{number}\\{point}"


# --- words ------------------------------------------------------------------------------------------------------


def _inline(children: list[_Element | str]) -> str:
    text = ""
    for place, child in enumerate(children):
        if isinstance(child, str):
            text += _SPECIAL.sub(r"\\\1", _SPACES.sub(" ", child))
        else:
            shown = _element(child, text[-1:], _first(children[place + 1 :]))
            if text.endswith("!") and shown.startswith("["):  # the two would make an image of a link
                text = f"{text[:-1]}\\!"
            text += shown
    return text


def _first(following: list[_Element | str]) -> str:
    """The first character of what follows; anything, if that is no word."""
    return (following[0][:1] if isinstance(following[0], str) else "*") if following else ""


def _element(element: _Element, before: str, after: str) -> str:
    if element.tag == "br":
        return "\\\n"
    if element.tag == "code":
        return _code(_words(element))
    inner = _inline(element.children)
    if element.tag in ("sup", "sub"):
        return f"<{element.tag}>{inner}</{element.tag}>" if inner.strip() else inner
    if element.tag == "a" and _leads(element.href) and inner.strip():
        return _around(inner, "[", f"](<{_address(element.href)}>)")
    if element.tag in _EMPHASIS and inner.strip():
        sign = _EMPHASIS[element.tag]
        bare = inner.strip()
        if _is_clear(bare, before if inner[0] == bare[0] else " ", after if inner[-1] == bare[-1] else " "):
            return _around(inner, sign, sign)
        return _around(inner, f"<{_HTML[sign]}>", f"</{_HTML[sign]}>")
    return inner


def _is_clear(words: str, before: str, after: str) -> bool:
    """Whether signs around these words are sure to be read as signs (CommonMark 6.2: they must flank words)."""
    if before in ("*", "~") or after in ("*", "~") or words[0] in "*~" or words[-1] in "*~":
        return False
    begins = words[0].isalnum() or not before or before.isspace()
    ends = words[-1].isalnum() or not after or after.isspace() or (not after.isalnum())
    return begins and ends


def _around(inner: str, begin: str, end: str) -> str:
    """The signs stand at the words, the spaces outside."""
    words = inner.strip()
    start = inner.index(words)
    return f"{inner[:start]}{begin}{words}{end}{inner[start + len(words) :]}"


def _code(words: str) -> str:
    longest = max((len(run) for run in re.findall("`+", words)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{padding}{words}{padding}{fence}" if words.strip() else words


def _words(element: _Element) -> str:
    return _SPACES.sub(" ", "".join(child if isinstance(child, str) else _words(child) for child in element.children))


def _leads(href: str) -> bool:
    scheme = _SCHEME.match(_SKIPPED.sub("", href))
    return bool(href) and (scheme is None or scheme[1].lower() in _SCHEMES)


def _address(href: str) -> str:
    """An address that the parser has read, without its entities, as one between angle brackets."""
    return (
        escape(href, quote=False)
        .replace("\\", "%5C")
        .replace("\r", "%0D")
        .replace("\n", "%0A")
        .replace("&lt;", "%3C")
        .replace("&gt;", "%3E")
    )
