"""A process that has the plugin and one that hasn't, on one database: what one writes, the other doesn't lose."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cms.content.models import ArticlePage
from tests.plugins import wharf
from tests.support.editing import PASSWORD, log_in, publish
from tests.support.stack import Stack

BLOCK = {"station": "Причал №5", "image": None, "pages": []}

#: Everything is done by an editor in the admin's forms.
_SCRIPT = """
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
from django.contrib.auth.models import User
from django.urls import reverse
from cms.content.models import ArticlePage
from tests.plugins.body_forms import opened, save, sent
from tests.support.content import api, front_of, page_form

slug, name = sys.argv[1:]
editor = Client()
editor.force_login(User.objects.get(username=name))
page = ArticlePage.objects.filter(slug=slug).first
def done(response):
    assert response.status_code == 302, response.context["form"].errors
def document():
    return [[block["type"], block["value"]] for block in api(Client(), f"/content/article/{slug}/")["body"]]
"""

_ADD = """
heading = {"type": "heading", "value": {"text": "Порт", "level": "2"}, "id": "33333333-0000-4000-8000-000000000001"}
fields = {"station": "Причал №5", "image": "", "pages": {"count": "0"}}
tide = {"type": "wharf_tide", "value": fields, "id": "33333333-0000-4000-8000-000000000002"}
address = reverse("wagtailadmin_pages:add", args=["content", "articlepage", front_of().pk])
done(editor.post(address, page_form("Припливи", slug=slug, body=sent([heading, tide]))))
print(json.dumps([page().pk, document()]))
"""

_EDIT = """
state = opened(editor, page())
done(save(editor, page(), list(reversed(state))))
done(save(editor, page(), opened(editor, page()), action="publish", title="Припливи й відпливи"))
print(json.dumps([[block["type"] for block in state], document()]))
"""

_LOOK = """
state = opened(editor, page())
fields = {"station": "Причал №6", "image": "", "pages": {"count": "0"}}
edited = [{**block, "value": fields} if block["type"] == "wharf_tide" else block for block in state]
done(save(editor, page(), edited, action="publish"))
print(json.dumps([[block["type"] for block in state], document()]))
"""

Run = Callable[..., Any]


@pytest.fixture
def run(stack: Stack, tmp_path: Path) -> Run:
    """Does something in the admin, in a process that has the plugin or hasn't; answers what it printed."""
    folder = wharf.write(tmp_path / "elsewhere")

    def do(code: str, *arguments: str, loaded: bool) -> Any:
        return wharf.run(stack, folder, _SCRIPT + code, *arguments, loaded=loaded)

    return do


@pytest.fixture
def editor(stack: Stack) -> str:
    name = f"blocks-{uuid.uuid4().hex[:8]}"
    stack.add_user(name, PASSWORD, groups=["Editors"])
    return name


def stored(stack: Stack, pk: int) -> Any:
    (row,) = stack.sql("SELECT body FROM content_contentpage WHERE page_ptr_id = %s", (pk,))
    return row[0]


def test_what_is_written_with_the_plugin_lives_through_a_time_without_it(stack: Stack, run: Run, editor: str) -> None:
    slug = f"pryplyvy-{uuid.uuid4().hex[:8]}"

    pk, document = run(_ADD, slug, editor, loaded=True)
    assert document[1] == ["wharf_tide", {"station": "Причал №5"}]
    written = stored(stack, pk)
    assert written[1] == {"type": "wharf_tide", "value": BLOCK, "id": "33333333-0000-4000-8000-000000000002"}

    types, document = run(_EDIT, slug, editor, loaded=False)
    assert types == ["heading", "needs_plugin"]
    assert [block[0] for block in document] == ["heading"]
    assert stored(stack, pk) == list(reversed(written))

    types, document = run(_LOOK, slug, editor, loaded=True)
    assert types == ["wharf_tide", "heading"]
    assert document[0] == ["wharf_tide", {"station": "Причал №6"}]


def test_the_editor_shows_it_locked_and_saves_it(
    stack: Stack, run: Run, editor: str, browser_page: Page, screenshot: Callable[..., Path]
) -> None:
    slug = f"pryplyvy-{uuid.uuid4().hex[:8]}"
    pk, _document = run(_ADD, slug, editor, loaded=True)
    written = stored(stack, pk)
    page = browser_page
    log_in(stack, page)
    page.goto(f"{stack.url}/admin/pages/{pk}/edit/")

    kept = page.locator("[data-streamfield-child]").nth(1)
    expect(kept).to_contain_text("wharf")
    expect(kept.locator("input:visible, textarea:visible, select:visible")).to_have_count(0)
    kept.scroll_into_view_if_needed()
    screenshot(page, "editor-needs-plugin")

    page.locator("button.c-sf-add-button").first.click()
    options = page.get_by_role("listbox").get_by_role("option")
    offered = set(ArticlePage._meta.get_field("body").stream_block.child_blocks) - {"needs_plugin"}
    expect(options).to_have_count(len(offered))
    page.keyboard.press("Escape")

    kept.locator("button:has(use[href='#icon-arrow-up'])").click()
    page.locator("#id_title").fill("Припливи в порту")
    publish(page)

    assert stored(stack, pk) == list(reversed(written))
