"""What may come into a body from outside: nh3's policy, and an account of what it takes away."""

import re
from collections import Counter

import nh3

INLINE = {
    "a", "b", "strong", "i", "em", "cite", "dfn", "var", "s", "strike", "del", "sup", "sub", "q", "br", "img",
}  # fmt: skip
#: Elements that begin and end a line of text, and mean no more to the blocks than that.
WRAPPERS = {
    "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address", "center", "form",
    "fieldset", "legend", "details", "summary", "dl", "dt", "dd", "figcaption", "pre", "option", "hgroup", "search",
    "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
}  # fmt: skip
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
MEDIA = {"iframe", "embed", "object", "video", "audio"}
STRUCTURES = {"ul", "ol", "li", "blockquote", "figure", "table", "hr"}
ALLOWED = INLINE | WRAPPERS | HEADINGS | MEDIA | STRUCTURES

#: Gone with all that is in them: nothing of it was ever shown.
REMOVED = {"script", "style"}

# Taking these away changes no word and shows nothing less; all else that goes is named in the report.
_HARMLESS = {
    "html", "head", "body", "meta", "link", "base", "font", "span", "small", "big", "u", "ins", "mark", "time",
    "abbr", "acronym", "code", "kbd", "samp", "tt", "bdi", "bdo", "data", "label", "wbr", "nobr", "col", "colgroup",
    "source", "track", "param", "picture", "noscript", "template", "o:p", "st1:place", "title", "ruby", "rb", "rt",
    "rp",
}  # fmt: skip
_DRAWN = {
    "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "defs", "use", "symbol", "stop",
    "clippath",     "lineargradient", "radialgradient", "mask", "text", "tspan", "desc",
}  # fmt: skip

_ATTRIBUTES = {
    "a": {"href", "name", "id"},
    "img": {"src", "alt", "width", "height"},
    "iframe": {"src", "title"},
    "embed": {"src"},
    "object": {"data"},
    "video": {"src"},
    "audio": {"src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
URL_SCHEMES = {"http", "https", "mailto", "tel", "ftp"}

_cleaner = nh3.Cleaner(
    tags=ALLOWED,
    clean_content_tags=REMOVED,
    attributes=_ATTRIBUTES,
    url_schemes=URL_SCHEMES,
    link_rel=None,
    strip_comments=True,
)

_REMOVED_CONTENT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9:-]*)")
# <source> says where a <video> or <audio> is played from; the blocks want that on the element itself.
_SOURCE = re.compile(
    r"<(video|audio)\b((?:(?!\bsrc=)[^>])*)>\s*<source\b[^>]*?\bsrc=(\"[^\"]*\"|'[^']*')[^>]*>",
    re.IGNORECASE,
)
# Control characters that neither XML nor PostgreSQL can hold. They are never shown.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def sanitise(html: str) -> tuple[str, Counter[str]]:
    """Safe HTML of the elements in ``ALLOWED``, and how many elements of each other name were taken out.

    The text in elements that are taken out stays, but for scripts and styles.
    """
    html = _CONTROL.sub("", html)
    html = _SOURCE.sub(r"<\1\2 src=\3>", html)
    return _cleaner.clean(html), _taken_out(html)


def _taken_out(html: str) -> Counter[str]:
    names: Counter[str] = Counter()

    def note_removed(match: re.Match[str]) -> str:
        names[match[1].lower()] += 1
        return ""

    if "<!--" in html:
        html, comments = _COMMENT.subn("", html)
        names["comment"] += comments
    html = _REMOVED_CONTENT.sub(note_removed, html)
    for name in _TAG.findall(html):
        name = name.lower()
        if name not in ALLOWED and name not in _HARMLESS and name not in _DRAWN:
            names[name] += 1
    return +names
