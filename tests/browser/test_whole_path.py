"""One newsroom's day, from an imported file to a gift: every step through the screen or the address that people use."""

import json
import re
from collections.abc import Callable
from email import message_from_string
from email.message import EmailMessage
from email.policy import default as modern_email
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.support.editing import log_in, publish
from tests.support.stack import Stack
from tests.support.waiting import poll

pytestmark = pytest.mark.plugin("sandbox")

READER = "whole-path@example.org"


def test_a_day_of_the_newsroom(
    stack: Stack, browser_page: Page, tmp_path: Path, screenshot: Callable[..., Path]
) -> None:
    imported = import_an_article(stack, tmp_path)
    log_in(stack, browser_page, groups=["Editors", "Marketing"])
    headline = publish_an_article(stack, browser_page, screenshot)
    read_both_from_the_api(stack, imported, headline)

    subscribe(stack, browser_page)
    message = send_an_edition(stack, browser_page, headline)
    browser_page.goto(f"{stack.url}/dev/mail/{newest_mail_to(READER, stack)}/html/")
    browser_page.set_viewport_size({"width": 640, "height": 560})
    screenshot(browser_page, "newsletter")
    browser_page.set_viewport_size({"width": 1280, "height": 900})
    unsubscribe_from_the_mail(stack, browser_page, message)

    give_and_read_the_built_page(stack, browser_page, publish_a_campaign(stack))


def import_an_article(stack: Stack, folder: Path) -> str:
    line = {
        "id": "whole-path-1",
        "headline": "Річковий вокзал відчиняють після ремонту",
        "lede": "Рейси повертаються з понеділка.",
        "locale": "uk",
        "section": {"slug": "whole-path", "name": "Місто"},
        "published_at": "2026-03-02T09:30:00+02:00",
        "source": {"name": "Річкова агенція", "url": "https://agency.example.org/"},
        "body_html": "<p>Перший рейс вирушає о шостій.</p>"
        "<blockquote><p>Чекали два роки.</p><cite>Ніна Плав</cite></blockquote>",
    }
    file = folder / "articles.jsonl"
    file.write_text(json.dumps(line, ensure_ascii=False) + "\n")
    stack.run("import", str(file))
    return str(line["headline"])


def publish_an_article(stack: Stack, page: Page, screenshot: Callable[..., Path]) -> str:
    headline = "Проєкт мосту винесли на слухання"
    open_new_page(stack, page, "content/articlepage", parent="/uk/")
    page.fill("[name=title]", headline)
    page.fill("[name=lede]", "Слухання — у четвер.")
    page.locator("[name=lede]").blur()
    page.get_by_role("tab", name=re.compile("Просув|Promote|Поширення")).or_(
        page.locator("#tab-label-promote")
    ).first.click()
    expect(page.locator("[name=slug]")).to_have_value("proiekt-mostu-vynesly-na-slukhannia")
    see_the_draft_in_the_frontend(page, headline)
    screenshot(page, "editor")
    publish(page)
    return headline


def see_the_draft_in_the_frontend(page: Page, headline: str) -> None:
    page.locator("[data-side-panel-toggle='preview']").click()
    shown = page.frame_locator("#w-preview-iframe")
    expect(shown.get_by_role("heading", name=headline)).to_be_visible()


def open_new_page(stack: Stack, page: Page, model: str, *, parent: str) -> None:
    ((parent_id,),) = stack.sql("SELECT id FROM wagtailcore_page WHERE url_path = %s", (parent,))
    page.goto(f"{stack.url}/admin/pages/add/{model}/{parent_id}/")


def read_both_from_the_api(stack: Stack, *headlines: str) -> None:
    def listed() -> bool:
        found = [each["headline"] for each in stack.get("/api/v1/content/?locale=uk&page_size=100").json()["results"]]
        assert set(headlines) <= set(found)
        return True

    poll(listed, what="what was published in the API")
    detail = stack.get("/api/v1/content/article/richkovyi-vokzal-vidchyniaiut-pislia-remontu/").json()
    assert detail["source"] == {"name": "Річкова агенція", "url": "https://agency.example.org/"}
    assert [block["type"] for block in detail["body"]] == ["paragraph", "quote"]


def subscribe(stack: Stack, page: Page) -> None:
    made_by(stack, "newsletters", "make.make_newsletter(slug='whole-path', name='Річковий тиждень')")
    answer = httpx.post(
        f"{stack.url}/api/v1/newsletters/whole-path/subscriptions/", json={"email": READER}, trust_env=False
    )
    assert answer.status_code == 202
    confirmation = mail_to(READER, stack, count=1)[0]
    page.goto(link_in(confirmation, "/newsletters/confirm/"))
    page.get_by_role("button").click()
    poll(lambda: state_of_subscription(stack) == "confirmed")


def made_by(stack: Stack, factory: str, call: str) -> int:
    """Make something inside the installation with one of the tests' factories; the id of what was made."""
    return int(stack.python(f"from tests.support import {factory} as make\nprint(({call}).pk)"))


def state_of_subscription(stack: Stack) -> str:
    ((state,),) = stack.sql(
        "SELECT state FROM newsletters_subscription JOIN newsletters_subscriber s ON s.id = subscriber_id"
        " WHERE s.email = %s",
        (READER,),
    )
    return str(state)


def send_an_edition(stack: Stack, page: Page, headline: str) -> EmailMessage:
    ((article,),) = stack.sql("SELECT id FROM wagtailcore_page WHERE title = %s", (headline,))
    edition = made_by(
        stack,
        "newsletters",
        "make.make_edition(make.Newsletter.objects.get(slug='whole-path'), "
        f"('teasers', {{'heading': 'Головне', 'pages': [{article}]}}), title='Тиждень на річці')",
    )
    page.goto(f"{stack.url}/admin/newsletters/editions/{edition}/send/")
    page.locator("button[name=send]").click()
    message = mail_to(READER, stack, count=2)[0]
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert html is not None and headline in html.get_content()
    assert text is not None and headline in text.get_content()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return message


def mail_to(address: str, stack: Stack, *, count: int) -> list[EmailMessage]:
    """The messages that the SMTP server wrote down for this address, newest first, once there are so many."""

    def arrived() -> list[dict[str, Any]]:
        found = stack.get(f"/dev/mail/?to={address}&format=json").json()["results"]
        return found if len(found) >= count else []

    return [
        message_from_string(stack.get(f"/dev/mail/{each['id']}/source/").text, policy=modern_email)
        for each in poll(arrived, what=f"{count} messages to {address}")
    ]


def newest_mail_to(address: str, stack: Stack) -> str:
    return str(stack.get(f"/dev/mail/?to={address}&format=json").json()["results"][0]["id"])


def link_in(message: EmailMessage, part: str) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https?://\S*{re.escape(part)}\S+", body.get_content())
    assert found, f"no link with {part} in the message"
    return found[0]


def unsubscribe_from_the_mail(stack: Stack, page: Page, message: EmailMessage) -> None:
    page.goto(link_in(message, "/newsletters/unsubscribe/"))
    page.get_by_role("button").click()
    poll(lambda: state_of_subscription(stack) == "unsubscribed")


def publish_a_campaign(stack: Stack) -> str:
    made_by(stack, "campaigns", "make.make_campaign(title='Мотор для редакційного човна', slug='motor', goal=1000_00)")
    return "/donate/motor/"


def give_and_read_the_built_page(stack: Stack, page: Page, address: str) -> None:
    poll(lambda: stack.get(address).status == 200, what="the built donation page")
    page.goto(stack.url + address)
    page.locator("input[name=amount][value='25000']").check(force=True)
    page.locator("[data-submit]").click()
    page.locator("button[name=decision][value=pay]").click()
    # Reading the page itself, as a browser without scripts would: a worker has built it anew.
    poll(lambda: "25%" in stack.get(address).text.replace("\u00a0", ""), what="the gift on the built page")
