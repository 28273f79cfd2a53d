"""What a newsroom has beside its pages: people, pictures, folders, a way to make a page private."""

import io
import itertools
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow
from wagtail.documents.models import Document
from wagtail.models import Collection, Locale, Page, PageViewRestriction

from cms.content.models import Author, FolderPage, FrontPage, NewsroomImage, Section
from cms.newsletters.models import EditionPage, Newsletter

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


def restrict(page: Page) -> PageViewRestriction:
    """Make a page and all below it private."""
    return PageViewRestriction.objects.create(
        page=Page.objects.get(pk=page.pk), restriction_type=PageViewRestriction.PASSWORD, password="tide"
    )


def make_editor(group: str = "Editors") -> User:
    user = User.objects.create_user(f"editor{next(_numbers)}")
    user.groups.add(Group.objects.get(name=group))
    return user


def make_newsletter(locale: str = "uk", **fields: Any) -> Newsletter:
    number = next(_numbers)
    defaults = {
        "name": f"Тиждень {number}",
        "slug": f"tyzhden-{number}",
        "from_name": "Острів",
        "from_email": "news@ostriv.example",
        "reply_to": "editor@ostriv.example",
        "imprint": "вул. Набережна, 1\nОстрів",
    }
    return Newsletter.objects.create(locale=locale_of(locale), **{**defaults, **fields})


def make_edition(
    newsletter: Newsletter,
    *content: tuple[str, Any],
    title: str = "Що змінилося за тиждень",
    live: bool = True,
    **fields: Any,
) -> EditionPage:
    folder = FolderPage.objects.get(slug="newsletters", locale=newsletter.locale)
    stream = content or (("paragraph", "<p>Добрий ранок!</p>"),)
    raw = [{"type": kind, "value": value} for kind, value in stream]
    page = folder.add_child(
        instance=EditionPage(
            title=title, newsletter=newsletter, locale=newsletter.locale, content=raw, live=False, **fields
        )
    )
    if live:
        page.save_revision().publish()
    page.refresh_from_db()
    return page
