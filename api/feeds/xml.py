"""Text in XML documents, and the pictures of items."""

import re
from typing import Any

from django.utils.encoding import iri_to_uri
from lxml import etree

from api.feeds.items import Picture

#: Atom's own, which RSS takes a link from.
ATOM = "http://www.w3.org/2005/Atom"
#: Media RSS (https://www.rssboard.org/media-rss).
MEDIA = "http://search.yahoo.com/mrss/"
# https://www.w3.org/TR/xml/#charsets: what a document may hold. The rest can't be written, not even escaped.
_NO_PLACE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """This text without the characters that XML has no place for."""
    return _NO_PLACE.sub("", text)


def line(text: str) -> str:
    """This text on one line."""
    return " ".join(clean(text).split())


def add(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    """Append an element with this text, which lxml escapes, and give it."""
    element = etree.SubElement(parent, tag, attributes)
    if text is not None:
        element.text = clean(text)
    return element


def add_picture(parent: Any, picture: Picture) -> None:
    """Append an item's picture with the words that its readers and its maker are owed."""
    attributes = {
        "url": address(picture.url),
        **({"type": picture.type} if picture.type else {}),
        "medium": "image",
        "width": str(picture.width),
        "height": str(picture.height),
    }
    content = add(parent, f"{{{MEDIA}}}content", **attributes)
    if picture.alt:
        add(content, f"{{{MEDIA}}}description", line(picture.alt), type="plain")
    if picture.credit:
        add(content, f"{{{MEDIA}}}credit", line(picture.credit))


def address(url: str) -> str:
    """An address with every letter that is not ASCII escaped, as RFC 3986 has it."""
    return clean(iri_to_uri(url) or "")


def document(root: Any) -> bytes:
    """The whole document, in UTF-8."""
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return written
