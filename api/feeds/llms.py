"""``/llms.txt`` (https://llmstxt.org): what language models are told of the newsroom, and where it answers them.

The form is fixed: a title, a summary, some words, then sections in which every line is a link.
"""

from django.conf import settings

from api.addresses import absolute_url, frontend_url
from api.feeds.xml import address, line
from api.newsroom import newsroom
from api.parameters import DEFAULT_LOCALE
from cms.content.models import Section

CONTENT_TYPE = "text/plain; charset=utf-8"
#: A bracket would end a link's words, and "<" begin a tag.
_HARMLESS = str.maketrans({"[": "(", "]": ")", "<": "‹", ">": "›"})
_HOW_TO_READ = """\
What is published can be read without a key, as JSON. A list tells headlines, ledes and addresses, newest first; the
detail at `/api/v1/content/<type>/<slug>/` holds the whole text, as Markdown with `?rich_text=markdown`. Each text says
who wrote it, when it was published and corrected, and whom it credits (`source`): please say so too, and link to its
`url`."""


def write() -> bytes:
    """The file, with a section for each language of the newsroom. Two queries."""
    whose = newsroom(DEFAULT_LOCALE)
    sections: dict[str, list[Section]] = {code: [] for code, _name in settings.LANGUAGES}
    for section in Section.objects.filter(locale__language_code__in=sections).select_related("locale"):
        sections[section.locale.language_code].append(section)
    parts = [
        f"# {_words(whose.name)}",
        f"> {_words(whose.tagline or whose.name)}",
        _HOW_TO_READ,
        *(f"## {name}\n\n{_language(code, sections[code])}" for code, name in settings.LANGUAGES),
        f"## API\n\n{_api()}",
        f"## Optional\n\n{_optional()}",
    ]
    return ("\n\n".join(parts) + "\n").encode()


def _language(code: str, sections: list[Section]) -> str:
    links = [
        _link("The site", f"{settings.FRONTEND_URL}/{code}/", "for people"),
        _link("Front page", absolute_url(f"/api/v1/front/?locale={code}"), "as editors arranged it, and the newest"),
        _link("Everything", absolute_url(f"/api/v1/content/?locale={code}"), "the newest first; follow `next`"),
        *(
            _link(
                section.name,
                absolute_url(f"/api/v1/content/?locale={code}&section={section.slug}"),
                section.description or frontend_url("section", code, section.slug),
            )
            for section in sections
        ),
    ]
    return "\n".join(links)


def _api() -> str:
    return "\n".join(
        [
            _link("Schema", absolute_url("/api/v1/schema/"), "OpenAPI 3.1"),
            _link("Reference", absolute_url("/api/v1/docs/"), "the same for people"),
        ]
    )


def _optional() -> str:
    feeds = [
        _link(f"Feed: {name}", absolute_url(f"/feeds/{code}/feed.json"), "JSON Feed; `rss.xml`, `atom.xml` beside it")
        for code, name in settings.LANGUAGES
    ]
    maps = [
        _link("Sitemap", absolute_url("/sitemap.xml"), "every page"),
        _link("News sitemap", absolute_url("/news-sitemap.xml"), "the last two days"),
    ]
    return "\n".join([*feeds, *maps])


def _link(words: str, url: str, notes: str) -> str:
    return f"- [{_words(words)}]({_target(url)}): {_words(notes)}"


def _words(text: str) -> str:
    return line(text).translate(_HARMLESS)


def _target(url: str) -> str:
    """A bracket would end a link's address."""
    return address(url).replace("(", "%28").replace(")", "%29")
