"""What keeps people from using a form, found in its HTML without a browser.

Every control has a label, ids are unique, headings in order, pictures described, buttons and links named. Rows that the
editor's browser adds later are looked at too: Wagtail sends them as templates.
"""

import re
from collections import Counter
from collections.abc import Iterator

from lxml import html
from lxml.html import HtmlElement

_TEMPLATE = "text/django-form-template"
_NO_CONTROLS = {"hidden", "submit", "button", "reset", "image"}


def problems(page: str) -> set[str]:
    """What is wrong in this HTML document: a sentence each."""
    document = html.document_fromstring(page)
    found = set(_of_part(document, document))
    found |= {f"the id “{id_}” stands {count} times" for id_, count in _ids(document).items() if count > 1}
    found |= set(_of_headings(document))
    for template in document.iter("script"):
        if template.get("type") == _TEMPLATE and template.text:
            row = html.fragment_fromstring(template.text.replace("<-/script>", "</script>"), create_parent="div")
            found |= set(_of_part(row, document))
    return found


def _of_part(part: HtmlElement, document: HtmlElement) -> Iterator[str]:
    for element in part.iter("input", "select", "textarea", "button", "a", "img"):
        tag, kind = element.tag, element.get("type", "")
        if tag == "img":
            if element.get("alt") is None:
                yield f"the picture {element.get('src', '')[:80]} has no alt"
        elif tag == "a":
            if element.get("href") and not _name(element, document):
                yield f"the link to {_general(element.get('href'))} has no words"
        elif tag == "button" or kind in ("submit", "button", "reset", "image"):
            if not (_name(element, document) or element.get("value") or element.get("alt")):
                yield f"the button {_called(element)} has no words"
        elif kind not in _NO_CONTROLS and not (_labelled(element, part) or _name(element, document)):
            yield f"the control {_called(element)} has no label"


def _labelled(control: HtmlElement, part: HtmlElement) -> bool:
    if any(ancestor.tag == "label" and _text(ancestor) for ancestor in control.iterancestors()):
        return True
    return any(label.get("for") == control.get("id") and _text(label) for label in part.iter("label"))


def _name(element: HtmlElement, document: HtmlElement) -> str:
    """The words that a screen reader says of this element."""
    if by := element.get("aria-labelledby"):
        named = [each for id_ in by.split() for each in document.xpath("//*[@id=$id]", id=id_)]
        return " ".join(_text(each) for each in named).strip()
    own = element.get("aria-label") or element.get("title") or ""
    words = "" if element.tag in ("input", "select", "textarea") else _text(element)
    pictures = " ".join(image.get("alt", "") for image in element.iter("img"))
    return f"{own} {words} {pictures}".strip()


def _text(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _ids(document: HtmlElement) -> Counter[str]:
    return Counter(element.get("id") for element in document.iter() if element.get("id"))


def _of_headings(document: HtmlElement) -> Iterator[str]:
    before = 0
    for heading in document.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        level = int(heading.tag[1])
        if before and level > before + 1:
            yield f"a heading of level {level} (“{_text(heading)[:60]}”) follows one of level {before}"
        before = level


def _called(element: HtmlElement) -> str:
    name = element.get("name") or element.get("id") or element.get("class", "")
    return f"<{element.tag}> “{_general(name)}”"


def _general(name: str) -> str:
    """Without the numbers that differ from page to page."""
    return re.sub(r"\d+", "N", name)
