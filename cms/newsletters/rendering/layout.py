"""The plain-text form of a message, laid out for people who read mail as text."""

import textwrap
from typing import Any

from cms.newsletters.rendering.parts import Item, Part

WIDTH = 72
_RULE = "-" * WIDTH


def text_of_edition(context: dict[str, Any]) -> str:
    """The whole edition: every teaser with its section, date, headline, lede and address."""
    head = [
        context["newsletter"].upper(),
        context["date"],
        "=" * WIDTH,
        _wrap(context["subject"]),
    ]
    blocks = ["\n".join(head)]
    if context["lede"]:
        blocks.append(_wrap(context["lede"]))
    blocks += [_part(part) for part in context["parts"]]
    blocks.append(_foot(context, with_links=True))
    return "\n\n".join(blocks) + "\n"


def text_of_note(context: dict[str, Any]) -> str:
    """A short message with one address to open."""
    blocks = [
        context["newsletter"].upper(),
        _wrap(context["lead"]),
        f"{context['action']}:\n{context['url']}",
        *[_wrap(hint) for hint in context["hints"]],
        _foot(context, with_links=False),
    ]
    return "\n\n".join(blocks) + "\n"


def _part(part: Part) -> str:
    if part.kind == "divider":
        return _RULE
    if part.kind == "heading":
        return _wrap(part.heading.upper())
    if part.kind == "text":
        return _wrap(part.text)
    if part.kind == "donation":
        heading = f"{_wrap(part.heading)}\n\n" if part.heading else ""
        return f"{_RULE}\n\n{heading}{_wrap(part.text)}\n\n{part.button}:\n{part.url}\n\n{_RULE}"
    heading = f"{_wrap(part.heading.upper())}\n\n" if part.heading else ""
    return heading + "\n\n\n".join(_item(item) for item in part.items)


def _item(item: Item) -> str:
    lines = [" · ".join(filter(None, [item.section, item.date])), _wrap(item.headline), _wrap(item.lede), item.url]
    return "\n".join(line for line in lines if line)


def _foot(context: dict[str, Any], *, with_links: bool) -> str:
    words = context["words"]
    lines = [_RULE]
    if with_links:
        lines += [
            _wrap(context["why"]),
            "",
            f"{words.web_version}:",
            context["web_url"],
            "",
            f"{words.unsubscribe}:",
            context["unsubscribe_url"],
            "",
        ]
    lines.append(context["newsroom"])
    if context["imprint"]:
        lines.append(context["imprint"])
    return "\n".join(lines)


def _wrap(text: str) -> str:
    """Lines of at most 72 characters; an address is never broken."""
    return "\n".join(
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) for line in text.split("\n")
    )
