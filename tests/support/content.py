"""Sections, authors, pictures, pages and the admin's forms for the tests; every name is made up here."""

import io
import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.documents.models import Document
from wagtail.models import Collection, Locale, Page, PageViewRestriction
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cms.content.models import (
    ArticlePage,
    Author,
    ContentByline,
    ContentPage,
    FolderPage,
    FrontPage,
    FrontSlot,
    NewsroomImage,
    Section,
)
from cms.content.slugs import slugify

_numbers = itertools.count(1)


def locale_of(code: str) -> Locale:
    return Locale.objects.get(language_code=code)


def front_of(code: str = "uk") -> FrontPage:
    return FrontPage.objects.get(slug=code)


def make_section(name: str = "", *, locale: str = "uk", **fields: Any) -> Section:
    return Section.objects.create(name=name or f"Розділ {next(_numbers)}", locale=locale_of(locale), **fields)


def make_author(name: str = "", *, locale: str = "uk", **fields: Any) -> Author:
    return Author.objects.create(name=name or f"Авторка {next(_numbers)}", locale=locale_of(locale), **fields)


def make_image(title: str = "Маяк", *, size: tuple[int, int] = (800, 600), **fields: Any) -> NewsroomImage:
    drawn = io.BytesIO()
    Pillow.new("RGB", size, (20, 90, 140)).save(drawn, "PNG")
    return NewsroomImage.objects.create(
        title=title,
        file=SimpleUploadedFile(f"picture-{next(_numbers)}.png", drawn.getvalue(), "image/png"),
        **{"description": f"{title} здалеку", **fields},
    )


def make_document(title: str = "Рішення ради", content: bytes = b"%PDF-1.4 decision") -> Document:
    file = ContentFile(content, name=f"decision-{next(_numbers)}.pdf")
    return Document.objects.create(title=title, file=file, collection=Collection.get_first_root_node())


def make_folder(title: str = "", *, parent: Page | None = None, locale: str = "uk", **fields: Any) -> FolderPage:
    parent = parent or front_of(locale)
    title = title or f"Folder {next(_numbers)}"
    # From the database: treebeard numbers children by what the instance knows of them.
    folder = FolderPage(
        title=title, slug=fields.pop("slug", f"folder-{next(_numbers)}"), locale=parent.locale, **fields
    )
    return Page.objects.get(pk=parent.pk).specific.add_child(instance=folder)


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


def restrict(page: Page) -> PageViewRestriction:
    """Make a page and all below it private."""
    return PageViewRestriction.objects.create(
        page=Page.objects.get(pk=page.pk), restriction_type=PageViewRestriction.PASSWORD, password="tide"
    )


# --- the public API ---------------------------------------------------------------------------------------------


def api(client: Client, path: str, /, **parameters: Any) -> Any:
    """The document at an address of the API; fails if the answer is not 200."""
    response = client.get(f"/api/v1{path}", parameters)
    assert response.status_code == 200, f"{path} answered {response.status_code}: {response.content[:500]!r}"
    return response.json()


def headlines(client: Client, **parameters: Any) -> list[str]:
    """The headlines of a content list."""
    return [each["headline"] for each in api(client, "/content/", **parameters)["results"]]


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


def make_editor(group: str = "Editors") -> User:
    user = User.objects.create_user(f"editor{next(_numbers)}", password="long enough a secret")
    user.groups.add(Group.objects.get(name=group))
    return user


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
