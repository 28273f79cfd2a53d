"""Photo reports for the tests."""

from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset

from plugins.gallery.models import GalleryPage, Photo
from tests.support.content import front_of, make_editor, make_image, make_page, page_form


def make_report(title: str = "Паводок у фотографіях", photos: int = 2, **options: Any) -> GalleryPage:
    """A report with so many photos, published unless ``live=False``."""
    rows = [
        Photo(image=make_image(f"Кадр {number}", size=(64, 48)), caption=f"Підпис {number}", sort_order=number)
        for number in range(1, photos + 1)
    ]
    return make_page(GalleryPage, title, photos=rows, **options)


def editors_browser(group: str = "Editors") -> Client:
    browser = Client()
    browser.force_login(make_editor(group))
    return browser


def photo_row(image: Any, **fields: Any) -> dict[str, Any]:
    """What the form sends of one photo."""
    empty = {"caption": "", "credit": "", "alt": "", "taken_at": "", "place": ""}
    return {"image": image.pk if image else "", **empty, **fields}


def add_report(browser: Client, rows: list[dict[str, Any]], title: str = "Паводок", **fields: Any) -> Any:
    address = reverse("wagtailadmin_pages:add", args=["gallery", "gallerypage", front_of().pk])
    return browser.post(address, page_form(title, photos=inline_formset(rows), **fields))


def captions(page: GalleryPage) -> list[str]:
    """The captions of the newest draft, in order."""
    return [photo.caption for photo in draft(page).photos.all()]


def draft(page: GalleryPage) -> GalleryPage:
    return GalleryPage.objects.get(pk=page.pk).get_latest_revision_as_object()
