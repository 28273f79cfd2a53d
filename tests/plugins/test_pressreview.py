"""A press review: pieces of other media, by outlet and by country, and a digest of them elsewhere."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, streamfield

from cms.content.importing import import_lines
from cms.content.models import ArticlePage
from cms.content.teasers import teasers_for
from plugins.pressreview.blocks import as_html, in_mail
from plugins.pressreview.newsletters import teasers
from tests.support.content import (
    api,
    body,
    front_of,
    headlines,
    make_article,
    make_editor,
    page_form,
    problem,
    restrict,
)

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("pressreview")]

PIECES = [
    {
        "outlet": "Портовий вісник",
        "title": "Кран <№5>",
        "url": "https://visnyk.example/5?a=1&b=2",
        "archive_url": "https://archive.example/5",
        "country": "Україна",
        "language": "uk",
        "published_on": "2026-01-13",
        "quote": "«Підйом запланували»",
        "comment": "Обережно з числами",
    },
    {
        "outlet": "The Tide",
        "title": "Harbour",
        "url": "https://tide.example/h",
        "archive_url": "",
        "country": "",
        "language": "",
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
        [{**PIECES[0], "archive_url": "javascript:alert(1)"}],
        [{**PIECES[0], "language": "Українська"}],
        [{**PIECES[0], "quote": "ж" * 5001}],
        [{**PIECES[0], "comment": "ж" * 5001}],
    ],
)
def test_a_wrong_piece_is_refused_and_nothing_is_published(client: Client, editor: Client, pieces: Any) -> None:
    assert add(editor, pieces=pieces).status_code == 200

    assert headlines(client, type="pressreview") == []


def test_an_import_names_a_quote_that_copies_the_whole_piece(tmp_path: Path) -> None:
    piece = {"outlet": "The Tide", "title": "Harbour", "url": "https://tide.example/h", "quote": "ж" * 5001}
    line = {"id": "p-1", "type": "pressreview", "headline": "Огляд преси", "pieces": [piece]}

    report = import_lines([json.dumps(line)], tmp_path)

    assert report.failed == 1
    assert "pieces[0].quote" in report.as_text()


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "pressreview", "--check", "--dry-run", verbosity=0)


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

    pieces = schema["components"]["schemas"]["PressReviewDetail"]["properties"]["pieces"]
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


# --- by outlet and by country -----------------------------------------------------------------------------------

CITED = [("The Tide", "Норвегія"), ("Портовий вісник", "Україна"), ("the  tide", " норвегія"), ("Aftenbladet", "")]


def piece(outlet: str = "The Tide", country: str = "", **fields: str) -> dict[str, str]:
    return {**PIECES[1], "outlet": outlet, "country": country, **fields}


def test_pieces_are_grouped_by_outlet_the_most_cited_first(client: Client, editor: Client) -> None:
    add(editor, pieces=[piece(*each) for each in CITED])

    document = api(client, "/content/pressreview/ohliad-presy/")

    assert document["by_outlet"] == [
        {"outlet": "The Tide", "slug": "the-tide", "count": 2, "pieces": [0, 2]},
        {"outlet": "Портовий вісник", "slug": "portovyi-visnyk", "count": 1, "pieces": [1]},
        {"outlet": "Aftenbladet", "slug": "aftenbladet", "count": 1, "pieces": [3]},
    ]


def test_pieces_are_grouped_by_country_the_unknown_at_the_end(client: Client, editor: Client) -> None:
    add(editor, pieces=[piece(*each) for each in CITED])

    groups = api(client, "/content/pressreview/ohliad-presy/")["by_country"]

    assert [(each["country"], each["slug"], each["pieces"]) for each in groups] == [
        ("Норвегія", "norvehiia", [0, 2]),
        ("Україна", "ukraina", [1]),
        ("", "", [3]),
    ]


def test_names_that_have_no_slug_stay_apart(client: Client, editor: Client) -> None:
    add(editor, pieces=[piece("朝日新聞"), piece("毎日新聞"), piece("朝日新聞")])

    groups = api(client, "/content/pressreview/ohliad-presy/")["by_outlet"]

    assert [(each["outlet"], each["count"]) for each in groups] == [("朝日新聞", 2), ("毎日新聞", 1)]


def test_lists_find_reviews_by_outlet_and_by_country(client: Client, editor: Client) -> None:
    add(editor, "Перший", pieces=[piece("The Tide", "Норвегія")])
    add(editor, "Другий", pieces=[piece("Портовий вісник", "Україна"), piece("The Tide", "Україна")])

    assert set(headlines(client, outlet="the-tide")) == {"Перший", "Другий"}
    assert headlines(client, outlet="portovyi-visnyk") == headlines(client, country="ukraina") == ["Другий"]
    assert headlines(client, outlet="the-tide", country="norvehiia") == ["Перший"]
    assert headlines(client, outlet="nobody") == []


def test_a_teaser_says_how_much_is_cited_and_brings_quotes(client: Client, editor: Client) -> None:
    add(editor, pieces=[*(piece(*each) for each in CITED), piece(quote="слово " * 80), PIECES[0]])

    (teaser,) = api(client, "/content/", type="pressreview")["results"]

    assert (teaser["piece_count"], teaser["outlet_count"]) == (6, 3)
    assert [quote["outlet"] for quote in teaser["quotes"]] == ["The Tide", "Портовий вісник"]
    assert len(teaser["quotes"][0]["quote"]) <= 301
    assert teaser["quotes"][0]["quote"].endswith("слово…")


def test_search_engines_hear_what_is_cited(client: Client, editor: Client) -> None:
    add(editor)

    document = api(client, "/content/pressreview/ohliad-presy/")["json_ld"]

    assert document["@type"] == "NewsArticle"
    assert document["citation"][0] == {
        "@type": "Article",
        "headline": "Кран <№5>",
        "url": "https://visnyk.example/5?a=1&b=2",
        "publisher": {"@type": "Organization", "name": "Портовий вісник"},
        "archivedAt": "https://archive.example/5",
        "inLanguage": "uk",
        "datePublished": "2026-01-13",
    }
    assert set(document["citation"][1]) == {"@type", "headline", "url", "publisher"}


@pytest.mark.parametrize(
    ("language", "note"),
    [("uk", "3 матеріали з 2 видань"), ("ru", "3 материала из 2 изданий"), ("en", "3 pieces from 2 outlets")],
)
def test_a_teaser_in_a_mail_says_how_much_is_cited(language: str, note: str) -> None:
    teaser = {"headline": "Огляд", "lede": "", "url": "https://x.example/", "piece_count": 3, "outlet_count": 2}

    assert teasers["pressreview"](teaser, language).note == note


# --- the digest -------------------------------------------------------------------------------------------------

CHOSEN = {"outlet": "The <Tide>", "title": "Harbour & town", "url": "https://tide.example/h", "quote": "Slow"}


def digest(review: Any = None, *pieces: dict[str, str]) -> dict[str, Any]:
    """The value of a digest as a template gets it."""
    return {"heading": "Що пишуть інші", "review": review, "pieces": list(pieces)}


def stored(review: Any = None, *pieces: dict[str, str]) -> list[dict[str, Any]]:
    """The same as it is stored."""
    items = [{"type": "item", "value": each, "id": str(number)} for number, each in enumerate(pieces)]
    return body(("pressreview_digest", {**digest(review and review.pk), "pieces": items}))


@pytest.fixture
def review(editor: Client) -> Page:
    add(editor)
    return Page.objects.get(slug="ohliad-presy").specific


def shown(client: Client) -> Any:
    (block,) = api(client, "/content/article/voda/")["body"]
    return block["value"]


def test_an_article_shows_the_quotes_of_a_review(client: Client, review: Page, django_assert_num_queries: Any) -> None:
    make_article("Вода", body=stored(review))

    with django_assert_num_queries(1):
        value = shown(client)

    assert value["heading"] == "Що пишуть інші"
    assert [quote["quote"] for quote in value["review"]["quotes"]] == ["«Підйом запланували»"]
    assert value["pieces"] == []


def test_an_article_shows_pieces_chosen_in_it(client: Client) -> None:
    make_article("Вода", body=stored(None, CHOSEN))

    assert shown(client) == {"heading": "Що пишуть інші", "review": None, "pieces": [CHOSEN]}


@pytest.mark.parametrize("hide", ["private", "unpublished", "deleted"])
def test_a_review_that_is_not_public_is_quoted_nowhere(client: Client, review: Page, hide: str) -> None:
    make_article("Вода", body=stored(review))
    if hide == "private":
        restrict(review)
    elif hide == "unpublished":
        review.unpublish()
    else:
        review.delete()

    assert shown(client)["review"] is None
    value = digest(None if hide == "deleted" else review)
    assert in_mail(value, "uk") is None
    assert as_html(value, "uk") == ""


def test_a_mail_shows_the_quotes_and_the_reviews_teaser(review: Page) -> None:
    part = in_mail(digest(review), "uk")

    assert part is not None
    assert (part.heading, part.page_ids) == ("Що пишуть інші", (review.pk,))
    assert "«Підйом запланували»" in part.html
    assert 'href="https://visnyk.example/5?a=1&amp;b=2"' in part.html


def test_a_built_page_shows_chosen_pieces_as_text() -> None:
    html = as_html(digest(None, CHOSEN), "uk")

    assert "<h2>Що пишуть інші</h2>" in html
    assert "The &lt;Tide&gt;" in html
    assert "Harbour &amp; town" in html


def add_article_with(editor: Client, value: dict[str, Any]) -> Any:
    address = reverse("wagtailadmin_pages:add", args=["content", "articlepage", front_of().pk])
    return editor.post(address, page_form("Вода", body=streamfield([("pressreview_digest", value)])))


def listed(*pieces: dict[str, str]) -> dict[str, Any]:
    """What the form sends of a list of pieces."""
    rows: dict[str, Any] = {"count": str(len(pieces))}
    for number, each in enumerate(pieces):
        rows[str(number)] = {"order": str(number), "deleted": "", "value": each, "id": ""}
    return rows


def test_an_editor_puts_a_digest_into_an_article(client: Client, editor: Client, review: Page) -> None:
    value = {"heading": "", "review": str(review.pk), "pieces": listed()}

    assert add_article_with(editor, value).status_code == 302

    assert shown(client)["review"]["headline"] == "Огляд преси"


@pytest.mark.parametrize("pieces", [(), (CHOSEN,)])
def test_a_digest_is_of_a_review_or_of_pieces(editor: Client, review: Page, pieces: Any) -> None:
    value = {"heading": "", "review": str(review.pk) if pieces else "", "pieces": listed(*pieces)}

    assert add_article_with(editor, value).status_code == 200

    assert not ArticlePage.objects.exists()


def test_a_list_of_reviews_takes_as_many_queries_for_ten_as_for_one(
    client: Client, editor: Client, django_assert_num_queries: Any
) -> None:
    add(editor, "Перший")
    with django_assert_num_queries(1):
        api(client, "/content/", type="pressreview")
    for number in range(9):
        add(editor, f"Огляд {number}")

    with django_assert_num_queries(1):
        assert len(headlines(client, type="pressreview")) == 10
