"""The live desk in a browser: typed, sent by keyboard, seen by a colleague without reloading."""

import re
import uuid
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.editing import log_in
from tests.support.stack import Stack

pytestmark = [pytest.mark.plugin("liveblog")]


@pytest.fixture
def desk(stack: Stack) -> str:
    """The address of the desk of a new live blog."""
    made = stack.python(
        "from tests.support.content import make_page\n"
        "from plugins.liveblog.models import LiveBlogPage\n"
        f"print(make_page(LiveBlogPage, 'Вибори наживо', slug='live-{uuid.uuid4().hex[:8]}').pk)"
    )
    return f"{stack.url}/admin/x/liveblog/{made.strip()}/"


@pytest.fixture
def colleague(stack: Stack, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="uk-UA")
    page = context.new_page()
    log_in(stack, page)
    yield page
    context.close()


def test_an_editor_posts_by_keyboard_and_a_colleague_sees_it(
    stack: Stack, browser_page: Page, colleague: Page, desk: str, screenshot: Callable[..., object]
) -> None:
    log_in(stack, browser_page)
    colleague.goto(desk)
    browser_page.goto(desk)
    browser_page.get_by_role("button", name="Розпочати").click()
    editor = browser_page.locator("#entry-form [contenteditable=true]")
    expect(editor).to_be_focused()

    browser_page.keyboard.insert_text("Дільниці відчинилися о восьмій")
    expect(browser_page.locator("#id_text")).to_have_value(re.compile("восьмій"))
    browser_page.keyboard.press("Control+Enter")

    for page in (browser_page, colleague):
        expect(page.locator(".liveblog-entry")).to_contain_text("Дільниці відчинилися о восьмій")
    colleague.get_by_role("button", name="Закріпити").click()
    for page in (colleague, browser_page):
        expect(page.locator(".liveblog-entry").get_by_role("button", name="Відкріпити")).to_be_visible()
    assert colleague.url == desk
    screenshot(browser_page, "live-desk", full_page=True)
    assert Axe().run(browser_page).violations_count == 0, Axe().run(browser_page).generate_report()


def test_without_scripts_the_desk_works_too(stack: Stack, browser: Browser, desk: str) -> None:
    context = browser.new_context(locale="uk-UA", java_script_enabled=False)
    page = context.new_page()
    log_in(stack, page)
    page.goto(desk)

    page.locator("#id_plain").first.fill("Явка опівдні — 21 %")
    page.get_by_role("button", name="Опублікувати").click()

    entry = page.locator(".liveblog-entry")
    expect(entry).to_contain_text("Явка опівдні — 21 %")
    entry.get_by_role("button", name="Відкликати").click()
    expect(entry.get_by_role("button", name="Показати знову")).to_be_visible()
    context.close()
