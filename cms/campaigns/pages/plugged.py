"""Blocks of plugins in the story of a campaign, as safe HTML."""

from typing import Any

import nh3

from cms.content.models import ContentPage
from cms.registry import faults
from cms.registry.blocks import OwnedBlock, plugin_blocks

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


def plugin_html(document: dict[str, Any]) -> dict[str, str]:
    """Safe HTML of the plugins' blocks in a public document's story, by the block's id.

    The document says which blocks readers are shown; what a plugin makes HTML of is the value stored with the live
    page. A block whose plugin has no HTML for it, doesn't run or fails is left out.
    """
    wanted = {
        block["id"]: owned
        for block in document.get("body") or []
        if (owned := plugin_blocks().get(block["type"])) and owned.declared.html
    }
    page = ContentPage.objects.filter(pk=document["id"], live=True).first() if wanted else None
    made = {
        child.id: _render(owned, child.value, document["locale"])
        for child in (page.body if page else [])
        if (owned := wanted.get(child.id)) and owned.declared.name == child.block_type
    }
    return {block_id: html for block_id, html in made.items() if html}


def _render(owned: OwnedBlock, value: Any, language: str) -> str:
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
