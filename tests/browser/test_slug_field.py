"""The slug field of the admin writes what Python would write."""

import pytest
from playwright.sync_api import Page, expect

from cms.content.slugs import slugify
from tests.support.editing import log_in
from tests.support.stack import Stack
from tests.unit.test_slugs import CASES


@pytest.fixture
def editor(stack: Stack, browser_page: Page) -> Page:
    """A page on which an editor is logged in."""
    log_in(stack, browser_page)
    return browser_page


def new_article(stack: Stack, page: Page, locale: str) -> None:
    (front,) = stack.sql("SELECT id FROM wagtailcore_page WHERE depth = 2 AND slug = %s", (locale,))
    page.goto(f"{stack.url}/admin/pages/add/content/articlepage/{front[0]}/")
    for field, controller in (("id_title", "w-sync"), ("id_slug", "w-slug")):
        page.wait_for_function(
            "([id, name]) => wagtail.app.getControllerForElementAndIdentifier(document.getElementById(id), name)",
            arg=[field, controller],
        )


def test_the_browser_and_python_agree_on_every_case(stack: Stack, editor: Page) -> None:
    editor.goto(f"{stack.url}/admin/")
    written = editor.evaluate(
        "cases => cases.map(([text, locale]) => ostriv.slugify(text, locale))", [case[:2] for case in CASES]
    )
    assert dict(zip(CASES, written, strict=True)) == {case: case[2] for case in CASES}


def type_headline(page: Page, text: str) -> None:
    page.locator("#id_title").focus()
    page.keyboard.press("End")
    page.keyboard.type(text)
    page.keyboard.press("End")  # Playwright sends no key events for letters that a US keyboard has not


@pytest.mark.parametrize(
    ("locale", "typed"), [("uk", "проєкт"), ("ru", "Объявление: жёлтый подъезд"), ("en", "Café’s plan")]
)
def test_a_headline_becomes_a_slug_as_it_is_typed(stack: Stack, editor: Page, locale: str, typed: str) -> None:
    new_article(stack, editor, locale)
    type_headline(editor, typed)
    expect(editor.locator("#id_slug")).to_have_value(slugify(typed, locale))


def test_what_an_editor_writes_into_the_slug_field_stays(stack: Stack, editor: Page) -> None:
    new_article(stack, editor, "uk")
    slug = editor.locator("#id_slug")
    content, promote = editor.get_by_role("tab").nth(0), editor.get_by_role("tab").nth(1)
    type_headline(editor, "проєкт")
    expect(slug).to_have_value("proiekt")
    type_headline(editor, " мосту")
    expect(slug).to_have_value("proiekt-mostu")
    promote.click()
    slug.fill("Мій вибір_2")
    slug.blur()
    expect(slug).to_have_value("mii-vybir-2")
    slug.fill("own_slug-3")
    slug.blur()
    expect(slug).to_have_value("own_slug-3")
    content.click()
    type_headline(editor, " і ще")
    expect(slug).to_have_value("own_slug-3")
