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


def new_draft(stack: Stack, page: Page, headline: str) -> None:
    """Begin an article in Ukrainian and wait until Wagtail has saved it by itself: the form is another one then."""
    ((front,),) = stack.sql("SELECT id FROM wagtailcore_page WHERE url_path = '/uk/'")
    page.add_init_script(_NOTICED)
    page.goto(f"{stack.url}/admin/pages/add/content/articlepage/{front}/")
    page.locator("[name=title]").focus()
    page.keyboard.insert_text(headline)
    page.locator("[name=title]").blur()
    # Written a tenth of a second after the title. Without it a form can't be saved.
    expect(page.locator("[name=slug]")).not_to_have_value("")
    page.wait_for_function("window.isSaved")
