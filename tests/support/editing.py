"""What tests in the admin's browser begin with: somebody logs in, and starts to write."""

import uuid
from collections.abc import Sequence

from playwright.sync_api import Page, expect

from tests.support.stack import Stack

PASSWORD = "a-long-password-for-the-tests"
_NOTICED = """addEventListener("w-autosave:success", () => { window.isSaved = true; });"""


def log_in(stack: Stack, page: Page, *, groups: Sequence[str] = ("Editors",)) -> None:
    """Somebody new of these groups logs in, in this browser."""
    name = f"editor-{uuid.uuid4().hex[:8]}"
    stack.add_user(name, PASSWORD, groups=groups)
    page.goto(f"{stack.url}/admin/login/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"{stack.url}/admin/")


def open_new_article(stack: Stack, page: Page) -> None:
    """Open the form of a new article in Ukrainian."""
    ((front,),) = stack.sql("SELECT id FROM wagtailcore_page WHERE url_path = '/uk/'")
    page.goto(f"{stack.url}/admin/pages/add/content/articlepage/{front}/")


def new_draft(stack: Stack, page: Page, headline: str) -> None:
    """Begin an article and wait until Wagtail has saved it by itself: the form is another one then."""
    page.add_init_script(_NOTICED)
    open_new_article(stack, page)
    write_headline(page, headline)
    page.wait_for_function("window.isSaved")


def write_headline(page: Page, headline: str) -> None:
    """Type it into a new article's form, whose address is made from it."""
    page.locator("[name=title]").focus()
    page.keyboard.insert_text(headline)
    page.locator("[name=title]").blur()
    # Written a tenth of a second after the title. Without it a form can't be saved.
    expect(page.locator("[name=slug]")).not_to_have_value("")


def publish(page: Page) -> None:
    """Publish what stands in the form, and wait until the admin says that it is."""
    press_publish(page)
    expect(page.locator(".messages .success")).to_be_visible()


def press_publish(page: Page) -> None:
    """Press the form's button, and wait for nothing."""
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.locator("button[name=action-publish]").click(no_wait_after=True)
