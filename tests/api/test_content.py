"""The content list and the detail: what is found, in which order, and what wrong questions are answered."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.content.models import ArticlePage, TeaserPage
from tests.support.content import (
    api,
    at,
    body,
    headlines,
    make_article,
    make_author,
    make_image,
    make_page,
    make_section,
    problem,
)

pytestmark = pytest.mark.django_db

TEASER_KEYS = {
    "id", "type", "locale", "slug", "path", "url", "headline", "lede", "section", "authors", "published_at",
    "updated_at", "image", "tags", "source",
}  # fmt: skip


def follow(client: Client, address: str | None) -> Any:
    """The document at an absolute address that the API gave."""
    assert address
    parts = urlsplit(address)
    response = client.get(parts.path, dict(parse_qsl(parts.query)))
    assert response.status_code == 200, response.content
    return response.json()


def names(document: Any) -> list[str]:
    return [each["headline"] for each in document["results"]]


def make_series(count: int, start: datetime = datetime(2026, 1, 1, tzinfo=UTC), **fields: Any) -> list[ArticlePage]:
    return [make_article(f"№{n:02}", published_at=start + timedelta(hours=n), **fields) for n in range(count)]


# --- the list: filters ------------------------------------------------------------------------------------------


def test_a_list_shows_the_newest_first_in_the_one_shape_of_teasers(client: Client) -> None:
    section, author = make_section("Культура"), make_author("Олена Бриз")
    make_article("Старе", published_at=at("2026-01-01T10:00:00+02:00"))
    page = make_article(
        "Нове",
        lede="Підводка…",
        section=section,
        authors=[author],
        tags=["Море"],
        source_name="Агенція",
        source_url="https://agency.example/1",
        published_at=at("2026-01-02T10:00:00+02:00"),
    )

    document = api(client, "/content/")

    assert names(document) == ["Нове", "Старе"]
    assert document["next"] is None and document["previous"] is None
    teaser = document["results"][0]
    assert set(teaser) == TEASER_KEYS
    assert teaser["id"] == page.pk
    assert (teaser["type"], teaser["locale"], teaser["slug"]) == ("article", "uk", "nove")
    assert teaser["path"] == "/uk/nove/"
    assert teaser["url"].endswith("/uk/nove/") and "://" in teaser["url"]
    assert teaser["lede"] == "Підводка…"
    assert teaser["section"] == {"slug": section.slug, "name": "Культура"}
    assert teaser["authors"] == [{"slug": author.slug, "name": "Олена Бриз"}]
    assert teaser["published_at"] == "2026-01-02T08:00:00Z"
    assert teaser["updated_at"].endswith("Z")
    assert teaser["image"] is None
    assert teaser["tags"] == ["more"]
    assert teaser["source"] == {"name": "Агенція", "url": "https://agency.example/1"}


def test_a_list_is_filtered_by_section_author_and_tag_of_which_several_may_be_named(client: Client) -> None:
    sea, town, sky = make_section("Море"), make_section("Місто"), make_section("Небо")
    olena, petro = make_author("Олена"), make_author("Петро")
    make_article("А", section=sea, authors=[olena], tags=["порт", "риба"])
    make_article("Б", section=town, authors=[petro], tags=["порт"])
    make_article("В", section=sky, authors=[olena, petro], tags=["птахи"])
    make_article("Г")

    assert headlines(client, section="more") == ["А"]
    assert headlines(client, section="more,misto") == ["Б", "А"]
    assert headlines(client, section=["more", "misto"]) == ["Б", "А"], "a parameter given twice counts twice"
    assert headlines(client, author="olena") == ["В", "А"]
    assert headlines(client, tag="port") == ["Б", "А"]
    assert headlines(client, tag="ryba,ptakhy") == ["В", "А"]
    assert headlines(client, tag=["ryba", "ptakhy"]) == ["В", "А"]
    assert headlines(client, tag="port", author="olena") == ["А"]
    assert headlines(client, section="more", author="petro") == []
    assert headlines(client, section="nema-takoho") == []


def test_a_list_is_in_one_language(client: Client) -> None:
    make_article("Українською")
    make_article("По-русски", locale="ru")
    make_article("In English", locale="en")

    assert headlines(client) == ["Українською"]
    assert headlines(client, locale="ru") == ["По-русски"]
    assert headlines(client, locale="en") == ["In English"]


def test_types_that_have_lists_of_their_own_are_listed_only_when_asked_for(client: Client) -> None:
    from tests.support.newsletters import make_edition, make_newsletter

    make_article("Стаття")
    make_page(TeaserPage, "Тизер", target_url="https://elsewhere.example/")
    make_edition(make_newsletter(), title="Випуск")

    assert headlines(client) == ["Тизер", "Стаття"]
    assert headlines(client, type="edition") == ["Випуск"]
    assert headlines(client, type="article,edition") == ["Випуск", "Стаття"]


def test_times_have_offsets_and_the_first_bound_belongs_to_the_list(client: Client) -> None:
    make_article("Ранок", published_at=at("2026-01-14T08:00:00+02:00"))
    make_article("День", published_at=at("2026-01-14T12:00:00+02:00"))

    assert headlines(client, published_after="2026-01-14T12:00:00+02:00") == ["День"]
    assert headlines(client, published_after="2026-01-14T10:00:00Z") == ["День"]
    assert headlines(client, published_after="2026-01-14T10:00:01Z") == []
    assert headlines(client, published_before="2026-01-14T10:00:00Z") == ["Ранок"]
    assert headlines(client, published_after="2026-01-14") == ["День", "Ранок"]
    assert headlines(client, published_before="2026-01-14") == []
    assert headlines(client, published_after="2026-01-14T06:00:00Z", published_before="2026-01-14T07:00:00Z") == [
        "Ранок"
    ]
    # A plus that nobody encoded arrives as a space.
    response = client.get("/api/v1/content/?published_after=2026-01-14T12:00:00+02:00")
    assert names(response.json()) == ["День"]


def test_q_finds_words_of_headline_lede_text_and_authors(client: Client) -> None:
    make_article("Шторм на острові", lede="Пороми стоять", authors=[make_author("Марко Хвиля")])
    make_article(
        "Ринок",
        body=body(
            ("paragraph", "<p>Перше слово</p><p>друге слово</p><ul><li>камбала</li><li>бичок</li></ul>"),
            ("quote", {"text": "Риби нема", "attribution": "Рибалка Степан", "role": ""}),
            ("heading", {"text": "Ціни", "level": "2"}),
            ("pullout", {"title": "Довідка", "text": "<p>Сезон до грудня</p>"}),
        ),
    )

    assert headlines(client, q="шторм") == ["Шторм на острові"]
    assert headlines(client, q="ПОРОМИ") == ["Шторм на острові"]
    assert headlines(client, q="хвиля") == ["Шторм на острові"]
    assert headlines(client, q="шторм ціни") == [], "all words must be there"
    for word in ("слово", "друге", "камбала", "бичок", "Степан", "ціни", "довідка", "грудня"):
        assert headlines(client, q=word) == ["Ринок"], word
    assert headlines(client, q="ринок -камбала") == []
    assert headlines(client, q='"друге слово"') == ["Ринок"]


def test_q_knows_only_what_readers_see(client: Client) -> None:
    target = make_article("Ціль")
    make_article(
        "Звичайна",
        body=body(
            ("related", {"pages": [target.pk]}),
            ("donation_call", {"text": "Підтримайте", "button": "Так", "campaign": None}),
            ("paragraph", f'<p>Див. <a linktype="page" id="{target.pk}">тут</a></p>'),
        ),
    )

    for machine_word in ("teaser", "campaign", "ref", "ostriv", "linktype", "href"):
        assert headlines(client, q=machine_word) == [], machine_word
    assert headlines(client, q="підтримайте") == ["Звичайна"]


@pytest.mark.parametrize(
    "words", ["'", '"', "\\", "a & | ! <-> b", "%_", ":*", "(((", "' OR 1=1 --", "-", "🐟", "OR", "-OR-", "$$"]
)
def test_any_text_is_a_search(client: Client, words: str) -> None:
    make_article("Стаття")

    assert headlines(client, q=words) in ([], ["Стаття"])


def test_filters_combine(client: Client) -> None:
    section, author = make_section("Порт"), make_author("Іван")
    make_article(
        "Так", section=section, authors=[author], tags=["кран"], lede="причал", published_at=at("2026-02-01T00:00Z")
    )
    make_article(
        "Інша дата",
        section=section,
        authors=[author],
        tags=["кран"],
        lede="причал",
        published_at=at("2025-02-01T00:00Z"),
    )
    make_article("Інші слова", section=section, authors=[author], tags=["кран"], published_at=at("2026-02-01T00:00Z"))

    assert headlines(
        client, type="article", section="port", author="ivan", tag="kran", q="причал", published_after="2026-01-01"
    ) == ["Так"]


# --- the list: pages --------------------------------------------------------------------------------------------


def test_a_list_is_walked_forward_and_back_over_the_same_pages(client: Client) -> None:
    make_series(7)

    first = api(client, "/content/", page_size=3)
    second = follow(client, first["next"])
    third = follow(client, second["next"])

    assert [names(each) for each in (first, second, third)] == [
        ["№06", "№05", "№04"],
        ["№03", "№02", "№01"],
        ["№00"],
    ]
    assert first["previous"] is None
    assert third["next"] is None
    back = follow(client, third["previous"])
    assert names(back) == names(second)
    assert names(follow(client, back["next"])) == names(third)
    start = follow(client, back["previous"])
    assert names(start) == names(first)
    assert start["previous"] is None
    assert names(follow(client, start["next"])) == names(second)


def test_a_list_that_fits_its_pages_exactly_has_no_empty_page_behind_it(client: Client) -> None:
    make_series(4)

    first = api(client, "/content/", page_size=2)
    second = follow(client, first["next"])

    assert names(second) == ["№01", "№00"]
    assert second["next"] is None


def test_what_is_published_in_between_moves_no_page(client: Client) -> None:
    make_series(4)
    first = api(client, "/content/", page_size=2)

    make_article("Щойно")

    assert names(follow(client, first["next"])) == ["№01", "№00"]
    assert names(api(client, "/content/", page_size=2)) == ["Щойно", "№03"]
    before = follow(client, follow(client, first["next"])["previous"])
    assert names(before) == ["№03", "№02"]
    assert names(follow(client, before["previous"])) == ["Щойно"]


def test_what_is_taken_away_in_between_breaks_no_cursor(client: Client) -> None:
    pages = make_series(5)
    first = api(client, "/content/", page_size=2)

    pages[3].unpublish()
    pages[2].delete()

    assert names(follow(client, first["next"])) == ["№01", "№00"]


def test_equal_times_are_walked_without_loss_or_repetition(client: Client) -> None:
    moment = at("2026-01-01T12:00:00Z")
    for n in range(7):
        make_article(f"№{n}", published_at=moment)

    seen, document = [], api(client, "/content/", page_size=2)
    while True:
        seen += names(document)
        if not document["next"]:
            break
        document = follow(client, document["next"])

    assert seen == [f"№{n}" for n in reversed(range(7))]
    while document["previous"]:
        document = follow(client, document["previous"])
    assert names(document) == ["№6", "№5"] or document["previous"] is None


def test_links_to_other_pages_keep_the_filters(client: Client) -> None:
    section = make_section("Порт")
    make_series(3, section=section, tags=["а", "б"])
    make_article("Стороння")

    first = api(client, "/content/", page_size=2, section="port", tag=["a", "b"])

    query = dict(parse_qsl(urlsplit(first["next"]).query))
    assert query["section"] == "port" and query["page_size"] == "2"
    assert ("tag", "a") in parse_qsl(urlsplit(first["next"]).query)
    assert names(follow(client, first["next"])) == ["№00"]


def test_fields_narrow_the_teasers(client: Client) -> None:
    make_article("Стаття", lede="Підводка")

    assert api(client, "/content/", fields="headline,lede")["results"] == [{"headline": "Стаття", "lede": "Підводка"}]


def test_fields_of_any_type_may_be_asked_for_on_every_page(client: Client) -> None:
    make_article("Стаття", published_at=at("2026-01-01T00:00Z"))
    make_page(TeaserPage, "Тизер", target_url="https://elsewhere.example/", published_at=at("2026-01-02T00:00Z"))

    first = api(client, "/content/", fields="headline,target", page_size=1)

    assert first["results"] == [
        {"headline": "Тизер", "target": {"url": "https://elsewhere.example/", "external": True}}
    ]
    assert follow(client, first["next"])["results"] == [{"headline": "Стаття"}]


@pytest.mark.parametrize("filled", [False, True])
def test_an_unknown_field_is_refused_also_where_nothing_is_found(client: Client, filled: bool) -> None:
    if filled:
        make_article("Стаття")

    assert problem(client, "/content/", 400, fields="headline,colour")["errors"][0]["field"] == "fields"


# --- the list: wrong questions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colour", "red"),
        ("format", "xml"),
        ("type", "poem"),
        ("type", "front"),
        ("type", "article,poem"),
        ("type", "article\x00"),
        ("locale", "de"),
        ("locale", ""),
        ("locale", "uk\x00"),
        ("locale", "u" * 5000),
        ("page_size", "0"),
        ("page_size", "-1"),
        ("page_size", "101"),
        ("page_size", "2.5"),
        ("page_size", "many"),
        ("page_size", ""),
        ("page_size", "٣"),
        ("page_size", "000010000000"),
        ("page_size", "00001" + "0" * 5000),
        ("page_size", "9" * 5000),
        ("cursor", "nonsense"),
        ("cursor", "bi4xLjI="[:-2] + "\x00"),
        ("cursor", "ї"),
        ("cursor", "bi45OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OS4x"),
        ("cursor", "A" * 10_000),
        ("published_after", "yesterday"),
        ("published_after", "2026-02-30"),
        ("published_after", "2026-01-14T12:00:00"),
        ("published_after", "0001-01-01T00:00:00+14:00"),
        ("published_before", "9999-12-31T23:59:59-12:00"),
        ("published_before", "2026-01-14T12:00:00+99:99"),
        ("published_before", "1\x00"),
        ("published_before", ""),
        ("published_before", "2" * 5000),
        ("q", "x" * 201),
        ("q", "a\x00b"),
        ("section", "s" * 256),
        ("section", "a\x00"),
        ("author", ",".join("abcdefgh" for _ in range(51))),
        ("tag", "\x00"),
        ("fields", "headline\x00"),
    ],
)
def test_a_wrong_parameter_is_named_in_the_problem(client: Client, name: str, value: str) -> None:
    make_article("Стаття")

    document = problem(client, "/content/", 400, **{name: value})

    assert [each["field"] for each in document["errors"]] == [name]
    assert name in document["detail"]
    assert len(document["detail"]) < 600


def test_several_wrong_parameters_do_not_hide_behind_each_other(client: Client) -> None:
    fields = {each["field"] for each in problem(client, "/content/", 400, colour="red", size="big")["errors"]}

    assert fields == {"colour", "size"}


# --- queries ----------------------------------------------------------------------------------------------------


def queries_of(client: Client, path: str, **parameters: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        api(client, path, **parameters)
    return [query["sql"] for query in captured.captured_queries]


def test_a_list_is_one_query_for_one_item_and_for_twenty(client: Client) -> None:
    section, image = make_section(), make_image()
    make_article("Перша", section=section, image=image, tags=["а"], authors=[make_author()])
    assert len(queries_of(client, "/content/")) == 1

    make_series(20, section=section, image=image, tags=["а", "б"], authors=[make_author()])
    for parameters in ({}, {"section": section.slug, "tag": "a,b"}, {"q": "№01"}, {"page_size": 100}):
        assert len(queries_of(client, "/content/", **parameters)) == 1, parameters
