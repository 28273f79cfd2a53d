"""Languages: one, or several in the order of preference; what stands in for what, and which others there are."""

from typing import Any

import pytest
from django.test import Client

from cms.content.models import ArticlePage
from tests.support.content import api, headlines, locale_of, make_article, make_folder, problem

pytestmark = pytest.mark.django_db


def translated(page: ArticlePage, locale: str, title: str, slug: str = "") -> ArticlePage:
    other = page.copy_for_translation(locale_of(locale), copy_parents=True)
    other.title, other.slug = title, slug or other.slug
    other.save_revision().publish()
    other.refresh_from_db()
    return other


def shown(client: Client, slug: str, locale: str) -> Any:
    return api(client, f"/content/article/{slug}/", locale=locale)


# --- lists ------------------------------------------------------------------------------------------------------


def test_each_piece_is_shown_once_in_the_first_language_that_has_it(client: Client) -> None:
    island = make_article("Острів")
    translated(island, "ru", "Остров")
    translated(island, "en", "Island")
    port = make_article("Порт")
    translated(port, "en", "Port")
    make_article("Тільки українською")
    make_article("Только по-русски", locale="ru")

    assert set(headlines(client, locale="ru")) == {"Остров", "Только по-русски"}
    assert set(headlines(client, locale="ru,en")) == {"Остров", "Port", "Только по-русски"}
    assert set(headlines(client, locale="ru,en,uk")) == {"Остров", "Port", "Тільки українською", "Только по-русски"}
    assert set(headlines(client, locale="en,ru")) == {"Island", "Port", "Только по-русски"}
    assert headlines(client, locale=["ru", "en"]) == headlines(client, locale="ru,en")
    assert headlines(client, locale="ru,ru") == headlines(client, locale="ru")


def test_what_is_not_public_stands_in_for_nothing_and_hides_nothing(client: Client) -> None:
    page = make_article("Острів")
    other = translated(page, "ru", "Остров")
    assert headlines(client, locale="ru,uk") == ["Остров"]

    other.unpublish()

    assert headlines(client, locale="ru,uk") == ["Острів"]
    assert shown(client, page.slug, "ru,uk")["headline"] == "Острів"


# --- details ----------------------------------------------------------------------------------------------------


def test_a_detail_is_answered_in_the_first_language_that_has_it(client: Client) -> None:
    page = make_article("Острів", slug="ostriv")
    translated(page, "en", "Island", "island")

    assert shown(client, "ostriv", "en")["headline"] == "Island", "also by the slug of a translation"
    assert shown(client, "island", "uk")["headline"] == "Острів"
    assert shown(client, "ostriv", "ru,en,uk")["headline"] == "Island"
    assert shown(client, "ostriv", "ru,uk,en")["headline"] == "Острів"
    problem(client, "/content/article/ostriv/", 404, locale="ru")


def test_without_a_language_the_slug_decides_and_the_newsrooms_own_goes_first(client: Client) -> None:
    page = make_article("Острів", slug="ostriv")
    translated(page, "en", "Island", "island")

    assert api(client, "/content/article/island/")["headline"] == "Island"
    assert api(client, "/content/article/ostriv/")["headline"] == "Острів"


def test_a_slug_of_the_language_asked_for_goes_before_translations_of_others(client: Client) -> None:
    translated(make_article("Острів", slug="same"), "ru", "Остров", "ostrov")
    make_article("Зовсім інше", slug="same", locale="ru", parent=make_folder(locale="ru"))

    assert shown(client, "same", "ru")["headline"] == "Зовсім інше"
    assert shown(client, "same", "uk")["headline"] == "Острів"


def test_a_detail_lists_the_other_languages_that_are_public(client: Client) -> None:
    page = make_article("Острів", slug="ostriv")
    translated(page, "ru", "Остров")
    island = translated(page, "en", "Island")

    translations = shown(client, "ostriv", "uk")["translations"]

    assert [(each["locale"], each["headline"]) for each in translations] == [("en", "Island"), ("ru", "Остров")]
    assert translations[0]["url"] == island.public_url
    island.unpublish()
    assert [each["locale"] for each in shown(client, "ostriv", "uk")["translations"]] == ["ru"]
    assert [each["locale"] for each in shown(client, "ostriv", "ru")["translations"]] == ["uk"]


def test_an_answer_in_another_language_is_out_of_date_when_the_wanted_one_appears(client: Client) -> None:
    page = make_article("Острів", slug="ostriv")

    stands_in = client.get("/api/v1/content/article/ostriv/", {"locale": "en,uk"})["Cache-Tag"].split(",")

    assert {f"page-{page.pk}", f"translation-{page.translation_key}", "content"} <= set(stands_in)
    translated(page, "en", "Island")
    assert shown(client, "ostriv", "en,uk")["headline"] == "Island"


@pytest.mark.parametrize("locale", ["de", "uk,de", "UK", "", ",", "uk-UA", "\x00"])
@pytest.mark.parametrize("path", ["/content/", "/content/article/ostriv/"])
def test_a_language_that_there_is_not_is_refused_with_those_that_there_are(
    client: Client, path: str, locale: str
) -> None:
    make_article(slug="ostriv")

    (error,) = problem(client, path, 400, locale=locale)["errors"]

    assert error["field"] == "locale"
    assert "uk, ru, en" in error["message"] or "\x00" in locale
