"""What an editor types is saved, whatever Wagtail does at that moment."""

import uuid
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.editing import log_in, new_draft, open_new_article, press_publish, publish, write_headline
from tests.support.stack import Stack
from tests.support.waiting import poll

#: An editor's hands that are quicker than the network: ``window.meanwhile`` is called once, when a draft was saved and
#: the browser doesn't know it yet. ``window.saves`` counts those that it knows of.
QUICK_HANDS = """
    const send = window.fetch;
    window.saves = 0;
    addEventListener("w-autosave:success", () => { window.saves += 1; });
    window.fetch = async (...request) => {
        const answer = await send(...request);
        if (request[1]?.headers?.Accept === "application/json" && request[1].method?.toLowerCase() === "post") {
            window.meanwhile?.();
            window.meanwhile = undefined;
        }
        return answer;
    };
"""


@pytest.fixture
def form(stack: Stack, browser_page: Page) -> Page:
    """An editor's form of a draft that Wagtail has saved."""
    log_in(stack, browser_page)
    browser_page.add_init_script(QUICK_HANDS)
    browser_page.add_init_script("addEventListener('w-unsaved:watch-edits', () => { window.isWatched = true; })")
    new_draft(stack, browser_page, f"Паром {uuid.uuid4().hex[:8]}")
    return browser_page


def draft(stack: Stack, page: Page) -> Any:
    """The newest draft of the page that this form edits."""
    pk = page.url.rstrip("/").split("/")[-2]
    query = "SELECT content FROM wagtailcore_revision WHERE object_id = %s ORDER BY created_at DESC, id DESC LIMIT 1"
    ((content,),) = stack.sql(query, (pk,))
    return content


def type_while_saving(page: Page, field: str, words: str) -> None:
    page.evaluate(
        """([field, words]) => {
            window.meanwhile = () => {
                const typed = document.querySelector(`[name=${field}]`);
                typed.value = words;
                typed.dispatchEvent(new InputEvent("input", { bubbles: true }));
            };
        }""",
        [field, words],
    )


@pytest.mark.parametrize("field", ["title", "lede"])
def test_what_is_typed_while_a_draft_is_saved_is_saved_next(stack: Stack, form: Page, field: str) -> None:
    type_while_saving(form, field, "Паром знову ходить")
    form.fill(f"[name={field}]", "Паром знову не ходить")

    poll(lambda: draft(stack, form)[field] == "Паром знову ходить", what="what was typed last in the draft")


def test_what_is_typed_as_soon_as_a_form_opens_is_saved(stack: Stack, form: Page) -> None:
    form.reload()
    form.locator("[name=lede]").focus()
    form.keyboard.insert_text("Вода впала на метр.")

    assert not form.evaluate("window.isWatched"), "or this test sees nothing"
    poll(lambda: draft(stack, form)["lede"] == "Вода впала на метр.", what="the lede in the draft")


def test_who_leaves_before_it_is_saved_is_warned(stack: Stack, form: Page) -> None:
    type_while_saving(form, "lede", "Ще одне слово")
    form.evaluate(
        """() => document.addEventListener("w-autosave:success", () => queueMicrotask(() => {
            window.leave = new Event("beforeunload", { cancelable: true });
            dispatchEvent(window.leave);
        }), { once: true })"""
    )

    form.fill("[name=lede]", "Слово")

    form.wait_for_function("window.leave")
    assert form.evaluate("window.leave.defaultPrevented")
    poll(lambda: draft(stack, form)["lede"] == "Ще одне слово", what="the last word in the draft")


def test_what_is_saved_is_not_saved_again(stack: Stack, form: Page) -> None:
    saves = form.evaluate("window.saves")

    form.fill("[name=lede]", "Вода впала на метр.")

    form.wait_for_function("saves => window.saves > saves", arg=saves)
    assert draft(stack, form)["lede"] == "Вода впала на метр."
    for value in ("force", "has-edits"):
        assert form.locator("[data-edit-form]").get_attribute(f"data-w-unsaved-{value}-value") == "false"


# --- who publishes while Wagtail saves ----------------------------------------------------------------------------

#: A slow line: that a draft was saved is told on the console at once, and to the browser when the form has been sent.
#: So is, on the console, a save that Wagtail wanted to make and was kept from.
SLOW_LINE = """
    const send = window.fetch;
    const isSent = new Promise((resolve) => addEventListener("submit", () => setTimeout(resolve), { capture: true }));
    window.fetch = async (...request) => {
        const answer = await send(...request);
        if (request[1]?.headers?.Accept === "application/json" && request[1].method?.toLowerCase() === "post") {
            console.info("saved");
            await isSent;
        }
        return answer;
    };
    addEventListener("w-autosave:save", (event) => event.defaultPrevented && console.info("not saved"));
"""


@pytest.fixture
def article(stack: Stack, browser_page: Page) -> Page:
    """The form of an article that nobody has written a word of, on a slow line."""
    log_in(stack, browser_page)
    browser_page.add_init_script(SLOW_LINE)
    browser_page.add_init_script("addEventListener('w-unsaved:watch-edits', () => { window.isWatched = true; })")
    open_new_article(stack, browser_page)
    browser_page.wait_for_function("window.isWatched")
    return browser_page


def pages_named(stack: Stack, headline: str) -> list[tuple[bool, bool]]:
    """Whether each page, or draft of one, with this headline is live, and whether it has changes that are not."""
    query = "SELECT live, has_unpublished_changes FROM wagtailcore_page WHERE draft_title = %s OR title = %s"
    return list(stack.sql(query, (headline, headline)))


def test_what_is_published_while_its_first_draft_is_saved_is_one_page(stack: Stack, article: Page) -> None:
    headline = f"Пором {uuid.uuid4().hex[:8]}"
    with article.expect_console_message(lambda said: said.text == "saved"):
        write_headline(article, headline)

    publish(article)

    assert pages_named(stack, headline) == [(True, False)]


def test_nothing_is_saved_by_itself_while_it_is_published(stack: Stack, article: Page) -> None:
    headline = f"Поромник {uuid.uuid4().hex[:8]}"
    held: list[Route] = []

    def hold(route: Route) -> None:
        """The form, which a server takes its time to answer; not what Wagtail saves by itself."""
        is_form = route.request.method == "POST" and route.request.headers["accept"] != "application/json"
        held.append(route) if is_form and not held else route.continue_()

    article.route("**/admin/pages/add/**", hold)
    write_headline(article, headline)
    with article.expect_console_message(lambda said: said.text in ("saved", "not saved")):
        press_publish(article)
    held[0].continue_()

    expect(article.locator(".messages .success")).to_be_visible()
    assert pages_named(stack, headline) == [(True, False)]
