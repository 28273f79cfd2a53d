"""Many photos at once: real files through the admin's own form."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError
from PIL import Image
from wagtail.models import Collection, GroupCollectionPermission, Page

from cms.content.models import NewsroomImage
from cms.content.outbox import OutboxEvent
from cms.embedded.processes import free_port
from cms.registry import states
from plugins.gallery.models import GalleryPage
from plugins.gallery.tasks import make_renditions, photos_added
from tests.plugins.gallery.pictures import broken, jpeg, png
from tests.plugins.gallery.reports import captions, draft, editors_browser, make_report
from tests.support.content import api, make_editor, problem
from tests.support.races import ended, meanwhile, sessions_that_wait
from tests.support.waiting import poll
from workers.app import app

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("gallery")]


def address(report: GalleryPage) -> str:
    return f"/admin/x/gallery/{report.pk}/upload/"


def upload(browser: Client, report: GalleryPage, *files: Any, **fields: Any) -> Any:
    return browser.post(address(report), {"order": "name", **fields, "files": list(files)})


def upload_as_the_script_does(browser: Client, report: GalleryPage, file: Any, **fields: Any) -> Any:
    data = {"order": "name", "revision": "", **fields, "files": [file]}
    answer = browser.post(address(report), data, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return answer.json()


def titles(report: GalleryPage) -> list[str]:
    return [photo.image.title for photo in draft(report).photos.all()]


@pytest.fixture
def report() -> GalleryPage:
    return make_report("Паводок", photos=1)


@pytest.fixture
def editor() -> Client:
    return editors_browser()


def test_many_files_become_photos_of_the_draft_in_the_order_of_their_names(
    client: Client, editor: Client, report: GalleryPage
) -> None:
    answer = upload(editor, report, png("IMG_10.png"), jpeg("IMG_2.jpg", caption="Човен"), jpeg("IMG_1.jpeg"))

    assert answer.status_code == 302
    assert answer["Location"] == reverse("wagtailadmin_pages:edit", args=[report.pk])
    assert titles(report) == ["Кадр 1", "IMG_1", "IMG_2", "IMG_10"]
    assert captions(report) == ["Підпис 1", "", "Човен", ""]
    assert [photo.sort_order for photo in draft(report).photos.all()] == [0, 1, 2, 3]


def test_nothing_is_published_by_an_upload(client: Client, editor: Client, report: GalleryPage) -> None:
    upload(editor, report, jpeg(caption="Ще не для всіх"))

    assert api(client, "/content/gallery/pavodok/")["photo_count"] == 1
    page = GalleryPage.objects.get(pk=report.pk)
    assert page.has_unpublished_changes
    assert page.photos.count() == 1
    assert page.latest_revision_id != page.live_revision_id


def test_a_draft_that_was_never_published_takes_photos(client: Client, editor: Client) -> None:
    report = make_report("Паводок", photos=0, live=False)

    upload(editor, report, jpeg("a.jpg"), jpeg("b.jpg"))

    assert titles(report) == ["a", "b"]
    problem(client, "/content/gallery/pavodok/", 404)


def test_photos_go_by_the_time_they_were_taken(editor: Client, report: GalleryPage) -> None:
    upload(
        editor,
        report,
        jpeg("a.jpg", taken="2026:01:03 10:00:00"),
        jpeg("b.jpg"),
        jpeg("c.jpg", taken="2026:01:01 10:00:00"),
        order="time",
    )

    assert titles(report) == ["Кадр 1", "c", "a", "b"]


def test_words_in_the_file_become_caption_and_credit(editor: Client, report: GalleryPage) -> None:
    upload(editor, report, jpeg(iptc={120: "Човен біля мосту", 80: "Оксана Бриз", 90: "Устя"}))

    photo = list(draft(report).photos.all())[-1]
    assert (photo.caption, photo.place, photo.credit) == ("Човен біля мосту", "Устя", "")
    assert photo.image.credit == "Оксана Бриз"


def test_a_file_that_fails_names_itself_and_the_others_stay(editor: Client, report: GalleryPage) -> None:
    note = png("нотатки.png")
    note.name = "нотатки.txt"

    answer = upload(editor, report, jpeg("a.jpg"), broken("зламаний.jpg"), note, png("b.png"))

    assert answer.status_code == 200
    assert [each["name"] for each in answer.context["problems"]] == ["зламаний.jpg", "нотатки.txt"]
    assert all(each["problem"] for each in answer.context["problems"])
    assert titles(report) == ["Кадр 1", "a", "b"]
    assert not NewsroomImage.objects.filter(title="зламаний").exists()


def test_a_file_that_is_too_large_says_how_large_it_may_be(editor: Client, report: GalleryPage) -> None:
    states.save_settings("gallery", {"max_upload": 1})
    large = SimpleUploadedFile("large.jpg", jpeg().read() + bytes(1024 * 1024), "image/jpeg")

    answer = upload(editor, report, large)

    (refused,) = answer.context["problems"]
    assert "1,0" in refused["problem"] or "1.0" in refused["problem"]
    assert titles(report) == ["Кадр 1"]


def test_a_file_that_is_too_large_is_opened_by_nobody(
    editor: Client, report: GalleryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    states.save_settings("gallery", {"max_upload": 1})
    opened = []
    monkeypatch.setattr(Image, "open", lambda file, **_options: opened.append(file))

    upload(editor, report, SimpleUploadedFile("large.jpg", jpeg().read() + bytes(1024 * 1024), "image/jpeg"))

    assert not opened
    assert titles(report) == ["Кадр 1"]


def test_a_report_has_room_for_so_many_and_no_more(editor: Client, report: GalleryPage) -> None:
    states.save_settings("gallery", {"max_photos": 2})

    answer = upload(editor, report, jpeg("a.jpg"), jpeg("b.jpg"))

    assert len(answer.context["problems"]) == 1
    assert titles(report) == ["Кадр 1"]
    assert not NewsroomImage.objects.filter(title="a").exists()


def test_the_same_file_is_not_taken_twice(editor: Client, report: GalleryPage) -> None:
    photo = jpeg("a.jpg")
    upload(editor, report, photo)
    photo.seek(0)

    answer = upload(editor, report, photo, jpeg("b.jpg"))

    assert [each["name"] for each in answer.context["problems"]] == ["a.jpg"]
    assert titles(report) == ["Кадр 1", "a", "b"]


def test_no_file_at_all_is_said(editor: Client, report: GalleryPage) -> None:
    answer = editor.post(address(report), {"order": "name"})

    assert answer.status_code == 200
    assert len(answer.context["problems"]) == 1


def test_the_sizes_for_readers_are_made_by_a_worker_meanwhile(editor: Client, report: GalleryPage) -> None:
    upload(editor, report, jpeg("a.jpg"))

    event = OutboxEvent.objects.get(name="gallery.photos_added")
    image = NewsroomImage.objects.get(title="a")
    assert event.payload == {"images": [image.pk]}
    make_renditions(event.payload["images"])
    assert image.renditions.filter(filter_spec__startswith="width-").count() == 3


def test_without_a_broker_the_sizes_are_made_later(
    editor: Client, report: GalleryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(editor, report, jpeg("a.jpg"))
    event = OutboxEvent.objects.get(name="gallery.photos_added")
    # A real connection to a port where nobody listens.
    with app.connection_for_write(f"redis://127.0.0.1:{free_port()}/0") as nowhere:
        send = make_renditions.apply_async
        monkeypatch.setattr(make_renditions, "delay", lambda *args: send(args, connection=nowhere, retry=False))
        # The outbox keeps what raises, and hands it out again.
        with pytest.raises(OperationalError):
            photos_added(event.payload)


# --- the script's way: one file a request -----------------------------------------------------------------------


def test_files_sent_one_by_one_make_one_version(editor: Client, report: GalleryPage) -> None:
    before = report.revisions.count()
    first = upload_as_the_script_does(editor, report, jpeg("a.jpg", taken="2026:01:03 10:00:00"), order="time")
    second = upload_as_the_script_does(
        editor,
        report,
        jpeg("b.jpg", taken="2026:01:02 10:00:00"),
        order="time",
        revision=first["revision"],
        together_with=first["images"],
    )

    assert (first["problems"], second["total"]) == ([], 3)
    assert first["revision"] == second["revision"]
    assert report.revisions.count() == before + 1
    assert titles(report) == ["Кадр 1", "b", "a"]


def test_a_version_that_is_live_is_never_written_over(editor: Client, report: GalleryPage) -> None:
    first = upload_as_the_script_does(editor, report, jpeg("a.jpg"))
    draft(report).latest_revision.publish()

    second = upload_as_the_script_does(editor, report, jpeg("b.jpg"), revision=first["revision"])

    assert second["revision"] != first["revision"]


def test_the_script_hears_of_a_file_that_fails(editor: Client, report: GalleryPage) -> None:
    answer = upload_as_the_script_does(editor, report, broken("зламаний.jpg"))

    assert answer["images"] == []
    assert [each["name"] for each in answer["problems"]] == ["зламаний.jpg"]


def test_the_version_of_another_editor_is_never_written_over(editor: Client, report: GalleryPage) -> None:
    first = upload_as_the_script_does(editor, report, jpeg("a.jpg"))
    theirs = draft(report)
    theirs.title = "Паводок, день другий"
    theirs.save_revision(user=make_editor())

    second = upload_as_the_script_does(editor, report, jpeg("b.jpg"), revision=first["revision"])

    assert second["revision"] != first["revision"]
    assert draft(report).title == "Паводок, день другий"
    assert titles(report) == ["Кадр 1", "a", "b"]


# --- who may ----------------------------------------------------------------------------------------------------


def test_who_is_not_logged_in_is_sent_to_the_login(client: Client, report: GalleryPage) -> None:
    assert upload(client, report, jpeg()).status_code == 302
    assert titles(report) == ["Кадр 1"]


def in_groups(*, pages: bool, images: bool) -> Client:
    """Somebody with the admin and just these permissions."""
    group = Group.objects.create(name="Фотографи")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    if pages:
        Page.objects.get(depth=1).group_permissions.create(
            group=group, permission=Permission.objects.get(codename="change_page")
        )
    if images:
        GroupCollectionPermission.objects.create(
            group=group,
            collection=Collection.get_first_root_node(),
            permission=Permission.objects.get(codename="add_image"),
        )
    browser = Client()
    browser.force_login(make_editor("Фотографи"))
    return browser


@pytest.mark.parametrize(("pages", "images", "taken"), [(True, True, True), (True, False, False), (False, True, False)])
def test_an_upload_needs_both_permissions(report: GalleryPage, pages: bool, images: bool, taken: bool) -> None:
    browser = in_groups(pages=pages, images=images)

    upload(browser, report, jpeg("a.jpg"))

    assert (titles(report) == ["Кадр 1", "a"]) is taken
    assert NewsroomImage.objects.filter(title="a").exists() is taken


def test_a_page_that_somebody_has_locked_takes_nothing(editor: Client, report: GalleryPage) -> None:
    GalleryPage.objects.filter(pk=report.pk).update(locked=True, locked_by=make_editor())

    answer = upload(editor, report, jpeg("a.jpg"))

    assert len(answer.context["problems"]) == 1
    assert titles(report) == ["Кадр 1"]
    assert not NewsroomImage.objects.filter(title="a").exists()


def test_only_a_collection_of_the_editors_own_is_taken(report: GalleryPage) -> None:
    root = Collection.get_first_root_node()
    own, foreign = root.add_child(name="Фото"), root.add_child(name="Чуже")
    group = Group.objects.create(name="Фотографи")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    Page.objects.get(depth=1).group_permissions.create(
        group=group, permission=Permission.objects.get(codename="change_page")
    )
    for collection in (own, own.add_child(name="Паводок")):
        GroupCollectionPermission.objects.create(
            group=group, collection=collection, permission=Permission.objects.get(codename="add_image")
        )
    browser = Client()
    browser.force_login(make_editor("Фотографи"))

    upload(browser, report, jpeg("a.jpg"), collection=foreign.pk)
    upload(browser, report, jpeg("b.jpg"), collection=own.pk)

    assert titles(report) == ["Кадр 1", "b"]
    assert NewsroomImage.objects.get(title="b").collection == own


# --- two at once ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_another_editor_saves_during_the_upload_is_not_lost() -> None:
    report = make_report("Паводок", photos=1)
    browser, answers = editors_browser(), []

    with transaction.atomic():
        Page.objects.select_for_update().get(pk=report.pk)
        sender = meanwhile(lambda: answers.append(upload(browser, report, jpeg("a.jpg"))))
        poll(sessions_that_wait, what="the upload waiting for the editor who is saving")
        theirs = draft(report)
        theirs.title = "Паводок, день другий"
        theirs.save_revision()
    ended(sender)

    assert [answer.status_code for answer in answers] == [302]
    assert draft(report).title == "Паводок, день другий"
    assert titles(report) == ["Кадр 1", "a"]
