"""An editor's hands: many files at once, then the order by drag."""

import re
import uuid

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.plugins.gallery.pictures import broken, jpeg
from tests.support.editing import log_in, publish
from tests.support.stack import Stack
from tests.support.waiting import poll

pytestmark = pytest.mark.plugin("gallery")


@pytest.fixture
def editor(stack: Stack, browser_page: Page) -> Page:
    """A page on which an editor is logged in, tall enough to drag across it."""
    browser_page.set_viewport_size({"width": 1280, "height": 3600})
    log_in(stack, browser_page)
    return browser_page


def test_photos_are_uploaded_dragged_and_published(stack: Stack, editor: Page) -> None:
    slug = f"pavodok-{uuid.uuid4().hex[:8]}"
    report = int(
        stack.python(
            "from tests.plugins.gallery.reports import make_report\n"
            f"print(make_report('Паводок {slug}', photos=0, slug='{slug}', live=False).pk)"
        )
    )
    editor.goto(f"{stack.url}/admin/pages/{report}/edit/")
    editor.get_by_role("link", name=re.compile("Upload photos|Завантажити фотографії")).click()

    upload_three_of_which_one_is_broken(editor)
    editor.get_by_role("link", name=re.compile("Back to the report|Назад до репортажу")).click()
    captions = editor.locator("#id_photos-FORMS textarea[name$=caption]")
    expect(captions).to_have_count(2)
    expect(captions.nth(0)).to_have_value("Дамба")
    drag(editor, rows(editor).nth(1), above=rows(editor).nth(0))
    expect(rows(editor).nth(0).locator("textarea[name$=caption]")).to_have_value("Човен")
    publish(editor)

    def in_that_order() -> bool:
        document = stack.get(f"/api/v1/content/gallery/{slug}/").json()
        return [each["caption"] for each in document.get("photos", [])] == ["Човен", "Дамба"]

    poll(in_that_order, what="the photos in the order that was dragged")


def upload_three_of_which_one_is_broken(page: Page) -> None:
    files = [jpeg("2.jpg", caption="Човен"), broken("3.jpg"), jpeg("1.jpg", caption="Дамба")]
    expect(page.locator("[data-gallery-upload][data-ready]")).to_be_visible()
    page.set_input_files(
        "input[name=files]",
        [{"name": file.name, "mimeType": "image/jpeg", "buffer": file.read()} for file in files],
    )
    page.locator("[data-send]").click()
    expect(page.locator("[data-files] li[data-done]")).to_have_count(2)
    expect(page.locator("[data-files] li[data-failed]")).to_contain_text("3.jpg")
    expect(page.locator("[data-status]")).to_contain_text("3")


def rows(page: Page) -> Locator:
    return page.locator("#id_photos-FORMS > [data-inline-panel-child]")


def drag(page: Page, row: Locator, *, above: Locator) -> None:
    """As a hand does it: press on the handle, move in steps, let go."""
    handle, target = row.locator("[data-inline-panel-child-drag]").bounding_box(), above.bounding_box()
    assert handle is not None and target is not None
    page.mouse.move(handle["x"] + 5, handle["y"] + 5)
    page.mouse.down()
    page.mouse.move(handle["x"] + 5, target["y"] + 40, steps=25)
    page.mouse.move(handle["x"] + 5, target["y"] + 5, steps=5)
    page.mouse.up()
