"""A photo report: chosen and ordered in the editor's form, read in the API."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset

from api.publications.writer import load, write
from cms.registry import states
from plugins.gallery.models import GalleryPage
from tests.plugins.gallery.reports import add_report, editors_browser, make_report, photo_row
from tests.support.content import api, at, form_of, headlines, make_image, problem, restrict

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("gallery")]


def detail(client: Client, slug: str = "pavodok") -> Any:
    return api(client, f"/content/gallery/{slug}/")


def test_an_editor_publishes_photos_in_order_and_readers_see_them(client: Client) -> None:
    first, second = make_image("Дамба", credit="Ніна Плав"), make_image("Човен")
    rows = [
        photo_row(first, caption="Дамба вночі"),
        photo_row(second, credit="Річкова агенція", alt="Люди в човні", taken_at="2026-01-14 16:30", place="Устя"),
    ]

    assert add_report(editors_browser(), rows, lede="Рік великої води").status_code == 302

    photos = detail(client)["photos"]
    assert [(each["caption"], each["credit"], each["alt"]) for each in photos] == [
        ("Дамба вночі", "Ніна Плав", "Дамба здалеку"),
        ("", "Річкова агенція", "Люди в човні"),
    ]
    assert photos[1]["image"]["credit"] == "Річкова агенція"
    assert photos[1]["image"]["alt"] == "Люди в човні"
    assert set(photos[1]["image"]["renditions"]) == {"small", "medium", "large"}
    assert (photos[1]["taken_at"], photos[1]["place"]) == ("2026-01-14T14:30:00Z", "Устя")
    (teaser,) = api(client, "/content/", type="gallery")["results"]
    assert teaser["photo_count"] == detail(client)["photo_count"] == 2
    assert set(teaser) < set(detail(client))


@pytest.mark.parametrize("moment", ["2026-10-25T00:30:45+00:00", "2026-10-25T01:30:45+00:00"])
def test_a_time_that_nobody_touches_stays_to_the_second(client: Client, moment: str) -> None:
    """The clocks in Kyiv show 03:30 twice on 25 October 2026."""
    report = make_report("Паводок", photos=1)
    photo = report.photos.get()
    photo.taken_at = at(moment)
    report.photos = [photo]
    report.save_revision().publish()
    rows = [photo_row(photo.image, id=photo.pk, taken_at="2026-10-25 03:30", place="Устя")]
    address = reverse("wagtailadmin_pages:edit", args=[report.pk])

    answer = editors_browser().post(address, form_of(report, photos=inline_formset(rows, initial=1)))

    assert answer.status_code == 302
    (shown,) = detail(client)["photos"]
    assert (shown["taken_at"], shown["place"]) == (moment.replace("+00:00", "Z"), "Устя")


def test_of_a_time_that_the_clocks_show_twice_the_first_is_taken(client: Client) -> None:
    assert add_report(editors_browser(), [photo_row(make_image(), taken_at="2026-10-25 03:30")]).status_code == 302

    assert detail(client)["photos"][0]["taken_at"] == "2026-10-25T00:30:00Z"


@pytest.mark.parametrize("moment", ["2026-03-29 03:30", "0001-01-01 00:00", "торік"])
def test_a_time_that_there_is_not_is_refused(moment: str) -> None:
    assert add_report(editors_browser(), [photo_row(make_image(), taken_at=moment)]).status_code == 200

    assert not GalleryPage.objects.exists()


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "gallery", "--check", "--dry-run", verbosity=0)


def test_the_order_of_the_form_is_the_order_of_the_api(client: Client) -> None:
    report = make_report("Паводок", photos=3)
    photos = list(report.photos.all())
    rows = [photo_row(photo.image, caption=photo.caption, id=photo.pk) for photo in photos]
    moved = inline_formset(rows, initial=3)
    # What dragging the last photo to the top leaves in the form.
    for row, place in zip(range(3), (2, 3, 1), strict=True):
        moved[f"{row}-ORDER"] = str(place)
    address = reverse("wagtailadmin_pages:edit", args=[report.pk])

    assert editors_browser().post(address, form_of(report, photos=moved)).status_code == 302

    assert [each["caption"] for each in detail(client)["photos"]] == ["Підпис 3", "Підпис 1", "Підпис 2"]
    assert list(GalleryPage.objects.get(pk=report.pk).photos.values_list("caption", flat=True)) == [
        "Підпис 3",
        "Підпис 1",
        "Підпис 2",
    ]


def test_the_cover_is_the_pages_own_image_else_the_first_photo(client: Client) -> None:
    report = make_report("Паводок")
    assert detail(client)["image"]["alt"] == "Кадр 1 здалеку"

    report.image = make_image("Обкладинка")
    report.save_revision().publish()

    (teaser,) = api(client, "/content/", type="gallery")["results"]
    assert teaser["image"]["alt"] == detail(client)["image"]["alt"] == "Обкладинка здалеку"


def test_a_report_without_photos_can_be_saved_and_not_published(client: Client) -> None:
    editor = editors_browser()

    refused = add_report(editor, [])

    assert refused.status_code == 200
    assert "потребує фотографії" in refused.content.decode() or "needs a photo" in refused.content.decode()
    assert add_report(editor, [], action="").status_code == 302
    assert GalleryPage.objects.get().photos.count() == 0


def test_a_row_without_an_image_is_refused(client: Client) -> None:
    assert add_report(editors_browser(), [photo_row(None, caption="Без знімка")]).status_code == 200

    assert not GalleryPage.objects.exists()


def test_more_photos_than_the_setting_are_refused() -> None:
    states.save_settings("gallery", {"max_photos": 2})
    rows = [photo_row(make_image(size=(20, 20))) for _number in range(3)]

    answer = add_report(editors_browser(), rows)

    assert answer.status_code == 200
    assert not GalleryPage.objects.exists()


def test_the_form_offers_to_choose_many_images_and_to_upload() -> None:
    report = make_report()
    form = editors_browser().get(reverse("wagtailadmin_pages:edit", args=[report.pk])).content.decode()

    assert "new MultipleChooserPanel" in form
    assert f"/admin/x/gallery/{report.pk}/upload/" in form


# --- nothing leaks ----------------------------------------------------------------------------------------------


def test_a_draft_is_not_public(client: Client) -> None:
    make_report("Паводок", live=False)

    problem(client, "/content/gallery/pavodok/", 404)
    assert headlines(client, type="gallery") == headlines(client, q="Підпис") == []


def test_a_photo_of_a_draft_is_not_in_what_readers_get(client: Client) -> None:
    report = make_report("Паводок", photos=1)
    row = photo_row(report.photos.first().image, caption="Ще не для всіх", id=report.photos.first().pk)
    address = reverse("wagtailadmin_pages:edit", args=[report.pk])

    editors_browser().post(address, form_of(report, action="", photos=inline_formset([row], initial=1)))

    assert "Ще не для всіх" not in json.dumps(detail(client), ensure_ascii=False)
    assert headlines(client, q="Ще не для всіх") == []


@pytest.mark.parametrize("hide", ["private", "unpublished", "deleted"])
def test_what_is_taken_away_is_gone(client: Client, hide: str) -> None:
    report = make_report("Паводок")
    if hide == "private":
        restrict(report)
    elif hide == "unpublished":
        report.unpublish()
    else:
        report.delete()

    problem(client, "/content/gallery/pavodok/", 404)
    assert headlines(client, type="gallery") == []


def test_a_photo_whose_image_is_deleted_leaves_the_report_and_its_drafts(client: Client) -> None:
    report = make_report("Паводок", photos=2)
    report.title = "Паводок триває"
    report.save_revision()

    report.photos.first().image.delete()

    again = GalleryPage.objects.get(pk=report.pk)
    assert [photo.caption for photo in again.photos.all()] == ["Підпис 2"]
    assert [photo.caption for photo in again.get_latest_revision_as_object().photos.all()] == ["Підпис 2"]


# --- documents --------------------------------------------------------------------------------------------------


def test_captions_are_found(client: Client) -> None:
    make_report("Паводок")

    assert headlines(client, q="підпис") == ["Паводок"]


def test_search_engines_get_an_image_gallery(client: Client) -> None:
    make_report("Паводок")

    document = detail(client)["json_ld"]

    assert document["@type"] == "ImageGallery"
    assert [each["caption"] for each in document["associatedMedia"]] == ["Підпис 1", "Підпис 2"]
    assert all(each["contentUrl"].startswith("http") for each in document["associatedMedia"])


def test_the_schema_describes_photos(client: Client) -> None:
    schema = json.loads(client.get("/api/v1/schema/", headers={"Accept": "application/json"}).content)

    shape = schema["components"]["schemas"]["GalleryDetail"]["properties"]
    assert shape["photos"]["items"]["$ref"].endswith("/Photo")
    assert shape["photo_count"]["type"] == "integer"


def test_a_report_is_read_in_one_query_however_many_photos_it_has(
    client: Client, django_assert_num_queries: Any
) -> None:
    make_report("Паводок", photos=8)

    with django_assert_num_queries(1):
        assert detail(client)["photo_count"] == 8


def test_publishing_takes_few_queries_for_each_photo() -> None:
    def queries(photos: int) -> int:
        report = make_report(photos=photos, live=False)
        revision = report.save_revision()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            revision.publish()
        return len(captured)

    few, many = queries(5), queries(25)

    # Five of them make a photo's renditions; the others are Wagtail's, which indexes what each saved row refers to.
    assert (many - few) / 20 <= 18


def test_publishing_again_takes_as_many_queries_for_twenty_five_photos_as_for_five() -> None:
    def queries(photos: int) -> int:
        report = make_report(photos=photos)
        with CaptureQueriesContext(connection) as captured:
            write(load([report.pk]))
        return len(captured)

    assert queries(5) == queries(25)
