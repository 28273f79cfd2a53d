"""The form of search's answers: what is marked, how one goes on, and what is refused."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from api.answers import search as searching
from api.search import vocabulary
from api.search.cursor import Place
from tests.support.content import api, at, body, ids, make_article, make_author, make_section, problem

pytestmark = pytest.mark.django_db


def found(client: Client, **parameters: Any) -> Any:
    return api(client, "/search/", **parameters)


def following(client: Client, address: str) -> Any:
    """The page that `next` or `previous` names."""
    parts = urlsplit(address)
    assert parts.path == "/api/v1/search/"
    return api(client, "/search/", **dict(parse_qsl(parts.query)))


def page_ids(answer: Any) -> list[int]:
    return [each["id"] for each in answer["results"]]


# --- highlights -------------------------------------------------------------------------------------------------


def test_what_was_found_is_marked_in_headline_lede_and_text(client: Client) -> None:
    make_article(
        "Вибори мера",
        lede="Виборців запросять. Про вибір не йдеться.",
        body=body(("paragraph", "<p>Довгий вступ. На виборах голосуватимуть і студенти.</p>")),
    )

    (result,) = found(client, q="виборами")["results"]

    assert result["highlight"]["headline"] == "<mark>Вибори</mark> мера"
    assert "На <mark>виборах</mark> голосуватимуть" in result["highlight"]["body"]
    assert result["headline"] == "Вибори мера", "the teaser stays as it is in every list"


def test_a_text_that_does_not_answer_has_no_piece(client: Client) -> None:
    make_article("Вибори", body=body(("paragraph", "<p>Нічого про це.</p>")))

    assert found(client, q="вибори")["results"][0]["highlight"]["body"] is None


@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_without_highlights_the_same_is_found_and_nothing_marked(client: Client, sort: str) -> None:
    for number in range(3):
        make_article(f"Вибори {number}", body=body(("paragraph", "<p>На виборах.</p>")))
    marked = found(client, q="виборами", sort=sort, page_size=2)

    plain = found(client, q="виборами", sort=sort, page_size=2, highlight="false")

    assert plain["results"] == [result | {"highlight": None} for result in marked["results"]]
    assert page_ids(following(client, plain["next"])) == page_ids(following(client, marked["next"]))
    assert [each["highlight"] for each in following(client, plain["next"])["results"]] == [None]
    assert found(client, q="виборами", sort=sort, page_size=2, highlight="true")["results"] == marked["results"]


def test_a_piece_is_short_and_cuts_no_word(client: Client) -> None:
    long = " ".join(f"слово{number}" for number in range(400))
    make_article("Стаття", body=body(("paragraph", f"<p>{long} лелека {long}</p>")))

    piece = found(client, q="лелеки")["results"][0]["highlight"]["body"]

    assert piece.startswith("… слово") and piece.endswith(" …")
    assert "<mark>лелека</mark>" in piece and len(piece) < 300
    assert set(piece.replace("…", "").replace("<mark>лелека</mark>", "").split()) <= set(long.split())


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        "<script>вибори</script>",
        "</mark><b>вибори</b>",
        "<mark onclick=alert(1)>",
        "\"><svg onload='alert(1)'>",
        "&lt;b&gt; &#60;b&#62;",
        "<вибори>",
    ],
)
def test_no_markup_of_a_text_comes_to_life(client: Client, hostile: str) -> None:
    make_article(f"Вибори {hostile}", lede=f"{hostile} вибори", body=body(("quote", {"text": f"вибори {hostile}"})))

    vocabulary.learn()

    (result,) = found(client, q="вибори")["results"]
    suggested = api(client, "/search/suggest/", q="вибор")["results"][0]

    for marked in filter(None, (*result["highlight"].values(), *suggested["highlight"].values())):
        assert re.search("<mark>вибори</mark>", marked, re.IGNORECASE)
        assert not re.search(r"[<>\"']", re.sub(r"</?mark>", "", marked)), marked
        assert marked.count("<mark>") == marked.count("</mark>")


def test_what_is_asked_comes_back_as_data(client: Client) -> None:
    question = '<script>"вибори"</script>'

    assert found(client, q=question)["query"] == question
    response = client.get("/api/v1/search/", {"q": question})
    assert response["Content-Type"] == "application/json"
    assert response["X-Content-Type-Options"] == "nosniff"


# --- only some keys ---------------------------------------------------------------------------------------------


def test_only_the_keys_that_are_asked_for_are_given(client: Client) -> None:
    make_article("Вибори мера", section=make_section("Громада", slug="hromada"))
    vocabulary.learn()

    wanted = {"fields": "headline,section.slug,highlight.headline"}
    expected = {
        "headline": "Вибори мера",
        "section": {"slug": "hromada"},
        "highlight": {"headline": "<mark>Вибори</mark> мера"},
    }
    assert found(client, q="виборами", **wanted)["results"] == [expected]
    assert api(client, "/search/suggest/", q="вибор", **wanted)["results"] == [expected]


@pytest.mark.parametrize("path", ["/search/", "/search/suggest/"])
def test_nothing_is_marked_where_no_highlight_is_asked_for(
    client: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article("Вибори мера")
    monkeypatch.setattr(searching, "highlighted", None)

    (result,) = api(client, path, q="вибори", fields="headline,score")["results"]

    assert result["headline"] == "Вибори мера" and result["score"] > 0


def test_pages_keep_to_the_keys_that_were_asked_for(client: Client) -> None:
    for number in range(3):
        make_article(f"Кубок {number}")

    first = found(client, q="кубки", fields="headline", page_size=2)

    assert following(client, first["next"])["results"] == [{"headline": "Кубок 0"}]


# --- pages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_pages_go_on_and_back_and_lose_nothing(client: Client, sort: str) -> None:
    made = [make_article(f"Кубок {day}", published_at=at(f"2026-10-{day:02}T09Z")) for day in range(1, 12)]

    first = found(client, q="кубки", sort=sort, page_size=4)
    second = following(client, first["next"])
    third = following(client, second["next"])

    assert [*page_ids(first), *page_ids(second), *page_ids(third)] == ids(made)[::-1]
    assert first["previous"] is None and third["next"] is None
    assert page_ids(following(client, third["previous"])) == page_ids(second)
    assert page_ids(following(client, second["previous"])) == page_ids(first)


@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_pages_stay_where_they_are_while_new_things_are_published(client: Client, sort: str) -> None:
    made = [make_article("Кубок", published_at=at(f"2026-10-{day:02}T09Z")) for day in range(1, 9)]
    first = found(client, q="кубки", sort=sort, page_size=4)

    make_article("Кубок, щойно", published_at=at("2026-11-01T09Z"))
    make_article("Кубок", published_at=at("2026-11-02T09Z"))
    second = following(client, first["next"])

    assert [*page_ids(first), *page_ids(second)] == ids(made)[::-1]
    assert second["next"] is None


def test_pages_go_on_though_the_one_they_go_on_from_is_gone(client: Client) -> None:
    made = [make_article("Кубок", published_at=at(f"2026-10-{day:02}T09Z")) for day in range(1, 7)]
    first = found(client, q="кубки", sort="newest", page_size=3)

    made[3].unpublish()

    assert page_ids(following(client, first["next"])) == ids(made[2::-1])


def test_pages_keep_the_filters_of_their_search(client: Client) -> None:
    author = make_author("Ткач", slug="tkach")
    for number in range(3):
        make_article(f"Кубок {number}", authors=[author])
        make_article(f"Кубок чужий {number}")

    first = found(client, q="кубки", author="tkach", page_size=2)
    second = following(client, first["next"])

    assert len(second["results"]) == 1
    assert second["results"][0]["authors"][0]["slug"] == "tkach"


# --- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/search/", "/search/suggest/"])
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("q", "", "q=word"),
        ("q", "   ", "q=word"),
        ("q", "а" * 201, "200"),
        ("wings", "2", "Allowed: "),
        ("fields", "headline,wings", "Allowed: "),
        ("locale", "de", "uk, ru, en"),
        ("locale", "", "uk, ru, en"),
        ("page_size", "0", "from 1 to"),
        ("page_size", "1000", "from 1 to"),
        ("page_size", "٣", "from 1 to"),
    ],
)
def test_a_bad_value_is_named(client: Client, path: str, name: str, value: str, said: str) -> None:
    (error,) = problem(client, path, 400, **{"q": "вибори", name: value})["errors"]

    assert error["field"] == name
    assert said in error["message"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("type", "spell", "article"),
        ("sort", "oldest", "relevance, newest"),
        ("facets", "author", "section, type, year"),
        ("highlight", "no", "true, false"),
        ("published_after", "yesterday", "2026-01-31"),
        ("published_before", "2026-01-31T12:00:00", "offset"),
        ("section", "x" * 256, "too long"),
        ("tag", ",".join(map(str, range(51))), "At most 50"),
        ("cursor", "abc", "next"),
        ("cursor", "x" * 5000, "next"),
        ("cursor", "bi5yZWxldmFuY2U", "next"),
    ],
)
def test_a_bad_filter_of_a_search_is_named(client: Client, name: str, value: str, said: str) -> None:
    (error,) = problem(client, "/search/", 400, **{"q": "вибори", name: value})["errors"]

    assert error["field"] == name
    assert said in error["message"]


def test_a_question_is_asked_once(client: Client) -> None:
    for path in ("/search/", "/search/suggest/"):
        response = client.get(f"/api/v1{path}?q=a&q=b")
        assert response.status_code == 400 and response.json()["errors"][0]["field"] == "q"
    assert client.get("/api/v1/search/").status_code == 400


def test_a_cursor_of_another_order_is_refused(client: Client) -> None:
    for _each in range(3):
        make_article("Кубок")
    cursor = dict(parse_qsl(urlsplit(found(client, q="кубок", page_size=1)["next"]).query))["cursor"]

    assert problem(client, "/search/", 400, q="кубок", sort="newest", cursor=cursor)["errors"][0]["field"] == "cursor"


def test_no_cursor_makes_an_error(client: Client) -> None:
    make_article("Кубок")
    moment = at("2026-11-01T09Z")
    whole = [0, 1, -1, 2**31, -(2**31), 2**62, -(2**62), 2**63, 10**30]

    for sort in ("relevance", "newest"):
        for key in whole:
            for page in (0, 1, 2**62, 2**63, -1):
                cursor = Place(sort, key, page, moment).encode()
                response = client.get("/api/v1/search/", {"q": "кубок", "sort": sort, "cursor": cursor})
                assert response.status_code in (200, 400), (sort, key, page, response.content)


def test_dates_at_the_ends_of_time_are_answered(client: Client) -> None:
    make_article("Кубок")

    for after, before in (("1900-01-01", "2200-12-31"), ("2200-01-01", "1900-01-01")):
        for sort in ("relevance", "newest"):
            found(client, q="кубок", published_after=after, published_before=before, sort=sort)


def test_suggestions_are_few(client: Client) -> None:
    for number in range(12):
        make_article(f"Кубок {number}")
    vocabulary.learn()

    assert len(api(client, "/search/suggest/", q="куб")["results"]) == 5
    assert len(api(client, "/search/suggest/", q="куб", page_size=10)["results"]) == 10
    assert problem(client, "/search/suggest/", 400, q="куб", page_size=11)["errors"][0]["field"] == "page_size"
