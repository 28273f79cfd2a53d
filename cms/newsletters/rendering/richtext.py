"""Rich text for mail programs: absolute links, few tags, and a plain-text form."""

import re
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin

import nh3
from django.conf import settings
from wagtail.rich_text import expand_db_html
from wagtail.rich_text.rewriters import LinkRewriter

from cms.content.teasers import teasers_for

_TAGS = {"p", "br", "b", "strong", "i", "em", "a", "ul", "ol", "li"}


def mail_html(source: str) -> str:
    """Wagtail's stored rich text as safe HTML whose links work outside of any site.

    A link that leads nowhere (its page was deleted, or isn't published) loses its tag and keeps its words.
    """
    html = nh3.clean(
        expand_db_html(_PublishedLinks()(source)),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        attribute_filter=_absolute,
        link_rel=None,
    )
    return re.sub(r"<a>(.*?)</a>", r"\1", html, flags=re.DOTALL)


class _PublishedLinks(LinkRewriter):
    """Gives links to pages their public address. Wagtail's own rule gives one to a draft too, and so tells its slug."""

    def get_tag_replacements(self, tag_type: str | None, attrs_list: list[dict[str, str]]) -> list[str]:
        if tag_type != "page":
            return []  # left to Wagtail
        wanted = [int(pk) if (pk := attrs.get("id", "")).isdecimal() else 0 for attrs in attrs_list]
        found = teasers_for({pk for pk in wanted if pk})
        urls = [found.get(pk, {}).get("url") for pk in wanted]
        return [f'<a href="{escape(str(url))}">' if url else "<a>" for url in urls]


def _absolute(tag: str, attribute: str, value: str) -> str | None:
    if value.startswith(("http://", "https://", "mailto:")):
        return value
    return urljoin(f"{settings.BASE_URL}/", value) if value.startswith("/") else None


class _PlainText(HTMLParser):
    """Turns the tags above into lines: paragraphs apart, list items marked, addresses after their words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.lists: list[int | None] = []
        self.href: str | None = None
        self.link_text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "p":
            self.out.append("\n\n")
        elif tag == "br":
            self.out.append("\n")
        elif tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ol" else None)
            self.out.append("\n")
        elif tag == "li":
            number = self.lists[-1] if self.lists else None
            if number is not None:
                self.lists[-1] = number = number + 1
            self.out.append(f"\n{number}. " if number else "\n• ")
        elif tag == "a":
            self.href, self.link_text = dict(attrs).get("href"), ""

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
            self.out.append("\n\n")
        elif tag == "a" and self.href:
            address = self.href.removeprefix("mailto:")
            if self.link_text.strip() != address:
                self.out.append(f" ({address})")
            self.href = None

    def handle_data(self, data: str) -> None:
        data = re.sub(r"\s+", " ", data)
        if self.href:
            self.link_text += data
        self.out.append(data)


def plain_text(html: str) -> str:
    """The text of safe HTML; the address of each link stands in brackets after its words."""
    parser = _PlainText()
    parser.feed(html)
    parser.close()
    lines = [line.strip() for line in "".join(parser.out).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
