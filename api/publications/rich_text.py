"""Rich text as stored by Wagtail, made into safe HTML for readers.

Links to documents get their address. A link to a page becomes a reference (``ostriv:page/12``), resolved when the
text is read: a page that is not public by then leaves its words and no link.
"""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

import nh3
from wagtail.documents import get_document_model

from api.addresses import absolute_url

_ALLOWED = {
    "a": {"href", "linktype", "id"},
    "p": set(), "br": set(), "b": set(), "strong": set(), "i": set(), "em": set(), "s": set(), "del": set(),
    "sup": set(), "sub": set(), "ul": set(), "ol": set(), "li": set(), "hr": set(), "code": set(),
    "h2": set(), "h3": set(), "h4": set(), "blockquote": set(),
}  # fmt: skip
_LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_REFERENCE = re.compile(r'<a href="ostriv:page/(\d+)">(.*?)</a>', re.DOTALL)
#: What can be the id of a row; longer numbers fit no column.
_ID = re.compile(r"[0-9]{1,18}")


def render(html: str) -> str:
    """Stored rich text to HTML with references; nothing that the editor's menu doesn't offer passes."""
    clean = nh3.clean(
        html,
        tags=set(_ALLOWED),
        attributes={tag: names for tag, names in _ALLOWED.items() if names},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    return _LINK.sub(_render_link, clean)


def referenced_pages(html: str) -> set[int]:
    """The ids of the pages that rendered HTML refers to."""
    return {int(match[1]) for match in _REFERENCE.finditer(html)}


def resolve(html: str, teasers: Mapping[int, Mapping[str, Any]]) -> str:
    """Put addresses in the place of references; what is not among the teasers leaves its words."""

    def link(match: re.Match[str]) -> str:
        teaser = teasers.get(int(match[1]))
        return f'<a href="{escape(str(teaser["url"]))}">{match[2]}</a>' if teaser else match[2]

    return _REFERENCE.sub(link, html)


def _render_link(match: re.Match[str]) -> str:
    attributes = dict(_ATTRIBUTE.findall(match[1]))
    words, kind, target = match[2], attributes.get("linktype"), attributes.get("id", "")
    if kind == "page" and _ID.fullmatch(target):
        return f'<a href="ostriv:page/{target}">{words}</a>'
    if kind == "document" and _ID.fullmatch(target):
        document = get_document_model().objects.filter(pk=int(target)).first()
        return f'<a href="{escape(absolute_url(document.url))}">{words}</a>' if document else words
    if href := attributes.get("href"):
        return f'<a href="{href}" rel="noopener">{words}</a>'
    return words
