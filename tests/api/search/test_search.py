"""What search finds: words in any form, with mistakes, as they are begun; and nothing that readers may not see."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from api.publications.models import Publication
from api.search import vocabulary
from api.search.models import SearchEntry
from cms.content.models import ArticlePage
from cms.registry.states import all_states
from tests.support.content import (
    api,
    at,
    body,
    front_of,
    headlines,
    make_article,
    make_author,
    make_section,
    page_form,
    post,
    restrict,
)

pytestmark = pytest.mark.django_db


def found(client: Client, question: str, **parameters: Any) -> list[str]:
    """The headlines that search answers a question with, in their order."""
    return [each["headline"] for each in api(client, "/search/", q=question, **parameters)["results"]]


# --- words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "written", "asked"),
    [
        ("uk", "Вибори мера перенесли", "виборами мер"),
        ("uk", "Діти повернулися до шкіл", "дитина школа"),
        ("uk", "Ветерани виграли суд", "ветеранові судами"),
        ("uk", "Запоріжжя обстріляли знову", "Запоріжжям"),
        ("uk", "Зеленський приїхав", "Зеленського"),
        ("uk", "Обов’язки голови", "обовʼязком"),
        ("uk", "Ґанок полагодили", "ганки"),
        ("ru", "Выборы в порту отложили", "выборах порта"),
        ("ru", "Детей вывезли", "дети"),
        ("ru", "Ёлку зажгли", "елки"),
        ("en", "Libraries collect stories", "library story"),
        ("en", "Wolves seen near villages", "wolf village"),
        ("en", "Mayor sold the bridges", "sells bridge"),
    ],
)
def test_a_word_is_found_in_another_form(client: Client, locale: str, written: str, asked: str) -> None:
    make_article(written, locale=locale)
    make_article("Щось інше", locale=locale)

    assert found(client, asked, locale=locale) == [written]
    assert headlines(client, q=asked, locale=locale) == [written], "the content list finds by the same words"


def test_headline_lede_body_authors_and_tags_are_searched(client: Client) -> None:
    author = make_author("Олена Ткач")
    page = make_article(
        "Міст закрили",
        lede="Аварійну споруду обстежать.",
        body=body(("paragraph", "<p>Опори дали <b>тріщину</b>.</p>"), ("quote", {"text": "Їздіть в об’їзд"})),
        authors=[author],
        tags=["транспорт"],
    )

    for asked in ("мости", "споруди", "тріщина", "об'їзди", "Ткач", "Оленою Ткач", "транспортом"):
        assert [each["id"] for each in api(client, "/search/", q=asked)["results"]] == [page.pk], asked


def test_all_words_are_wanted_and_in_quotes_this_form_only(client: Client) -> None:
    make_article("Міст перекрили на ремонт")
    make_article("На мостах фотографують схід сонця")

    assert found(client, "міст ремонт")[0] == "Міст перекрили на ремонт"
    assert found(client, "міст ремонт", sort="newest") == ["Міст перекрили на ремонт"]
    assert found(client, '"мостах"') == ["На мостах фотографують схід сонця"]
    assert found(client, "міст -ремонт") == ["На мостах фотографують схід сонця"]


def test_if_hardly_anything_has_all_words_what_lacks_one_stands_behind(client: Client) -> None:
    make_article("Лікарня отримала апарат")
    make_article("Лікарня чекає на хірурга та апарат")

    assert found(client, "лікарня хірург апарат") == ["Лікарня чекає на хірурга та апарат", "Лікарня отримала апарат"]


@pytest.mark.parametrize("asked", ["лікраня", "лікарна", "ліккарня", "ksrfhyz"])
def test_a_mistake_is_forgiven_and_told(client: Client, asked: str) -> None:
    for number in range(3):
        make_article(f"Лікарня отримала апарат {number}")
    vocabulary.learn()
    answer = api(client, "/search/", q=asked)

    assert len(answer["results"]) == 3
    assert answer["correction"] == {"query": "лікарня", "applied": True}


def test_what_is_written_right_is_not_corrected(client: Client) -> None:
    make_article("Лікарня отримала апарат")
    vocabulary.learn()

    assert api(client, "/search/", q="лікарнею апаратів")["correction"] is None
    assert found(client, "небилиця") == []


def test_search_completes_as_one_types(client: Client) -> None:
    make_article("Перейменування вулиць")
    make_article("Перемога в суді")
    vocabulary.learn()

    answer = api(client, "/search/suggest/", q="вулиці перей")
    assert answer["completions"] == ["вулиці перейменування"]
    assert [each["headline"] for each in answer["results"]] == ["Перейменування вулиць"]
    assert set(api(client, "/search/suggest/", q="пере")["completions"]) == {"перейменування", "перемога"}
    assert api(client, "/search/suggest/", q="перемога ")["completions"] == [], "the last word is complete"
    assert found(client, "перей*") == ["Перейменування вулиць"]


def test_a_question_without_words_finds_nothing(client: Client) -> None:
    make_article("Вибори")

    for question in ("!!!", "…", "-вибори", '""', "* *", "\u0301"):
        answer = api(client, "/search/", q=question, facets="type")
        assert answer["results"] == [] and answer["next"] is None, question
        assert answer["facets"]["type"] == []
        assert api(client, "/search/suggest/", q=question)["results"] == []
        assert headlines(client, q=question) == []


def test_words_behind_the_sixteenth_are_left_out(client: Client) -> None:
    numbers = " ".join(f"{number}0{number}" for number in range(11, 27))
    make_article(f"Номери {numbers}"[:250])

    assert len(found(client, f"{numbers} небилиця")) == 1
    assert found(client, f"{numbers[:60]} небилиця відсутня") == []


# --- order ------------------------------------------------------------------------------------------------------


def test_the_best_come_first_or_the_newest(client: Client) -> None:
    make_article(
        "Щоденник", body=body(("paragraph", "<p>Дорогою згадали бюджет.</p>")), published_at=at("2026-11-20T09Z")
    )
    make_article("Бюджет міста ухвалили", published_at=at("2026-11-10T09Z"))
    make_article("Сесія", lede="Бюджет обговорять.", published_at=at("2026-11-15T09Z"))

    assert found(client, "бюджет") == ["Бюджет міста ухвалили", "Сесія", "Щоденник"]
    assert found(client, "бюджет", sort="newest") == ["Щоденник", "Сесія", "Бюджет міста ухвалили"]
    assert {each["score"] for each in api(client, "/search/", q="бюджет", sort="newest")["results"]} == {None}
    scores = [each["score"] for each in api(client, "/search/", q="бюджет")["results"]]
    assert scores == sorted(scores, reverse=True)


def test_of_two_that_are_as_good_the_newer_comes_first(client: Client) -> None:
    make_article("Бюджет міста", published_at=at("2019-01-01T09Z"))
    make_article("Бюджет області", published_at=at("2026-01-01T09Z"))

    assert found(client, "бюджет") == ["Бюджет області", "Бюджет міста"]


# --- languages and filters --------------------------------------------------------------------------------------


def test_each_language_is_searched_by_itself_or_with_others(client: Client) -> None:
    make_article("Порт відкрили", locale="uk", published_at=at("2026-11-03T09Z"))
    make_article("Порт открыли", locale="ru", published_at=at("2026-11-02T09Z"))
    make_article("Порт: English edition", locale="en", published_at=at("2026-11-01T09Z"))

    assert found(client, "порты") == ["Порт відкрили"], "the newsroom's first language unless another is asked for"
    assert found(client, "порты", locale="ru") == ["Порт открыли"]
    assert found(client, "порт", locale="en,uk", sort="newest") == ["Порт відкрили", "Порт: English edition"]


def test_filters_narrow_a_search_and_go_together(client: Client) -> None:
    sport, city = make_section("Спорт", slug="sport"), make_section("Місто", slug="misto")
    author = make_author("Ткач", slug="tkach")
    make_article("Кубок міста", section=sport, authors=[author], tags=["кубок"], published_at=at("2026-05-01T09Z"))
    make_article("Кубок області", section=sport, published_at=at("2025-05-01T09Z"))
    make_article("Кубок кави", section=city, published_at=at("2024-05-01T09Z"))
    tag = api(client, "/content/", section="sport", author="tkach")["results"][0]["tags"][0]

    assert found(client, "кубок", section="sport") == ["Кубок міста", "Кубок області"]
    assert len(found(client, "кубок", section="sport,misto")) == 3
    assert found(client, "кубок", author="tkach") == ["Кубок міста"]
    assert found(client, "кубок", tag=tag) == ["Кубок міста"]
    assert found(client, "кубок", published_after="2025-01-01", published_before="2026-01-01") == ["Кубок області"]
    assert found(client, "кубок", section="misto", author="tkach") == []
    assert found(client, "кубок", section="nowhere") == []
    assert len(found(client, "кубок", type="article")) == 3


def test_what_a_filter_holds_cannot_be_asked_for_as_a_word(client: Client) -> None:
    make_article("Матч", section=make_section("Спорт", slug="sport"))

    for question in (":s:sport", ":l:uk", "':s:sport'", ":k:article"):
        assert found(client, question) == []


def test_facets_count_sections_types_and_years(client: Client) -> None:
    sport = make_section("Спорт", slug="sport")
    for year in (2024, 2026, 2026):
        make_article(f"Кубок {year}", section=sport, published_at=at(f"{year}-05-01T09Z"))
    make_article("Кубок кави", published_at=at("2026-06-01T09Z"))

    facets = api(client, "/search/", q="кубки", facets="section,type,year", page_size=1)["facets"]

    assert facets == {
        "complete": True,
        "counted": 4,
        "section": [{"value": "sport", "count": 3}],
        "type": [{"value": "article", "count": 4}],
        "year": [{"value": "2026", "count": 3}, {"value": "2024", "count": 1}],
    }
    assert set(api(client, "/search/", q="кубки", facets="year")["facets"]) == {"complete", "counted", "year"}
    assert "facets" not in api(client, "/search/", q="кубки")


# --- what is not public -----------------------------------------------------------------------------------------


def test_drafts_private_and_expired_content_is_never_found(client: Client) -> None:
    make_article("Таємниця чернетка", live=False)
    make_article("Таємниця минула", expire_at=timezone.now() - timedelta(days=1))
    private = make_article("Таємниця приватна")
    assert found(client, "таємниці") == ["Таємниця приватна"]
    restrict(private)

    assert found(client, "таємниці") == []
    assert api(client, "/search/suggest/", q="таємниц")["results"] == []


def test_what_is_taken_down_is_gone_at_once_and_what_is_put_up_is_there_at_once(client: Client) -> None:
    page = make_article("Спростоване", lede="Перша редакція")
    assert found(client, "спростованого") == ["Спростоване"]

    page.lede = "Друга версія"
    page.save_revision()
    assert found(client, "версії") == [], "a draft is no publication"
    page.save_revision().publish()
    assert found(client, "версії") == ["Спростоване"]
    assert found(client, "редакція") == []

    page.unpublish()
    assert found(client, "спростованого") == []
    assert api(client, "/search/", q="спростованого", facets="type")["facets"]["counted"] == 0
    assert not SearchEntry.objects.filter(pk=page.pk).exists()


def test_what_expires_is_gone_before_a_worker_takes_it_down(client: Client) -> None:
    page = make_article("Знижка до опівночі", expire_at=timezone.now() + timedelta(days=1))
    assert found(client, "знижки") == ["Знижка до опівночі"]

    for model in (Publication, SearchEntry):
        model.objects.filter(pk=page.pk).update(expires_at=timezone.now() - timedelta(hours=1))

    assert found(client, "знижки") == []
    assert found(client, "знижки", sort="newest") == []
    assert api(client, "/search/", q="знижки", facets="type")["facets"]["counted"] == 0


def test_an_article_is_found_as_soon_as_an_editor_publishes_it(client: Client, editor: Client) -> None:
    post(editor, "wagtailadmin_pages:add", "content", "articlepage", front_of().pk, data=page_form("Сонячні панелі"))

    assert found(client, "сонячна панель") == ["Сонячні панелі"]


def test_what_lists_leave_out_is_found_only_by_its_type(client: Client) -> None:
    make_article("Звичайна стаття")
    unlisted = ArticlePage.objects.get()
    SearchEntry.objects.filter(pk=unlisted.pk).update(listed=False)

    assert found(client, "стаття") == []
    assert found(client, "стаття", type="article") == ["Звичайна стаття"]


# --- statements -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 20])
def test_a_search_takes_two_statements(client: Client, django_assert_num_queries: Any, number: int) -> None:
    for _each in range(number):
        make_article("Вибори мера")
    vocabulary.learn()
    all_states()

    with django_assert_num_queries(2):
        assert len(found(client, "виборами мэра", facets="type,section,year", locale="uk,ru")) == number
    with django_assert_num_queries(2):
        found(client, "вибори", sort="newest")
    with django_assert_num_queries(2):
        api(client, "/search/suggest/", q="вибор")


def test_a_question_with_no_words_takes_no_more(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2):
        assert found(client, "!!!") == []


def test_republishing_leaves_search_as_it_is(client: Client) -> None:
    make_article("Вибори мера")

    call_command("republish", "--all", verbosity=0)

    assert found(client, "мером") == ["Вибори мера"]
