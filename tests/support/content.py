"""Sections, authors, pictures, pages and the admin's forms for the tests; every name is made up here."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cms.content.models import ArticlePage, Author, ContentByline, ContentPage, FrontPage, FrontSlot
from cms.content.slugs import slugify
from ostriv.testing.newsroom import (
    front_of,
    locale_of,
    make_author,
    make_document,
    make_editor,
    make_folder,
    make_image,
    make_section,
    restrict,
)

__all__ = [  # the factories that every plugin's tests have, and those of our own suite
    "add",
    "api",
    "at",
    "body",
    "fill_front",
    "form_of",
    "front_of",
    "headlines",
    "ids",
    "locale_of",
    "make_article",
    "make_author",
    "make_document",
    "make_editor",
    "make_folder",
    "make_image",
    "make_page",
    "make_section",
    "page_form",
    "post",
    "problem",
    "resolved",
    "restrict",
    "shown",
]

_numbers = itertools.count(1)


def make_page(
    model: type[ContentPage],
    title: str = "",
    *,
    live: bool = True,
    locale: str = "uk",
    parent: Page | None = None,
    authors: Iterable[Author] = (),
    tags: Iterable[str] = (),
    **fields: Any,
) -> Any:
    """A page of any type, published as an editor does unless ``live`` is false."""
    parent = Page.objects.get(pk=(parent or front_of(locale)).pk).specific
    page = model(title=title or f"Новина {next(_numbers)}", locale=parent.locale, live=False, **fields)
    page.bylines = [ContentByline(author=author, sort_order=place) for place, author in enumerate(authors)]
    page.tags.add(*tags)
    parent.add_child(instance=page)
    if live:
        page.save_revision().publish()
    page.refresh_from_db()
    return page


def make_article(title: str = "", **options: Any) -> ArticlePage:
    return make_page(ArticlePage, title, **options)


def body(*blocks: tuple[str, Any]) -> list[dict[str, Any]]:
    """A stream as Wagtail stores it."""
    return [{"type": kind, "value": value} for kind, value in blocks]


def fill_front(*pages: ContentPage, locale: str = "uk", **first: Any) -> FrontPage:
    """Publish a front page with these pages in its slots; the first slot may have words of its own."""
    front = front_of(locale)
    front.slots = [
        FrontSlot(page=page, sort_order=place, **(first if place == 0 else {})) for place, page in enumerate(pages)
    ]
    front.save_revision().publish()
    return front


# --- the public API ---------------------------------------------------------------------------------------------


def api(client: Client, path: str, /, **parameters: Any) -> Any:
    """The document at an address of the API; fails if the answer is not 200."""
    response = client.get(f"/api/v1{path}", parameters)
    assert response.status_code == 200, f"{path} answered {response.status_code}: {response.content[:500]!r}"
    return response.json()


def headlines(client: Client, **parameters: Any) -> list[str]:
    """The headlines of a content list."""
    return [each["headline"] for each in api(client, "/content/", **parameters)["results"]]


def follow(client: Client, since: str = "", **parameters: Any) -> tuple[list[Any], str]:
    """Every change behind a cursor, page by page, and the cursor to go on from."""
    found: list[Any] = []
    while True:
        document = api(client, "/changes/", since=since, **parameters)
        found += document["results"]
        since = document["next"]
        if not document["has_more"]:
            return found, since


def problem(client: Client, path: str, status: int, /, **parameters: Any) -> Any:
    """The problem details that an address answers with."""
    response = client.get(f"/api/v1{path}", parameters)
    assert response.status_code == status, f"{path} answered {response.status_code}: {response.content[:500]!r}"
    assert response["Content-Type"] == "application/problem+json"
    document = response.json()
    assert document["status"] == status
    assert document["title"] and document["detail"] and document["type"]
    return document


# --- the admin --------------------------------------------------------------------------------------------------


def page_form(title: str, *, slug: str = "", action: str = "publish", **fields: Any) -> dict[str, Any]:
    """What the browser sends when a content page is saved; ``action`` is publish, submit or empty for a draft."""
    data = {
        "title": title,
        "slug": slug or slugify(title),
        "lede": "",
        "section": "",
        "source_name": "",
        "source_url": "",
        "image": "",
        "body": streamfield([]),
        "bylines": inline_formset([]),
        "related_items": inline_formset([]),
        "corrections": inline_formset([]),
        "comments": inline_formset([]),
        "tags": "",
        "published_at": "",
        "seo_title": "",
        "search_description": "",
        **fields,
    }
    if action:
        data[f"action-{action}"] = "on"
    return nested_form_data(data)


def form_of(page: ContentPage, *, action: str = "publish", **changes: Any) -> dict[str, Any]:
    """The form of a page that exists, with these fields changed."""
    page = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    known = {
        "slug": page.slug,
        "lede": page.lede,
        "section": page.section_id or "",
        "tags": ",".join(tag.name for tag in page.tags.all()),
    }
    return page_form(**{"title": page.title, "action": action, **known, **changes})


def at(moment: str) -> datetime:
    """A time from its text."""
    return datetime.fromisoformat(moment)


def ids(pages: Sequence[Page]) -> list[int]:
    return [page.pk for page in pages]


def post(browser: Client, name: str, *arguments: Any, data: dict[str, Any] | None = None) -> Any:
    """Send a form of the admin, and see that it was taken."""
    response = browser.post(reverse(name, args=arguments), data or {})
    form = response.context.get("form") if response.context else None
    assert response.status_code == 302, form.errors if form else response.content[:2000]
    return response


def add(browser: Client, parent: Page, data: dict[str, Any], model: str = "articlepage") -> Page:
    post(browser, "wagtailadmin_pages:add", "content", model, parent.pk, data=data)
    return Page.objects.order_by("-pk").first().specific


def shown(client: Client, page: Page) -> Any:
    return api(client, f"/content/{page.specific_class.get_type_name()}/{page.slug}/", locale=page.locale.language_code)


def resolved(client: Client, path: str) -> Any:
    return api(client, "/resolve/", path=path)
