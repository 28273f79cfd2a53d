"""Pictures: their sizes and formats, made when they are uploaded or published and never by a reader."""

import io
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageCms, ImageDraw

from cms.content.models import Author, NewsroomImage, NewsroomRendition, OutboxEvent
from cms.content.pictures import renditions
from tests.support.content import (
    api,
    body,
    fill_front,
    form_of,
    make_article,
    make_author,
    make_editor,
    make_image,
    post,
    shown,
)

pytestmark = pytest.mark.django_db

BLUE, SAND = (20, 90, 140), (200, 170, 110)


@pytest.fixture
def editor() -> Client:
    browser = Client()
    browser.force_login(make_editor())
    return browser


@pytest.fixture
def settled(worker: Any) -> Any:
    """Does all that workers would do, and what follows from it."""

    def work() -> None:
        while worker():
            pass

    return work


def drawn(
    size: tuple[int, int] = (1600, 1000), mode: str = "RGB", format: str = "JPEG", color: Any = BLUE, **options: Any
) -> bytes:
    content = io.BytesIO()
    Image.new(mode, size, color).save(content, format, **options)
    return content.getvalue()


def turned(size: tuple[int, int], orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return drawn(size, exif=exif)


def picture_of(content: bytes, name: str = "порт.jpg", **fields: Any) -> NewsroomImage:
    """A picture in the library with this file."""
    file = SimpleUploadedFile(name, content)
    return NewsroomImage.objects.create(title="Порт", description="Порт здалеку", file=file, **fields)


def imported(content: bytes, name: str = "imported.jpg") -> NewsroomImage:
    """A picture as an import leaves it: a row and a file, and nothing made of it."""
    image = NewsroomImage(title="Порт", file=ContentFile(content, name=name))
    image.file.save(name, image.file.file, save=False)
    return NewsroomImage.objects.bulk_create([image])[0]


def image_of(client: Client, image: NewsroomImage) -> Any:
    return shown(client, make_article(image=image))["image"]


def opened(url: str) -> Image.Image:
    """The file that a reader gets at this address."""
    storage = NewsroomRendition._meta.get_field("file").storage
    with storage.open(urlsplit(url).path.removeprefix("/media/")) as file:
        return Image.open(io.BytesIO(file.read()))


def upload(editor: Client, content: bytes, name: str = "порт.jpg", **fields: Any) -> Any:
    data = {"title": "Порт", "file": SimpleUploadedFile(name, content), "collection": 1, **fields}
    return editor.post(reverse("wagtailimages:add"), data)


def replace(editor: Client, image: NewsroomImage, content: bytes, name: str = "інший.jpg") -> None:
    data = {"title": image.title, "file": SimpleUploadedFile(name, content), "collection": 1}
    post(editor, "wagtailimages:edit", image.pk, data=data)


# --- what readers get -------------------------------------------------------------------------------------------


def test_a_picture_has_three_widths_in_three_formats(client: Client, settled: Any) -> None:
    image = picture_of(drawn(), credit="Олена Порт", focal_point_x=400, focal_point_y=750)
    page = make_article(image=image)
    settled()

    document = shown(client, page)["image"]

    assert {key: value for key, value in document.items() if key != "renditions"} == {
        "alt": "Порт здалеку", "credit": "Олена Порт", "width": 1600, "height": 1000,
        "focal_point": {"x": 0.25, "y": 0.75}, "color": "#145a8d",
    }  # fmt: skip
    assert [(each["width"], each["height"]) for each in document["renditions"].values()] == [
        (320, 200),
        (640, 400),
        (1280, 800),
    ]
    for rendition in document["renditions"].values():
        assert rendition["url"] == rendition["formats"]["webp"]
        for format, url in rendition["formats"].items():
            with opened(url) as file:
                assert (file.format or "").lower() == format
                assert file.size == (rendition["width"], rendition["height"])
        assert set(rendition["formats"]) == {"avif", "webp", "jpeg"}


def test_what_is_not_made_yet_is_not_named(client: Client, settled: Any) -> None:
    page = make_article(image=picture_of(drawn()))
    assert set(shown(client, page)["image"]["renditions"]["large"]["formats"]) == {"webp"}

    settled()

    assert set(shown(client, page)["image"]["renditions"]["large"]["formats"]) == {"avif", "webp", "jpeg"}


def test_pictures_of_slots_and_of_texts_are_finished_too(client: Client, settled: Any) -> None:
    in_text, in_slot = picture_of(drawn()), picture_of(drawn(color=SAND))
    page = make_article(body=body(("image", {"image": in_text.pk, "caption": "", "credit": ""})))
    fill_front(page, image=in_slot)
    settled()

    shown_in_text = shown(client, page)["body"][0]["value"]["image"]
    shown_in_slot = api(client, "/front/")["slots"][0]["image"]

    assert "avif" in shown_in_text["renditions"]["small"]["formats"]
    assert "avif" in shown_in_slot["renditions"]["small"]["formats"]
    assert (shown_in_text["color"], shown_in_slot["color"]) == ("#145a8d", "#c8aa6e")


def test_a_reader_makes_nothing(client: Client) -> None:
    image = imported(drawn())
    make_article(authors=[make_author()])
    Author.objects.update(photo=image)

    with CaptureQueriesContext(connection) as captured:
        (author,) = api(client, "/authors/")["results"]

    assert author["photo"] is None
    assert not image.renditions.exists()
    assert not [query for query in captured if not query["sql"].lstrip().startswith(("SELECT", "WITH"))]


def test_publishing_takes_what_the_upload_has_made(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    image = picture_of(drawn())
    made = set(image.renditions.values_list("file", flat=True))
    image.file.storage.delete(image.file.name)

    document = image_of(client, image)

    assert len(made) == 3
    assert {PurePath(urlsplit(each["url"]).path).name for each in document["renditions"].values()} == {
        PurePath(name).name for name in made
    }


def test_a_picture_that_nothing_is_made_of_is_made_when_its_page_is_published(client: Client) -> None:
    document = image_of(client, imported(drawn((800, 500))))

    assert [each["width"] for each in document["renditions"].values()] == [320, 640, 800]
    assert document["color"] == "#145a8d"


# --- files of every kind ----------------------------------------------------------------------------------------


def test_a_small_picture_is_not_blown_up(client: Client, settled: Any) -> None:
    page = make_article(image=picture_of(drawn((200, 1))))
    settled()

    for rendition in shown(client, page)["image"]["renditions"].values():
        assert (rendition["width"], rendition["height"]) == (200, 1)
        assert opened(rendition["formats"]["avif"]).size == (200, 1)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_picture_that_lies_on_its_side_stands_up(client: Client, orientation: int) -> None:
    upright = (1000, 1600) if orientation in (6, 8) else (1600, 1000)

    document = image_of(client, picture_of(turned((1600, 1000), orientation)))

    assert (document["width"], document["height"]) == upright
    small = document["renditions"]["small"]
    assert small["width"] / small["height"] == pytest.approx(upright[0] / upright[1], rel=0.01)
    with opened(small["url"]) as file:
        assert file.size == (small["width"], small["height"])
        assert not file.getexif(), "nothing that the camera has written goes to readers"


def test_the_worker_puts_right_the_size_of_an_older_picture(client: Client) -> None:
    image = imported(turned((1600, 1000), 6))
    NewsroomImage.objects.update(width=1600, height=1000)

    assert renditions.finish(image.pk)

    image.refresh_from_db()
    assert (image.width, image.height) == (1000, 1600)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (drawn(mode="CMYK", color=(0, 0, 0, 0)), "cmyk.jpg"),
        (drawn(mode="RGBA", format="PNG", color=(0, 0, 0, 0)), "clear.png"),
        (drawn(mode="LA", format="PNG", color=(255, 0)), "grey.png"),
        (drawn(mode="P", format="GIF", color=0, transparency=0), "clear.gif"),
        (drawn(mode="I;16", format="PNG", color=65535), "deep.png"),
        (drawn(mode="1", format="PNG", color=1), "bits.png"),
    ],
)
def test_every_kind_of_colour_is_shown_as_it_is(client: Client, settled: Any, content: bytes, name: str) -> None:
    page = make_article(image=picture_of(content, name))
    settled()

    document = shown(client, page)["image"]

    assert document["color"] == "#ffffff", "white, or clear on white"
    with opened(document["renditions"]["small"]["formats"]["jpeg"]) as file:
        assert (file.mode, file.getpixel((5, 5))) == ("RGB", (255, 255, 255))
    with opened(document["renditions"]["small"]["formats"]["webp"]) as file:
        assert (file.mode == "RGBA") == (name in {"clear.png", "grey.png", "clear.gif"})


def test_colours_of_a_wide_gamut_are_those_of_every_screen(client: Client) -> None:
    """A profile is not sent along with each size: the colours are converted once."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    document = image_of(client, picture_of(drawn(icc_profile=profile)))

    with opened(document["renditions"]["small"]["url"]) as file:
        assert "icc_profile" not in file.info
        assert max(abs(a - b) for a, b in zip(file.convert("RGB").getpixel((5, 5)), BLUE, strict=True)) < 4


def test_a_moving_picture_stands_still(client: Client) -> None:
    content = io.BytesIO()
    frames = [Image.new("RGB", (400, 300), color) for color in (SAND, BLUE, BLUE)]
    frames[0].save(content, "GIF", save_all=True, append_images=frames[1:], duration=100)

    document = image_of(client, picture_of(content.getvalue(), "хвилі.gif"))

    assert document["color"] == "#c8aa6e", "its first frame"
    with opened(document["renditions"]["medium"]["url"]) as file:
        assert getattr(file, "n_frames", 1) == 1


def test_the_colour_is_what_most_of_the_picture_has(client: Client) -> None:
    picture = Image.new("RGB", (900, 600), SAND)
    ImageDraw.Draw(picture).rectangle((0, 0, 400, 600), fill=BLUE)
    content = io.BytesIO()
    picture.save(content, "PNG")

    assert image_of(client, picture_of(content.getvalue(), "берег.png"))["color"] == "#c8aa6e"


# --- what can't be shown ----------------------------------------------------------------------------------------


def test_a_missing_file_is_left_out_once_and_holds_up_nothing(client: Client, settled: Any) -> None:
    lost, page = imported(drawn()), make_article(image=imported(drawn(color=SAND)))
    lost.file.storage.delete(lost.file.name)

    assert renditions.finish_all() == 2
    settled()

    assert image_of(client, lost) is None
    assert "avif" in shown(client, page)["image"]["renditions"]["small"]["formats"]
    assert renditions.finish_all() == 0, "nobody tries for ever"


def test_a_file_that_is_cut_off_is_refused_at_upload(editor: Client) -> None:
    response = upload(editor, drawn((1600, 1000), color=SAND)[:-2000])

    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert not NewsroomImage.objects.exists()


def test_a_cut_off_file_that_came_otherwise_is_left_out(client: Client) -> None:
    image = imported(drawn())
    with image.file.storage.open(image.file.name, "wb") as file:
        file.write(drawn()[:2000])

    assert image_of(client, NewsroomImage.objects.get()) is None
    assert renditions.finish(image.pk)
    assert not renditions.is_unfinished(image.pk)


@pytest.mark.parametrize("size", [(16_000, 8_001), (40_000, 20_000)])
def test_a_bomb_is_refused_with_words(editor: Client, size: tuple[int, int]) -> None:
    """A file of a few kilobytes that would take gigabytes of memory."""
    response = upload(editor, drawn(size, mode="1", format="PNG", color=0), "bomb.png")

    assert response.status_code == 200
    assert response.context["form"].errors["file"][0]
    assert not NewsroomImage.objects.exists()


@pytest.mark.parametrize("name", ["drawing.svg", "scan.tiff"])
def test_other_kinds_of_files_are_refused(editor: Client, name: str) -> None:
    content = b'<svg xmlns="http://www.w3.org/2000/svg"/>' if name.endswith("svg") else drawn(format="TIFF")

    assert upload(editor, content, name).context["form"].errors["file"]


# --- changes ----------------------------------------------------------------------------------------------------


def test_an_uploaded_picture_is_ready_before_the_editor_sees_it(editor: Client, client: Client) -> None:
    assert upload(editor, drawn()).status_code == 302

    image = NewsroomImage.objects.get()

    assert (image.renditions.count(), image.color) == (3, "#145a8d")
    assert OutboxEvent.objects.get(name="image.added").payload == {"image": image.pk}


def test_a_replaced_file_has_new_addresses_and_the_old_ones_work_for_a_day(
    editor: Client, client: Client, settled: Any
) -> None:
    image = picture_of(drawn())
    page = make_article(image=image)
    settled()
    before = shown(client, page)["image"]

    replace(editor, image, drawn(color=SAND), name="порт.jpg")
    settled()

    after = shown(client, page)["image"]
    assert (before["color"], after["color"]) == ("#145a8d", "#c8aa6e")
    for name, rendition in after["renditions"].items():
        for format, url in rendition["formats"].items():
            old = before["renditions"][name]["formats"][format]
            assert url != old
            with opened(url), opened(old) as file:
                assert file.size[0] == rendition["width"], "a cached answer still names it"

    OutboxEvent.objects.filter(name="image.retired").update(available_at=timezone.now())
    settled()

    for rendition in before["renditions"].values():
        with pytest.raises(FileNotFoundError):
            opened(rendition["formats"]["avif"])
    for rendition in after["renditions"].values():
        with opened(rendition["formats"]["avif"]):
            pass


def test_the_same_file_again_keeps_what_readers_have(editor: Client, client: Client, settled: Any) -> None:
    image = picture_of(drawn())
    page = make_article(image=image)
    settled()
    replace(editor, image, drawn())
    settled()
    OutboxEvent.objects.filter(name="image.retired").update(available_at=timezone.now())
    settled()

    for rendition in shown(client, page)["image"]["renditions"].values():
        for url in rendition["formats"].values():
            with opened(url):
                pass


def test_a_focal_point_is_shown_and_makes_no_new_files(editor: Client, client: Client, settled: Any) -> None:
    image = picture_of(drawn())
    page = make_article(image=image)
    settled()
    before = shown(client, page)["image"]
    assert before["focal_point"] is None

    data = {
        "title": image.title, "collection": 1, "focal_point_x": 1600, "focal_point_y": 500,
        "focal_point_width": 100, "focal_point_height": 100,
    }  # fmt: skip
    post(editor, "wagtailimages:edit", image.pk, data=data)
    settled()

    after = shown(client, page)["image"]
    assert after["focal_point"] == {"x": 1, "y": 0.5}
    assert after["renditions"] == before["renditions"]


def test_renditions_that_somebody_deleted_are_made_again(client: Client, settled: Any) -> None:
    image = picture_of(drawn())
    page = make_article(image=image)
    settled()
    image.renditions.all().delete()

    assert renditions.finish_all() == 1
    settled()

    assert set(shown(client, page)["image"]["renditions"]["small"]["formats"]) == {"avif", "webp", "jpeg"}


def test_a_deleted_picture_takes_its_files_along(
    client: Client, settled: Any, commits: Any, django_capture_on_commit_callbacks: Any
) -> None:
    image = picture_of(drawn())
    page = make_article(image=image)
    settled()
    url = shown(client, page)["image"]["renditions"]["small"]["url"]

    with commits(execute=True):
        image.delete()
    settled()

    assert shown(client, page)["image"] is None
    with pytest.raises(FileNotFoundError):
        opened(url)


def test_imported_pictures_are_finished_by_republishing(client: Client) -> None:
    from django.core.management import call_command

    images = [imported(drawn((700, 400))) for _n in range(3)]
    said = io.StringIO()

    call_command("republish", stdout=said)

    assert "Pictures finished: 3." in said.getvalue()
    assert all(image.renditions.count() == 9 for image in images)
    assert OutboxEvent.objects.filter(name="image.changed", bulk=True).count() == 3


def test_a_list_of_pictures_is_a_constant_number_of_queries(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            api(client, "/authors/")
        return len(captured)

    def add_author() -> None:
        make_article(authors=[make_author(photo=make_image())])

    add_author()
    one = queries()
    for _n in range(5):
        add_author()

    assert queries() == one


def test_the_form_of_a_page_with_a_picture_is_saved(editor: Client, client: Client) -> None:
    page = make_article("Новина", image=make_image())

    post(editor, "wagtailadmin_pages:edit", page.pk, data=form_of(page, image=page.image.pk))

    assert shown(client, page)["image"]["alt"] == "Маяк здалеку"
