"""The text of a published document as one piece of HTML that readers' programs show: no script, no frame, no style.

It is made of what the API answers, so of what is public; every address in it is absolute.
"""

from collections.abc import Callable, Iterable
from html import escape
from typing import Any
from urllib.parse import urljoin

import nh3
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from api.feeds.items import address_of, picture

Document = dict[str, Any]

_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "strong", "b", "em", "i", "s", "del", "small", "sup", "sub", "cite", "q", "time",
    "code", "a", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "figure", "figcaption", "aside", "section", "img",
    "table", "caption", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"lang"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "time": {"datetime"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
_ADDRESSES = {"href", "src"}


def as_html(document: Document, *, language: str, address: str) -> str:
    """The picture, the body and the corrections of this document, sanitised.

    ``document`` is a detail with its references filled, ``language`` that of its words, ``address`` the page that
    relative links in it are relative to.
    """
    parts = [_picture(document.get("image"))]
    parts += [_block(block) for block in document.get("body") or ()]
    parts.append(_corrections(document.get("corrections") or (), language))
    return nh3.clean(
        "".join(parts),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        attribute_filter=_absolute(address),
    )


def _absolute(base: str) -> Callable[[str, str, str], str | None]:
    """Makes addresses absolute; one that can't be understood is left out."""

    def made(tag: str, attribute: str, value: str) -> str | None:
        if attribute not in _ADDRESSES:
            return value
        try:
            return urljoin(base, value)
        except ValueError:
            return None

    return made


def _block(block: Document) -> str:
    make = _MAKERS.get(block["type"])
    if make:
        return make(block["value"])
    # A plugin's: its own HTML, or the published content that it shows.
    return block.get("html") or _links(_teasers_in(block["value"]))


def _paragraph(value: Any) -> str:
    return str(value)


def _heading(value: Document) -> str:
    level = 3 if value["level"] == 3 else 2
    return f"<h{level}>{escape(value['text'])}</h{level}>"


def _quote(value: Document) -> str:
    said_by = ", ".join(filter(None, (value["attribution"], value["role"])))
    words = f"<p>{_lines(value['text'])}</p>" + (f"<p>— {escape(said_by)}</p>" if said_by else "")
    return f"<blockquote>{words}</blockquote>"


def _image(value: Document) -> str:
    return _picture(value["image"], value["caption"])


def _picture(image: Document | None, caption: str = "") -> str:
    shown = picture(image)
    if shown is None:
        return ""
    words = ". ".join(escape(each.strip().rstrip(".")) for each in (caption, shown.credit) if each.strip())
    return (
        f'<figure><img src="{escape(shown.url)}" width="{shown.width}" height="{shown.height}" '
        f'alt="{escape(shown.alt)}">{f"<figcaption>{words}</figcaption>" if words else ""}</figure>'
    )


def _gallery(value: Document) -> str:
    return "".join(map(_image, value["images"]))


def _embed(value: Document) -> str:
    """A link: programs that read feeds show no player of somebody else's."""
    return f"<p>{_link(value['url'], ': '.join(filter(None, (value['provider'], value['title']))))}</p>"


def _table(value: Document) -> str:
    caption = f"<caption>{escape(value['caption'])}</caption>" if value["caption"] else ""
    head = f"<thead>{_row(value['head'], 'th')}</thead>" if value["head"] else ""
    rows = "".join(_row(row, "td") for row in value["rows"])
    return f"<table>{caption}{head}<tbody>{rows}</tbody></table>"


def _row(cells: Iterable[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def _document(value: Document) -> str:
    return f"<p>{_link(value['url'], value['title'])}</p>"


def _pullout(value: Document) -> str:
    title = f"<h3>{escape(value['title'])}</h3>" if value["title"] else ""
    return f"<aside>{title}{value['text']}</aside>"


def _donation_call(value: Document) -> str:
    """A call of its own words for a public campaign; without one there is nowhere to lead."""
    campaign = value["campaign"]
    if not campaign:
        return ""
    words = f"<p>{_lines(value['text'])}</p>" if value["text"] else ""
    return f"<aside>{words}<p>{_link(campaign['url'], value['button'] or campaign['headline'])}</p></aside>"


def _teasers(value: Document) -> str:
    return f"<h3>{escape(value['heading'])}</h3>{_links(value['teasers'])}"


def _teasers_in(value: Any) -> list[Document]:
    """The teasers in what a plugin's block shows, however deep, in their order."""
    if isinstance(value, dict):
        if value.get("headline") and value.get("url"):
            return [value]
        return [teaser for each in value.values() for teaser in _teasers_in(each)]
    if isinstance(value, list):
        return [teaser for each in value for teaser in _teasers_in(each)]
    return []


def _links(teasers: Iterable[Document]) -> str:
    items = "".join(f"<li>{_link(address_of(each), each['headline'])}</li>" for each in teasers)
    return f"<ul>{items}</ul>" if items else ""


def _link(url: str, words: str) -> str:
    return f'<a href="{escape(url)}">{escape(words or url)}</a>'


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _corrections(corrections: Iterable[Document], language: str) -> str:
    with translation.override(language):
        items = "".join(f"<li>{_day(each['made_at'])}: {each['text']}</li>" for each in corrections)
        return f"<aside><h3>{escape(gettext('Corrections'))}</h3><ul>{items}</ul></aside>" if items else ""


def _day(moment: str) -> str:
    parsed = parse_datetime(moment)
    return escape(date_format(localtime(parsed))) if parsed else escape(moment)


_MAKERS: dict[str, Callable[[Any], str]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "quote": _quote,
    "image": _image,
    "gallery": _gallery,
    "embed": _embed,
    "table": _table,
    "document": _document,
    "pullout": _pullout,
    "donation_call": _donation_call,
    "related": _links,
    "teasers": _teasers,
    "divider": lambda value: "<hr>",
}
