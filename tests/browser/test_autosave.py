"""What an editor types is saved, whatever Wagtail does at that moment."""

import uuid
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.support.editing import log_in, new_draft, open_new_article, press_publish, write_headline
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

#: While ``window.isSlow``, the answer to a save reaches the browser when the form has been sent; that the server has
#: answered is told on the console at once. So is what is not saved. While ``window.isDead`` nothing reaches the server.
LINE = """
    const send = window.fetch;
    const isSent = new Promise((resolve) => addEventListener("submit", () => setTimeout(resolve), { capture: true }));
    window.fetch = async (...request) => {
        const isSave = request[1]?.headers?.Accept === "application/json" && request[1].body instanceof FormData;
        const answer = isSave && window.isDead ? null : await send(...request);
        if (isSave && window.isSlow) {
            console.info("saved");
            await isSent;
        }
        if (!answer) throw new TypeError("The line is dead");
        return answer;
    };
    addEventListener("w-autosave:save", (event) => event.defaultPrevented && console.info("not saved"));
    addEventListener("w-autosave:error", () => { window.isTold = true; });
    addEventListener("w-unsaved:watch-edits", () => { window.isWatched = true; });
"""
PUBLISH = "document.querySelector('[name=action-publish]').click()"


@pytest.fixture
def article(stack: Stack, browser_page: Page) -> Page:
    """The form of an article that nobody has written a word of, on a slow line."""
    log_in(stack, browser_page)
    browser_page.add_init_script(LINE)
    open_new_article(stack, browser_page)
    browser_page.wait_for_function("window.isWatched")
    browser_page.evaluate("window.isSlow = true")
    return browser_page


def write_and_save(page: Page, field: str, words: str) -> None:
    """Type, and wait until the server has answered Wagtail's save of it."""
    with page.expect_console_message(lambda said: said.text == "saved"):
        write_headline(page, words) if field == "title" else page.fill(f"[name={field}]", words)


def pages_named(stack: Stack, headline: str) -> list[tuple[bool, bool]]:
    """Whether each page, or draft of one, with this headline is live, and whether it has changes that are not."""
    query = "SELECT live, has_unpublished_changes FROM wagtailcore_page WHERE draft_title = %s OR title = %s"
    return list(stack.sql(query, (headline, headline)))


#: Ways to send a form: its button; another button pressed after it; what Wagtail's modals of workflows do.
WAYS = {
    "button": PUBLISH,
    "two buttons": f"{PUBLISH}; document.querySelector('.action-save').click()",
    "modal": """
        const action = document.createElement("input");
        Object.assign(action, { type: "hidden", name: "action-publish", value: "true" });
        document.querySelector("[data-edit-form]").append(action);
        jQuery("[data-edit-form]").submit();
    """,
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_published_while_its_first_draft_is_saved_is_one_page(stack: Stack, article: Page, way: str) -> None:
    headline = f"Пором {uuid.uuid4().hex[:8]}"
    write_and_save(article, "title", headline)

    article.evaluate(f"() => {{ {WAYS[way]} }}")

    expect(article.locator(".messages .success")).to_be_visible()
    assert pages_named(stack, headline) == [(True, False)]


def test_nothing_is_saved_by_itself_while_it_is_published(stack: Stack, article: Page) -> None:
    headline = f"Поромник {uuid.uuid4().hex[:8]}"
    held: list[Route] = []
    article.route("**/admin/pages/add/**", lambda route: held.append(route) if not held else route.continue_())
    with article.expect_request(is_form):
        article.evaluate(
            """([headline, slug]) => {
                for (const [name, value] of Object.entries({ title: headline, slug })) {
                    document.querySelector(`[name=${name}]`).value = value;
                }
                document.querySelector("[name=lede]").focus();
                setTimeout(() => document.querySelector("[name=action-publish]").click());
            }""",
            [headline, f"poromnyk-{uuid.uuid4().hex[:8]}"],
        )
    with article.expect_console_message(lambda said: said.text == "not saved"):
        article.keyboard.insert_text("Ще слово")
    held[0].continue_()

    expect(article.locator(".messages .success")).to_be_visible()
    assert pages_named(stack, headline) == [(True, False)]


def is_form(request: Request) -> bool:
    return request.method == "POST" and request.headers["accept"] != "application/json"


def test_what_was_typed_though_sending_was_stopped_is_saved(stack: Stack, browser_page: Page) -> None:
    log_in(stack, browser_page)
    browser_page.clock.install()
    browser_page.add_init_script(LINE)
    new_draft(stack, browser_page, f"Паромниця {uuid.uuid4().hex[:8]}")
    browser_page.route(
        "**/edit/", lambda route: route.abort("aborted") if is_form(route.request) else route.continue_()
    )
    with browser_page.expect_event("requestfailed", is_form):
        browser_page.evaluate(f"() => {{ setTimeout(() => {PUBLISH}); }}")
    browser_page.unroute("**/edit/")

    with browser_page.expect_console_message(lambda said: said.text == "not saved"):
        browser_page.fill("[name=lede]", "Вода впала на метр.")
    browser_page.clock.fast_forward(30_000)

    poll(lambda: draft(stack, browser_page)["lede"] == "Вода впала на метр.", what="the lede in the draft")
    warns = browser_page.locator("[data-edit-form]").get_attribute("data-w-unsaved-confirmation-value")
    assert warns == "true"


# --- who publishes though a save has just shown that it is dangerous -----------------------------------------------


def test_a_newer_version_is_not_written_over_unasked(stack: Stack, form: Page, browser_errors: list[str]) -> None:
    form.add_init_script(LINE)
    form.reload()
    form.wait_for_function("window.isWatched")
    other = form.context.new_page()
    other.goto(form.url)
    other.fill("[name=lede]", "Слово колеги")
    other.click(".action-save")
    expect(other.locator(".messages .success")).to_be_visible()
    form.evaluate("window.isSlow = true")
    write_and_save(form, "lede", "Моє слово")

    form.evaluate(PUBLISH)

    form.wait_for_function("window.isTold")
    form.wait_for_function("document.querySelector('[data-controller~=w-session]').dataset.wSessionInterceptValue")
    assert draft(stack, form)["lede"] == "Слово колеги"
    press_publish(form)
    expect(form.locator("#w-save-confirmation-dialog")).to_be_visible()
    expect(form.locator("[name=lede]")).to_have_value("Моє слово")
    assert "400" in browser_errors.pop(), "the save that was refused"


def test_nothing_is_sent_into_a_dead_line(stack: Stack, article: Page) -> None:
    headline = f"Поромщик {uuid.uuid4().hex[:8]}"
    article.evaluate("window.isDead = true")
    write_and_save(article, "title", headline)

    article.evaluate(PUBLISH)

    article.wait_for_function("window.isTold")
    expect(article.locator("button[name=action-publish]")).to_be_enabled()
    expect(article.locator("[name=title]")).to_have_value(headline)
    assert article.url.endswith("/") and "/pages/add/" in article.url
    assert pages_named(stack, headline) == []


def test_saving_does_nothing_but_save(form: Page) -> None:
    form.evaluate(
        """() => {
            const send = window.fetch;
            window.fetch = (...request) => {
                if (request[1]?.body instanceof FormData) window.saved = [...request[1].body.keys()];
                return send(...request);
            };
            const action = document.createElement("input");
            Object.assign(action, { type: "hidden", name: "action-workflow-action", value: "true" });
            document.querySelector("[data-edit-form]").append(action);
        }"""
    )

    form.fill("[name=lede]", "Вода впала на метр.")

    form.wait_for_function("window.saved?.includes('lede')")
    assert "action-workflow-action" not in form.evaluate("window.saved")
