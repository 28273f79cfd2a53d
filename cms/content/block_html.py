"""A block of a plugin as safe HTML, for places that show nothing else: the page of a campaign, feeds."""

from typing import Any

import nh3

from cms.registry import faults
from cms.registry.blocks import OwnedBlock

_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "strong", "b", "em", "i", "s", "small", "sup", "sub", "cite", "q", "time",
    "span", "div", "section", "aside", "a", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "figure", "figcaption",
    "img", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"lang"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "loading"},
    "time": {"datetime"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}


def html_of(owned: OwnedBlock, value: Any, language: str) -> str:
    """What the block's plugin makes of its stored value, cleaned; empty where it makes nothing, is off or fails."""
    hook = f"HTML of block {owned.declared.name}"
    return faults.call(owned.owner, hook, _safe, owned.declared.html, value, language, default="") or ""


def _safe(make: Any, value: Any, language: str) -> str:
    return nh3.clean(
        str(make(value, language)),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    ).strip()
