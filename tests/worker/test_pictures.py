"""What a picture lacks is made by a real worker, and what shows it follows by itself."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from tests.support.stack import Stack

_PUBLISH = """
import json, sys
from tests.support.content import make_article, make_image

page = make_article(sys.argv[1], image=make_image(size=(1400, 900)))
sys.stdout.write(json.dumps({"slug": page.slug}))
"""
#: As an import leaves it: a row and a file, written past all signals.
_IMPORT = """
import io, json, sys
from django.core.files.base import ContentFile
from PIL import Image
from cms.content.models import NewsroomImage
from tests.support.content import make_article

content = io.BytesIO()
Image.new("RGB", (1400, 900), (20, 90, 140)).save(content, "PNG")
image = NewsroomImage(title=sys.argv[1])
image.file.save("imported.png", ContentFile(content.getvalue(), name="imported.png"), save=False)
NewsroomImage.objects.bulk_create([image])
page = make_article(sys.argv[1], image=image)
sys.stdout.write(json.dumps({"slug": page.slug}))
"""


def run(stack: Stack, script: str, name: str) -> Any:
    code = f"import django, sys; django.setup(); sys.argv = ['-', {name!r}]\n{script}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**stack.env, "DJANGO_SETTINGS_MODULE": "cms.project.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def image_of(stack: Stack, slug: str) -> Any:
    answer = stack.get(f"/api/v1/content/article/{slug}/")
    assert answer.status == 200, answer.text
    return answer.json()["image"]


def has_all_formats(stack: Stack, slug: str) -> bool:
    renditions = image_of(stack, slug)["renditions"].values()
    return all(set(each["formats"]) == {"avif", "webp", "jpeg"} for each in renditions)


def test_a_new_picture_gets_its_formats_and_its_page_shows_them(stack: Stack, poll: Callable[..., object]) -> None:
    made = run(stack, _PUBLISH, "Картина воркера")
    first = image_of(stack, made["slug"])
    assert all(each["formats"]["webp"] == each["url"] for each in first["renditions"].values())

    poll(lambda: has_all_formats(stack, made["slug"]), what="all formats of the picture")

    for rendition in image_of(stack, made["slug"])["renditions"].values():
        for url in rendition["formats"].values():
            assert stack.get(url.removeprefix(stack.url)).status == 200


def test_beat_finds_a_picture_that_nobody_told_of(stack: Stack, poll: Callable[..., object]) -> None:
    made = run(stack, _IMPORT, "Імпортована картина")

    poll(lambda: has_all_formats(stack, made["slug"]), what="all formats of the imported picture")

    assert image_of(stack, made["slug"])["color"] == "#145a8c"
