"""From the HTML of another system to the blocks of a body.

The HTML is sanitised first (``sanitising``), then walked once, in order (``walker``). Every word that a reader saw
stays, in its place; what the blocks can't hold in its old form is kept in another (a remote picture as a link), and
what can't be kept at all is counted by name, so that the report of an import can say so.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import html as lxml_html

from cms.content.importing import sanitising
from cms.content.importing.lines_of_text import Line, rich_text
from cms.content.importing.walker import Block, FileError, Files, NoFiles, TooDeepError, Walker

__all__ = ["Body", "FileError", "Files", "NoFiles", "TooDeepError", "convert"]

# Shown without text of their own, and of no use without their site's scripts; any other unknown element is taken
# off its text. Comments were never shown.
_DROPPED = sanitising.REMOVED | {"input", "canvas", "svg", "applet", "math", "map", "area", "frame", "comment"}


@dataclass
class Body:
    """Converted HTML: blocks as StreamField stores them (without ids), and an account of what changed."""

    blocks: list[dict]
    #: Content that is gone, by name: ``script``, ``input``.
    dropped: Counter[str] = field(default_factory=Counter)
    #: Content that is there in another form, by name: ``picture elsewhere, kept as a link``.
    changed: Counter[str] = field(default_factory=Counter)


def convert(html: str, files: Files | None = None) -> Body:
    """The blocks of this HTML. Raises TooDeepError."""
    clean, taken_out = sanitising.sanitise(html)
    body = Body(blocks=[])
    for name, count in taken_out.items():
        target = body.dropped if name in _DROPPED else body.changed
        target[name if name in _DROPPED else f"<{name}>, its text kept"] += count
    if not clean.strip():
        return body
    parser = lxml_html.HTMLParser(huge_tree=True, encoding="utf-8")
    root = lxml_html.fragment_fromstring(clean.encode(), create_parent="div", parser=parser)
    walker = Walker(files or NoFiles(), dropped=body.dropped, changed=body.changed)
    walker.flow(root, ())
    body.blocks = list(_stored(walker.finish()))
    return body


def _stored(parts: Iterable[Line | Block]) -> Iterable[dict]:
    """Blocks as StreamField stores them; lines that follow one another share one paragraph block."""
    lines: list[Line] = []
    for part in parts:
        if isinstance(part, Line):
            lines.append(part)
            continue
        if lines:
            yield {"type": "paragraph", "value": rich_text(lines)}
            lines = []
        yield {"type": part.type, "value": part.value}
    if lines:
        yield {"type": "paragraph", "value": rich_text(lines)}
