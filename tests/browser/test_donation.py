"""Giving, as a donor does it: on a phone, while somebody else watches the thermometer."""

import re
import uuid

import pytest

from tests.support.campaigns import publish_in
from tests.support.waiting import poll

pytestmark = pytest.mark.plugin("sandbox")
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def slug(stack):
    name = f"more-{uuid.uuid4().hex[:8]}"
    publish_in(
        stack,
        slug=name,
        title="Голос громади: 500 000 ₴ на рік незалежної роботи",
        suggested_amounts=[100_00, 250_00, 500_00, 1000_00, 2000_00],
        thank_you="Обіймаємо. Звіт надішлемо першого числа.",
    )
    poll(lambda: stack.get(f"/donate/{name}/").status == 200, what="the donation page")
    return name


def sum_of(page):
    return int(re.sub(r"\D", "", page.text_content("[data-raised]")))


def test_giving_moves_the_thermometer_of_others(stack, slug, browser_page, screenshot):
    watcher = browser_page
    watcher.goto(f"{stack.url}/donate/{slug}/")
    before = sum_of(watcher)
    donor = watcher.context.new_page()
    donor.set_viewport_size(PHONE)
    donor.goto(f"{stack.url}/donate/{slug}/")
    donor.fill("[name=own_amount]", "77")
    donor.click("summary")
    donor.fill("[name=name]", "Марія Коваль")
    assert "77\u00a0₴" in donor.text_content("[data-submit]")
    donor.click("[data-submit]")
    donor.wait_for_url("**/sandbox/checkout/**")
    donor.click("button.pay")

    poll(lambda: sum_of(watcher) == before + 77, what="the thermometer of a reader who looks on")
    donor.wait_for_selector("#thanks[data-status=paid]")
    assert "Обіймаємо" in donor.text_content("#thanks")
    assert "77\u00a0₴" in donor.text_content("[data-thanks-status]")
    screenshot(donor, "donate-thanks-phone")
    donor.close()


def test_a_decline_is_told(stack, slug, browser_page):
    browser_page.goto(f"{stack.url}/donate/{slug}/")
    before = sum_of(browser_page)
    browser_page.click("[data-submit]")
    browser_page.click("button.decline")
    browser_page.wait_for_selector("#thanks[data-status=declined]")
    assert "не списано" in browser_page.text_content("[data-thanks-status]")
    assert browser_page.is_hidden("#thanks h2")
    assert sum_of(browser_page) == before


def test_a_wrong_amount_is_told_in_place(stack, slug, browser_page):
    browser_page.goto(f"{stack.url}/donate/{slug}/")
    for wrong in ("багато", "1", "99999999"):
        browser_page.fill("[name=own_amount]", wrong)
        browser_page.click("[data-submit]")
        browser_page.wait_for_selector("[data-error]:not([hidden])")
        assert "10\u00a0₴" in browser_page.text_content("[data-error]")
    assert "/donate/" in browser_page.url


def test_without_javascript(stack, slug, browser):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    try:
        page = context.new_page()
        page.goto(f"{stack.url}/donate/{slug}/")
        page.fill("[name=own_amount]", "120,50")
        page.click("[data-submit]")
        page.wait_for_url("**/sandbox/checkout/**")
        assert "120,50" in page.text_content("dd.sum")
        page.click("button.pay")
        page.wait_for_url("**/donate/**")
        assert page.is_visible("#thanks h2")  # by the address's fragment alone
    finally:
        context.close()


@pytest.mark.parametrize(("name", "size"), [("phone", PHONE), ("desktop", {"width": 1280, "height": 900})])
def test_the_page_fits_and_can_be_used_by_everyone(stack, slug, browser_page, screenshot, name, size):
    browser_page.set_viewport_size(size)
    browser_page.goto(f"{stack.url}/donate/{slug}/")
    assert browser_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = browser_page.evaluate(
        """() => [...document.querySelectorAll("button, .amount, .share a, input[type=text]")]
        .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    unnamed = browser_page.evaluate(
        """() => [...document.querySelectorAll("input:not([type=hidden]), textarea, progress, img")]
        .filter(e => !(e.labels?.length || e.getAttribute("aria-label") || e.alt)).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert unnamed == []
    bar = browser_page.locator("progress")
    assert bar.get_attribute("max") == "50000000"
    assert "500\u00a0000\u00a0₴" in bar.get_attribute("aria-label")
    screenshot(browser_page, f"donate-{name}")
