"""A press review: the smallest plugin has a form, a list, a detail, a schema, a search and a teaser."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset

from cms.content.teasers import teasers_for
from tests.support.content import api, front_of, headlines, make_editor, page_form, problem

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("pressreview")]

PIECES = [
    {
        "outlet": "Портовий вісник",
        "title": "Кран <№5>",
        "url": "https://visnyk.example/5?a=1&b=2",
        "country": "Україна",
        "published_on": "2026-01-13",
        "quote": "«Підйом запланували»",
        "comment": "Обережно з числами",
    },
    {
        "outlet": "The Tide",
        "title": "Harbour",
        "url": "https://tide.example/h",
        "country": "",
        "published_on": "",
        "quote": "",
        "comment": "",
    },
]


@pytest.fixture
def editor() -> Client:
    browser = Client()
    browser.force_login(make_editor())
    return browser


def add(editor: Client, title: str = "Огляд преси", pieces: Any = PIECES, **fields: Any) -> Any:
    address = reverse("wagtailadmin_pages:add", args=["pressreview", "pressreviewpage", front_of().pk])
    return editor.post(address, page_form(title, pieces=inline_formset(pieces), **fields))


def test_an_editor_publishes_a_review_in_the_form_and_readers_see_it(client: Client, editor: Client) -> None:
    assert add(editor, lede="Що пишуть інші").status_code == 302

    assert headlines(client) == headlines(client, type="pressreview") == ["Огляд преси"]
    document = api(client, "/content/pressreview/ohliad-presy/")
    assert document["type"] == "pressreview"
    assert document["pieces"] == [
        PIECES[0],
        {**PIECES[1], "published_on": None},
    ]
    assert set(api(client, "/content/")["results"][0]) < set(document)


def test_the_form_has_places_for_pieces(editor: Client) -> None:
    address = reverse("wagtailadmin_pages:add", args=["pressreview", "pressreviewpage", front_of().pk])

    form = editor.get(address).content.decode()

    assert 'name="pieces-TOTAL_FORMS"' in form
    assert 'name="pieces-__prefix__-outlet"' in form


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [{**PIECES[0], "url": "javascript:alert(1)"}],
        [{**PIECES[0], "outlet": ""}],
        [{**PIECES[0], "outlet": "x" * 201}],
    ],
)
def test_a_wrong_piece_is_refused_and_nothing_is_published(client: Client, editor: Client, pieces: Any) -> None:
    assert add(editor, pieces=pieces).status_code == 200

    assert headlines(client, type="pressreview") == []


def test_a_draft_of_a_review_is_not_public(client: Client, editor: Client) -> None:
    assert add(editor, action="").status_code == 302

    problem(client, "/content/pressreview/ohliad-presy/", 404)


def test_what_a_review_cites_is_found(client: Client, editor: Client) -> None:
    add(editor)

    for words in ("вісник", "обережно", "підйом"):
        assert headlines(client, q=words) == ["Огляд преси"], words


def test_the_schema_describes_a_review(client: Client) -> None:
    schema = json.loads(client.get("/api/v1/schema/", headers={"Accept": "application/json"}).content)
    types = {each["type"]: each for each in api(client, "/types/")["results"]}

    (name,) = [name for name, each in schema["components"]["schemas"].items() if "pieces" in each.get("properties", {})]
    pieces = schema["components"]["schemas"][name]["properties"]["pieces"]
    item = schema["components"]["schemas"][pieces["items"]["$ref"].rsplit("/", 1)[1]]
    assert set(item["properties"]) == set(PIECES[0])
    assert types["pressreview"]["listed"] is True


def test_a_review_has_a_teaser_for_newsletters(client: Client, editor: Client) -> None:
    add(editor, lede="Що пишуть інші")
    page_id = api(client, "/content/")["results"][0]["id"]

    teaser = teasers_for([page_id])[page_id]

    assert (teaser["headline"], teaser["lede"], teaser["type"]) == ("Огляд преси", "Що пишуть інші", "pressreview")


def test_a_review_is_one_query(client: Client, editor: Client, django_assert_num_queries: Any) -> None:
    add(editor)

    with django_assert_num_queries(1):
        api(client, "/content/pressreview/ohliad-presy/")
