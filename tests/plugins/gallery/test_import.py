"""Photo reports come with an import, and with the demo."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import plugins.gallery
from cms.content.importing import import_lines
from cms.content.models import NewsroomImage
from tests.plugins.gallery.pictures import png
from tests.support.content import api

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("gallery")]


def line(*photos: dict[str, Any]) -> str:
    return json.dumps({"id": "r-1", "type": "gallery", "headline": "Паводок", "photos": photos})


def test_an_import_brings_photos_with_their_files(client: Client, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(png().read())
    photos = (
        {"image": {"path": "b.png", "alt": "Човен", "credit": "Ніна Плав"}, "caption": "Човен біля мосту"},
        {"image": {"path": "a.png"}, "taken_at": "2026-01-14T16:30:00+02:00"},
    )

    report = import_lines([line(*photos)], tmp_path)

    assert (report.created, report.failed) == (1, 0), report.as_text()
    shown = api(client, "/content/gallery/pavodok/")["photos"]
    assert [(each["caption"], each["credit"], each["alt"]) for each in shown] == [
        ("Човен біля мосту", "Ніна Плав", "Човен"),
        ("", "", ""),
    ]
    assert shown[1]["taken_at"] == "2026-01-14T14:30:00Z"
    import_lines([line(*photos)], tmp_path, overwrite=True)
    assert NewsroomImage.objects.count() == 2


@pytest.mark.parametrize("image", [{"path": "gone.png"}, {"path": "../a.png"}, {"alt": "Без файлу"}, {"path": 7}])
def test_a_picture_that_is_not_there_is_named(tmp_path: Path, image: dict[str, Any]) -> None:
    report = import_lines([line({"image": image})], tmp_path)

    assert report.failed == 1
    assert "photos[0].image" in report.as_text()


def test_the_demo_is_taken_as_it_is(client: Client) -> None:
    folder = Path(plugins.gallery.__file__).parent

    with (folder / "demo.jsonl").open("rb") as lines:
        report = import_lines(lines, folder)

    assert (report.failed, report.unknown_fields, report.written) == (0, {}, 3), report.as_text()
    (teaser,) = api(client, "/content/", type="gallery", locale="uk")["results"]
    assert teaser["photo_count"] == 4
