"""The example frontend in a real browser, on a whole installation with the demo newsroom."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from ostriv.testing import hooks
from tests.support.stack import Stack
from tests.support.waiting import poll

#: As an agency's report looks in a paper: quotes inside the text, a credited source, a hyphen for a dash.
REPORT = {
    "id": "frontend-report",
    "locale": "ru",
    "headline": "Порт Осокорова просит область о помощи с двумя буксирами",
    "lede": "Порт и область намерены обсудить ремонт буксиров.",
    "section": {"slug": "frontend-strana", "name": "Страна"},
    "authors": ["Ирина Бережная"],
    "published_at": "2026-01-14T16:30:00+02:00",
    "source": {"name": "Речное агентство", "url": "https://agency.example.org/"},
    "tags": ["порт"],
    "body_html": (
        "<p>Порт и область намерены обсудить ремонт буксиров. Об этом заявил капитан порта Лев Ракитин, -"
        ' сообщает "Речное агентство".</p>'
        '<p>"Скоро у нас состоится совещание. Это индикатор отношений ", - сказал Л.Ракитин.</p>'
        "<blockquote><p>Без буксиров зимой мы не порт, а набережная.</p><cite>Лев Ракитин</cite></blockquote>"
    ),
}
MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
KYIV = ZoneInfo("Europe/Kyiv")

# Many processes share the machine with the browser.


def new_teasers() -> list[dict[str, Any]]:
    """Three teasers without a story, the newest content there is; the last one is the newest."""
    now = datetime.now(KYIV)
    headlines = ("«Пауза затянется». Обзор газет", "Что пишут о реке", "Тосты и салаты: обзор")
    return [
        {
            "id": f"frontend-teaser-{number}",
            "type": "teaser",
            "locale": "ru",
            "headline": headline,
            "lede": "Нынешняя фаза — это пауза. До конца января определены сроки, а...",
            "section": {"slug": "frontend-mir", "name": "Мир"},
            "published_at": (now - timedelta(seconds=len(headlines) - number)).isoformat(),
        }
        for number, headline in enumerate(headlines)
    ]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """An installation of its own: only an empty one takes the demo."""
    made = Stack(hooks.run_folder() / "stack-frontend", hooks.run_template())
    try:
        made.start_all()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def newsroom(stack: Stack) -> Stack:
    """The installation with the demo in it."""
    stack.run("load_demo")
    return stack


@pytest.fixture
def imported(stack: Stack, tmp_path: Path) -> Callable[..., None]:
    def run(*lines: dict[str, Any]) -> None:
        file = tmp_path / "lines.jsonl"
        file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
        stack.run("import", str(file))

    return run


def visit(page: Page, url: str) -> None:
    page.goto(url)
    ready(page)


def ready(page: Page) -> None:
    expect(page.locator("main")).to_have_attribute("aria-busy", "false")


def api(stack: Stack, path: str) -> Any:
    answer = stack.get(f"/api/v1/{path}")
    assert answer.status == 200, answer.text
    return answer.json()


def headlines(page: Page, within: str) -> list[str]:
    # A link to another site has an arrow and a word for screen readers after the headline.
    return page.locator(f"{within} .teaser-link").evaluate_all(
        "links => links.map(link => link.firstChild.textContent)"
    )


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


# --- front page ---------------------------------------------------------------------------------------------


def test_the_front_page_shows_slots_latest_and_the_call(
    newsroom: Stack, browser_page: Page, screenshot: Callable[..., Path]
) -> None:
    front = api(newsroom, "front/?locale=uk")
    visit(browser_page, f"{newsroom.url}/")
    expect(browser_page).to_have_url(f"{newsroom.url}/uk/")
    expect(browser_page.locator("html")).to_have_attribute("lang", "uk")

    slots = front["slots"]
    assert len(slots) >= 5, "the demo's front page has slots"
    by_size = [
        slot["headline"] for size in ("lead", "standard", "compact") for slot in slots if slot["slot"]["size"] == size
    ]
    assert headlines(browser_page, "main .column-main") == by_size
    lead = browser_page.locator("main .teaser-lead").first
    first = next(slot for slot in slots if slot["slot"]["size"] == "lead")
    expect(lead.locator(".lede")).to_have_text(first["lede"])
    if first["image"]:
        picture = lead.locator("img")
        expect(picture).to_have_attribute("srcset", re.compile(r"320w, .*1280w"))
        poll(lambda: picture.evaluate("img => img.complete && img.naturalWidth > 0"), what="the lead's picture")

    shown = headlines(browser_page, "main .feed")
    assert shown == [teaser["headline"] for teaser in front["latest"][: len(shown)]]
    assert shown
    expect(browser_page.locator("main .all-link")).to_have_attribute("href", "/uk/all/")
    expect(browser_page.locator("main .call .call-button")).to_be_visible()
    site = api(newsroom, "site/?locale=uk")
    expect(browser_page.locator(".brand-name")).to_have_text(site["name"])
    for section in site["sections"]:
        expect(browser_page.locator(".sections").get_by_role("link", name=section["name"], exact=True)).to_be_visible()

    screenshot(browser_page, "front-desktop")
    browser_page.set_viewport_size({"width": 390, "height": 844})
    screenshot(browser_page, "front-phone")


def test_the_thermometer_shows_the_campaign_and_follows_it(newsroom: Stack, browser_page: Page) -> None:
    call = api(newsroom, "site/?locale=uk")["donation_call"]
    assert call and call["campaign"], "the demo calls for its campaign"
    slug = call["campaign"]["slug"]
    visit(browser_page, f"{newsroom.url}/uk/")
    thermometer = browser_page.locator(f'main .thermo[data-campaign="{slug}"]').first
    bar = thermometer.get_by_role("progressbar")
    with browser_page.expect_response(lambda answer: f"/campaigns/{slug}/progress/" in answer.url):
        thermometer.scroll_into_view_if_needed()  # it asks only while it is on screen
    percent = min(api(newsroom, f"campaigns/{slug}/progress/")["percent"], 100)
    expect(bar).to_have_attribute("aria-valuenow", str(percent))

    # What a donation does to the figures is tested with the gateways; here, that new ones are shown, spoken.
    figures = {**api(newsroom, f"campaigns/{slug}/progress/"), "raised": 12345600, "percent": 99, "donors": 1}
    browser_page.route("**/progress/", lambda route: route.fulfill(json=figures))
    expect(bar).to_have_attribute("aria-valuenow", "99")
    expect(thermometer.locator("[data-raised]")).to_contain_text("123\u00a0456")
    expect(thermometer).to_contain_text("1 жертводавець")
    expect(thermometer.locator("[aria-live=polite]")).to_contain_text("99 %")


# --- a story ------------------------------------------------------------------------------------------------


def test_a_report_is_shown_as_a_news_page(
    newsroom: Stack, imported: Callable[..., None], browser_page: Page, screenshot: Callable[..., Path]
) -> None:
    teasers = new_teasers()
    imported(REPORT, *teasers)
    (report,) = (
        each
        for each in api(newsroom, "content/?locale=ru&section=frontend-strana")["results"]
        if each["type"] == "article"
    )
    visit(browser_page, newsroom.url + report["path"])
    article = browser_page.locator("article.article")

    expect(article.get_by_role("heading", level=1)).to_have_text(REPORT["headline"])
    expect(article.locator(".article-head .label")).to_have_text("Страна")
    expect(article.locator(".article-head .label")).to_have_attribute("href", "/ru/section/frontend-strana/")
    expect(article.locator(".article-head time")).to_have_text("14 января 2026, 16:30")
    source = article.get_by_role("link", name="Речное агентство")
    expect(source).to_have_attribute("href", "https://agency.example.org/")
    expect(article.locator(".byline-source")).to_have_text("Источник: Речное агентство")
    said = '"Скоро у нас состоится совещание. Это индикатор отношений ", - сказал Л.Ракитин.'
    expect(article.locator(".body")).to_contain_text(said)
    expect(article.locator("blockquote")).to_have_text("Без буксиров зимой мы не порт, а набережная.")
    expect(article.locator(".quote cite")).to_have_text("Лев Ракитин")
    # The lede is the text's first sentence: it stands there once.
    assert article.inner_text().count(str(REPORT["lede"])) == 1
    expect(article.get_by_role("link", name="Ирина Бережная")).to_be_visible()
    expect(article.locator(".call")).to_be_visible()

    column = browser_page.locator("aside.column-side")
    newest = column.locator(".teaser").first
    moment = datetime.fromisoformat(teasers[2]["published_at"])
    expect(newest.locator(".label")).to_have_text("Мир")
    expect(newest.locator("time")).to_have_text(
        f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M}"
    )
    expect(newest.locator(".lede")).to_have_text(str(teasers[2]["lede"]))
    assert headlines(browser_page, "aside.column-side")[:3] == [teaser["headline"] for teaser in reversed(teasers)]
    assert REPORT["headline"] not in headlines(browser_page, "aside.column-side")
    expect(column.get_by_role("link", name="Все материалы")).to_have_attribute("href", "/ru/all/")

    expect(browser_page).to_have_title(re.compile(re.escape(str(REPORT["headline"]))))
    expect(browser_page.locator('link[rel="canonical"]')).to_have_attribute(
        "href", re.compile(re.escape(report["path"]) + "$")
    )

    screenshot(browser_page, "article-desktop")
    browser_page.set_viewport_size({"width": 390, "height": 844})
    screenshot(browser_page, "article-phone")


def test_markup_in_a_headline_stays_text(newsroom: Stack, imported: Callable[..., None], browser_page: Page) -> None:
    headline = "Розмітка <img src=x onerror=document.title='owned'> лишається словами"
    section = {"slug": "frontend-rozmitka", "name": "<b>Розділ</b>"}
    imported(
        {
            "id": "frontend-markup",
            "locale": "uk",
            "headline": headline,
            "lede": "<i>Вступ</i>",
            "section": section,
            "published_at": "2026-01-10T10:00:00+02:00",
            "body_html": "<p>Текст.</p>",
        }
    )
    visit(browser_page, f"{newsroom.url}/uk/section/frontend-rozmitka/")
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("<b>Розділ</b>")
    expect(browser_page.locator("main .lede")).to_have_text("<i>Вступ</i>")
    browser_page.get_by_role("link", name=headline).click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text(headline)
    assert browser_page.locator('img[src="x"]').count() == 0


# --- lists --------------------------------------------------------------------------------------------------


def test_all_articles_pages_back_and_forth_and_keeps_its_filter(
    newsroom: Stack, imported: Callable[..., None], browser_page: Page
) -> None:
    section = {"slug": "frontend-hortannia", "name": "Гортання"}
    imported(
        *(
            {
                "id": f"frontend-page-{n}",
                "locale": "uk",
                "headline": f"Гортаємо, матеріал {n:02}",
                "lede": "Вступ.",
                "section": section,
                "published_at": f"2025-03-{n + 1:02}T09:00:00+02:00",
                "body_html": "<p>Текст.</p>",
            }
            for n in range(25)
        )
    )
    newest = [f"Гортаємо, матеріал {n:02}" for n in range(24, -1, -1)]
    visit(browser_page, f"{newsroom.url}/uk/all/")
    browser_page.get_by_role("combobox", name="Розділ").select_option("frontend-hortannia")
    browser_page.get_by_role("button", name="Показати").click()
    expect(browser_page).to_have_url(f"{newsroom.url}/uk/all/?section=frontend-hortannia")
    ready(browser_page)
    assert headlines(browser_page, ".teasers-row") == newest[:20]
    expect(browser_page.get_by_role("link", name="Новіші")).to_have_count(0)

    browser_page.get_by_role("link", name="Старіші").click()
    expect(browser_page.locator(".teasers-row .teaser-link").first).to_have_text(newest[20])
    assert headlines(browser_page, ".teasers-row") == newest[20:]
    query = parse_qs(urlsplit(browser_page.url).query)
    assert query["section"] == ["frontend-hortannia"]
    assert query["cursor"]
    expect(browser_page.get_by_role("link", name="Старіші")).to_have_count(0)

    browser_page.get_by_role("link", name="Новіші").click()
    expect(browser_page.locator(".teasers-row .teaser-link").first).to_have_text(newest[0])
    assert headlines(browser_page, ".teasers-row") == newest[:20]

    # Days are the newsroom's: the 10th in Kyiv begins at 22:00 UTC of the 9th.
    visit(browser_page, f"{newsroom.url}/uk/all/?section=frontend-hortannia&from=2025-03-10&to=2025-03-11")
    assert headlines(browser_page, ".teasers-row") == ["Гортаємо, матеріал 10", "Гортаємо, матеріал 09"]


def test_an_author_s_page(newsroom: Stack, browser_page: Page) -> None:
    story = next(each for each in api(newsroom, "front/?locale=uk")["slots"] if each["authors"])
    author = story["authors"][0]
    known = api(newsroom, f"authors/{author['slug']}/?locale=uk")
    visit(browser_page, newsroom.url + story["path"])
    browser_page.locator(".byline").get_by_role("link", name=author["name"]).click()
    expect(browser_page).to_have_url(f"{newsroom.url}/uk/author/{author['slug']}/")
    expect(browser_page.get_by_role("heading", level=1)).to_have_text(author["name"])
    expect(browser_page.locator(".list-head")).to_contain_text(known["bio"] or known["role"])
    listed = api(newsroom, f"content/?locale=uk&author={author['slug']}&page_size=20")["results"]
    assert headlines(browser_page, ".teasers-row") == [each["headline"] for each in listed]


def test_search_finds_and_says_when_it_does_not(
    newsroom: Stack, imported: Callable[..., None], browser_page: Page
) -> None:
    imported(
        {
            "id": "frontend-search",
            "locale": "uk",
            "headline": "Хто полагодив дзвіницю на Липовій",
            "lede": "Вступ.",
            "published_at": "2026-01-09T10:00:00+02:00",
            "body_html": "<p>Текст про куранти.</p>",
        }
    )
    visit(browser_page, f"{newsroom.url}/uk/")
    box = browser_page.locator(".masthead").get_by_role("searchbox")
    box.fill("дзвіницю")
    box.press("Enter")
    expect(browser_page).to_have_url(f"{newsroom.url}/uk/all/?q={quote('дзвіницю')}")
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Результати пошуку: «дзвіницю»")
    expect(
        browser_page.locator(".teasers-row").get_by_role("link", name="Хто полагодив дзвіницю на Липовій")
    ).to_be_visible()

    visit(browser_page, f"{newsroom.url}/uk/all/?q=абвгдежз")
    expect(browser_page.get_by_text("Нічого не знайдено.")).to_be_visible()


# --- languages and navigation -------------------------------------------------------------------------------


def test_the_language_switch_leads_to_the_same_page(newsroom: Stack, browser_page: Page) -> None:
    visit(browser_page, f"{newsroom.url}/uk/")
    switch = browser_page.get_by_role("navigation", name="Мова")
    switch.get_by_role("link", name="English").click()
    expect(browser_page).to_have_url(f"{newsroom.url}/en/")
    expect(browser_page.locator("html")).to_have_attribute("lang", "en")
    expect(browser_page.locator("main .all-link")).to_contain_text("All articles")
    assert headlines(browser_page, "main .teaser-lead")[:1] == [
        api(newsroom, "front/?locale=en")["slots"][0]["headline"]
    ]

    lead = api(newsroom, "front/?locale=uk")["slots"][0]
    translations = api(newsroom, f"content/{lead['type']}/{lead['slug']}/?locale=uk")["translations"]
    english = next(each for each in translations if each["locale"] == "en")
    visit(browser_page, newsroom.url + lead["path"])
    expect(browser_page.locator('link[rel="alternate"][hreflang="en"]')).to_have_attribute(
        "href", newsroom.url + english["path"]
    )
    expect(browser_page.locator(".translations").get_by_role("link", name=english["headline"])).to_be_visible()
    browser_page.get_by_role("navigation", name="Мова").get_by_role("link", name="English").click()
    expect(browser_page).to_have_url(newsroom.url + english["path"])
    expect(browser_page.get_by_role("heading", level=1)).to_have_text(english["headline"])


def test_keyboard_focus_and_the_way_back(newsroom: Stack, browser_page: Page) -> None:
    visit(browser_page, f"{newsroom.url}/uk/")
    browser_page.keyboard.press("Tab")
    expect(browser_page.get_by_role("link", name="Перейти до змісту")).to_be_focused()
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("main")).to_be_focused()
    ready(browser_page)  # and it was no navigation: the page still stands

    link = browser_page.locator("main .feed .teaser-link").last
    link.scroll_into_view_if_needed()
    before = browser_page.evaluate("scrollY")
    assert before > 0
    link.press("Enter")
    expect(browser_page.locator("main")).to_have_attribute("data-view", "article")
    expect(browser_page.get_by_role("heading", level=1)).to_be_focused()
    assert browser_page.evaluate("scrollY") == 0
    browser_page.go_back()
    expect(browser_page.locator("main")).to_have_attribute("data-view", "front")
    poll(lambda: abs(browser_page.evaluate("scrollY") - before) < 5, what="the scroll position of before")


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways_on_a_phone(newsroom: Stack, browser_page: Page, width: int) -> None:
    browser_page.set_viewport_size({"width": width, "height": 844})
    slots = api(newsroom, "front/?locale=uk")["slots"]
    author = next(each for each in slots if each["authors"])["authors"][0]["slug"]
    paths = ["/uk/", "/uk/all/", "/uk/campaigns/", "/uk/newsletters/", f"/uk/author/{author}/"]
    for path in [*paths, *(slot["path"] for slot in slots)]:
        visit(browser_page, newsroom.url + path)
        assert not scrolls_sideways(browser_page), path


# --- newsletters, campaigns ---------------------------------------------------------------------------------


def test_newsletter_sign_up_explains_an_error_and_then_succeeds(
    newsroom: Stack, browser_page: Page, browser_errors: list[str]
) -> None:
    visit(browser_page, f"{newsroom.url}/uk/newsletters/")
    form = browser_page.locator("main form.newsletter").first
    field = form.get_by_label("Електронна адреса")
    field.fill("це-не-адреса")
    form.get_by_role("button").click()
    message = form.get_by_role("alert")
    expect(message).not_to_be_empty()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    assert field.get_attribute("aria-describedby") == message.get_attribute("id")
    expect(field).to_have_value("це-не-адреса")
    browser_errors.clear()  # the console reports the 400

    field.fill("reader-of-the-frontend@example.org")
    field.press("Enter")
    expect(form.get_by_role("status")).to_contain_text("reader-of-the-frontend@example.org")
    expect(message).to_be_empty()
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_campaigns_are_listed_with_their_page_for_giving(newsroom: Stack, browser_page: Page) -> None:
    campaigns = api(newsroom, "campaigns/?locale=uk")["results"]
    running = next(each for each in campaigns if each["state"] == "running")
    visit(browser_page, f"{newsroom.url}/uk/campaigns/")
    entry = browser_page.locator(f'.campaigns > li[data-campaign="{running["slug"]}"]')
    expect(entry.get_by_role("heading")).to_have_text(running["headline"])
    expect(entry.get_by_role("progressbar")).to_be_visible()
    expect(entry.get_by_role("link", name="Підтримати")).to_have_attribute("href", running["url"])


# --- what is not there --------------------------------------------------------------------------------------


def test_a_missing_page_offers_a_search(newsroom: Stack, browser_page: Page, browser_errors: list[str]) -> None:
    visit(browser_page, f"{newsroom.url}/uk/2026/nothing-is-here/")
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Такої сторінки немає")
    expect(browser_page.locator("main").get_by_role("searchbox")).to_be_visible()
    expect(browser_page.locator('meta[name="robots"]')).to_have_attribute("content", "noindex")
    browser_errors.clear()  # the console reports the 404


def test_without_an_answer_the_reader_can_try_again(
    newsroom: Stack, browser_page: Page, browser_errors: list[str]
) -> None:
    browser_page.route("**/api/v1/**", lambda route: route.abort())
    visit(browser_page, f"{newsroom.url}/uk/")
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Не вдалося завантажити сторінку")
    browser_errors.clear()  # the console reports every failed request
    browser_page.unroute("**/api/v1/**")
    browser_page.get_by_role("button", name="Спробувати ще раз").click()
    expect(browser_page.locator("main")).to_have_attribute("data-view", "front")
    expect(browser_page.locator("main .teaser-lead").first).to_be_visible()
    browser_errors.clear()


# --- drafts -------------------------------------------------------------------------------------------------

MAKE_DRAFT = """
from cms.content import preview
from cms.content.models import ArticlePage, ContentPage
page = ArticlePage.objects.filter(live=True, locale__language_code="uk").first().specific
page.title = "Чернетка, якої ще ніхто не бачить"
print("TOKEN", preview.issue(page))
"""


def test_a_preview_shows_the_draft_and_says_so(newsroom: Stack, browser_page: Page, browser_errors: list[str]) -> None:
    said = newsroom.run("shell", "--no-imports", "-c", MAKE_DRAFT).stdout
    token = said.split("TOKEN ")[1].strip()
    visit(browser_page, f"{newsroom.url}/preview/?token={quote(token)}")
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Чернетка, якої ще ніхто не бачить")
    expect(browser_page.locator(".draft-banner")).to_be_visible()
    expect(browser_page.locator('meta[name="robots"]')).to_have_attribute("content", "noindex")

    visit(browser_page, f"{newsroom.url}/preview/?token=no-such-token")
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Цей попередній перегляд застарів")
    browser_errors.clear()  # the console reports the 404
