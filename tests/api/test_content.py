"""The content list and the detail: what is found, in which order, and what wrong questions are answered."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.content.models import ArticlePage, ContentCorrection, ContentRelated, TeaserPage
from tests.support.content import (
    api,
    at,
    body,
    front_of,
    headlines,
    locale_of,
    make_article,
    make_author,
    make_document,
    make_folder,
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


def test_a_detail_is_one_query_whatever_it_refers_to(client: Client) -> None:
    make_article("Проста", slug="prosta")
    assert len(queries_of(client, "/content/article/prosta/")) == 1

    related = make_series(20)
    text = "".join(f'<p><a linktype="page" id="{page.pk}">{page.title}</a></p>' for page in related)
    page = make_article(
        "Складна", slug="skladna", body=body(("related", {"pages": [p.pk for p in related]}), ("paragraph", text))
    )
    page.copy_for_translation(locale_of("en"), copy_parents=True).save_revision().publish()

    assert len(queries_of(client, "/content/article/skladna/")) == 1


# --- the detail -------------------------------------------------------------------------------------------------


def detail(client: Client, page: ArticlePage, **parameters: Any) -> Any:
    return api(client, f"/content/{page.get_type_name()}/{page.slug}/", **parameters)


def block(client: Client, kind: str, value: Any) -> Any:
    """What the API shows of a page with just this block."""
    page = make_article(body=body((kind, value)))
    shown = detail(client, page)["body"]
    assert [each["type"] for each in shown] == [kind]
    assert shown[0]["id"]
    return shown[0]["value"]


def test_a_detail_is_a_teaser_with_more(client: Client) -> None:
    page = make_article("Стаття", lede="Підводка", seo_title="Для пошуку", source_name="Агенція")

    document = detail(client, page)

    assert set(document) == TEASER_KEYS | {"body", "corrections", "related", "translations", "seo", "json_ld"}
    assert document["seo"] == {"title": "Для пошуку", "description": "Підводка", "canonical": document["url"]}
    assert document["json_ld"]["@type"] == "NewsArticle"
    assert document["json_ld"]["headline"] == "Стаття"
    assert document["json_ld"]["inLanguage"] == "uk"
    assert document["json_ld"]["datePublished"] == document["published_at"]
    assert document["corrections"] == document["related"] == document["translations"] == document["body"] == []


def test_simple_blocks(client: Client) -> None:
    assert block(client, "heading", {"text": "Порт & причал", "level": "3"}) == {"text": "Порт & причал", "level": 3}
    assert block(client, "paragraph", "<p>Один <b>раз</b></p>") == "<p>Один <b>раз</b></p>"
    assert block(client, "quote", {"text": "Так", "attribution": "Марія", "role": "лоцманка"}) == {
        "text": "Так", "attribution": "Марія", "role": "лоцманка",
    }  # fmt: skip
    assert block(client, "pullout", {"title": "Довідка", "text": "<p>Коротко</p>"}) == {
        "title": "Довідка", "text": "<p>Коротко</p>",
    }  # fmt: skip
    assert block(client, "donation_call", {"text": "Допоможіть", "button": "Дати", "campaign": None}) == {
        "text": "Допоможіть", "button": "Дати", "campaign": None,
    }  # fmt: skip


def test_picture_blocks(client: Client) -> None:
    image = make_image(credit="Ірина Фотограф")

    shown = block(client, "image", {"image": image.pk, "caption": "Маяк увечері", "credit": ""})
    gallery = block(client, "gallery", {"images": [{"image": image.pk, "caption": "", "credit": "Архів"}]})

    assert shown["caption"] == "Маяк увечері"
    assert shown["image"]["credit"] == "Ірина Фотограф"
    assert shown["image"]["alt"] == "Маяк здалеку"
    assert (shown["image"]["width"], shown["image"]["height"]) == (800, 600)
    assert set(shown["image"]["renditions"]) == {"small", "medium", "large"}
    small = shown["image"]["renditions"]["small"]
    assert (small["width"], small["height"]) == (320, 240)
    assert urlsplit(small["url"]).scheme and urlsplit(small["url"]).path.endswith(".webp")
    assert gallery["images"][0]["image"]["credit"] == "Архів"


@pytest.mark.parametrize(
    ("url", "provider", "player"),
    [
        ("https://www.youtube.com/watch?v=aBc_-123", "YouTube", "https://www.youtube-nocookie.com/embed/aBc_-123"),
        ("https://youtu.be/aBc123", "YouTube", "https://www.youtube-nocookie.com/embed/aBc123"),
        ("https://vimeo.com/12345", "Vimeo", "https://player.vimeo.com/video/12345?dnt=1"),
        ("https://radio.example/show", "radio.example", None),
        ("https://www.youtube.com/watch?v=%22%3E%3Cscript%3E", "YouTube", None),
        ("https://www.youtube.com.evil.example/watch?v=abc", "youtube.com.evil.example", None),
    ],
)
def test_embed_block(client: Client, url: str, provider: str, player: str | None) -> None:
    shown = block(client, "embed", {"url": url, "title": "Запис"})

    assert (shown["url"], shown["title"], shown["provider"]) == (url, "Запис", provider)
    assert shown["html"] == (f'<iframe src="{player}" allowfullscreen loading="lazy"></iframe>' if player else "")


def test_table_block(client: Client) -> None:
    table = {
        "data": [["Порт", "Тонн"], ["Східний", 12], [None, "<b>3</b>"]],
        "first_row_is_table_header": True,
        "first_col_is_header": False,
        "table_caption": "Вантажі",
    }

    assert block(client, "table", table) == {
        "caption": "Вантажі",
        "head": ["Порт", "Тонн"],
        "rows": [["Східний", "12"], ["", "<b>3</b>"]],
    }
    assert block(client, "table", {**table, "first_row_is_table_header": False})["head"] == []


def test_document_block(client: Client) -> None:
    document = make_document("Рішення", b"%PDF-1.4 twelve")

    shown = block(client, "document", document.pk)

    assert shown["title"] == "Рішення"
    assert shown["size"] == 15
    assert shown["filename"].endswith(".pdf")
    served = client.get(urlsplit(shown["url"]).path)
    assert served.getvalue() == b"%PDF-1.4 twelve"
    served.close()


def test_a_document_that_was_deleted_leaves_the_rest_of_the_text(client: Client) -> None:
    document = make_document()
    page = make_article(body=body(("heading", {"text": "До", "level": "2"}), ("document", document.pk)))
    document.delete()

    page.save_revision().publish()

    assert [each["type"] for each in detail(client, page)["body"]] == ["heading"]


def test_related_block_and_related_content_show_what_is_public(client: Client) -> None:
    shown, draft = make_article("Відкрита"), make_article("Чернетка", live=False)
    page = make_article("Стаття", body=body(("related", {"pages": [draft.pk, shown.pk]})))
    page.related_items = [ContentRelated(related=draft, sort_order=0), ContentRelated(related=shown, sort_order=1)]
    page.save_revision().publish()

    document = detail(client, page)

    assert [each["headline"] for each in document["body"][0]["value"]] == ["Відкрита"]
    assert [each["headline"] for each in document["related"]] == ["Відкрита"]
    assert set(document["related"][0]) == TEASER_KEYS
    draft.save_revision().publish()
    assert [each["headline"] for each in detail(client, page)["related"]] == ["Чернетка", "Відкрита"]
    shown.unpublish()
    assert [each["headline"] for each in detail(client, page)["related"]] == ["Чернетка"]


def tags_of(html: str) -> list[tuple[str, dict[str, str]]]:
    """Every tag that a browser would see, with its attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.append((tag, dict(attrs)))  # type: ignore
    parser.feed(html)
    return found


@pytest.mark.parametrize(
    "html",
    [
        "<script>evil()</script>",
        '<p onclick="evil()">x</p>',
        '<a href="javascript:evil()">x</a>',
        '<a href="JaVa\tScript:evil()">x</a>',
        '<a href="data:text/html,<script>evil()</script>">x</a>',
        '<a href="https://x.example/?><script>evil()</script>">x</a>',
        "<a href='https://x.example/\" onmouseover=\"evil()'>x</a>",
        '<img src="x" onerror="evil()">',
        "<svg><script>evil()</script></svg>",
        "<iframe src='https://evil.example/'></iframe>",
        "<style>p{background:url(javascript:evil())}</style>",
        '<a href="ostriv:page/1">x</a>',
        '<a linktype="page" id="1&quot; onclick=&quot;evil()">x</a>',
        '<a linktype="document" id="²">x</a>',
        "<math><mtext><table><mglyph><style><img src=x onerror=evil()></style></mglyph></table></mtext></math>",
        "<p>a<!-- <script>evil()</script> -->b</p>",
    ],
)
@pytest.mark.parametrize("kind", ["paragraph", "pullout", "correction"])
def test_rich_text_holds_nothing_that_runs(client: Client, html: str, kind: str) -> None:
    value = {"paragraph": html, "pullout": {"title": "", "text": html}, "correction": ""}[kind]
    page = make_article(body=body((kind, value)) if value else [])
    if kind == "correction":
        page.corrections = [ContentCorrection(text=html)]
        page.save_revision().publish()

    document = detail(client, page)

    if kind == "correction":
        shown = document["corrections"][0]["text"]
    else:
        value = document["body"][0]["value"]
        shown = value["text"] if kind == "pullout" else value
    assert "evil()" not in shown or "<script" not in shown.lower()
    for tag, attributes in tags_of(shown):
        assert tag in {"a", "p", "b"}, shown
        assert set(attributes) <= {"href", "rel"}, shown
        assert attributes.get("href", "https:").startswith("https:"), shown


def test_links_in_text_are_resolved_when_read(client: Client) -> None:
    target, draft, document = make_article("Ціль"), make_article("Чернетка", live=False), make_document()
    page = make_article(
        body=body(
            (
                "paragraph",
                f'<p><a linktype="page" id="{target.pk}">ціль</a>, <a linktype="page" id="{draft.pk}">чернетка</a>, '
                f'<a linktype="document" id="{document.pk}">рішення</a>, <a linktype="page" id="999999">нема</a>, '
                '<a linktype="document" id="999999">нема</a>, <a href="https://x.example/?a=1&amp;b=2">поза</a>, '
                '<a linktype="page" id="99999999999999999999999">завелике</a></p>',
            )
        )
    )

    shown = detail(client, page)["body"][0]["value"]

    assert f'<a href="{target.public_url}">ціль</a>, чернетка, <a href="' in shown
    assert (
        f'{document.url}">рішення</a>, нема, нема, <a href="https://x.example/?a=1&amp;b=2" rel="noopener">поза</a>'
        in shown
    )
    assert shown.endswith(", завелике</p>")
    target.unpublish()
    assert "<p>ціль, чернетка, " in detail(client, page)["body"][0]["value"]


def test_a_link_to_a_front_page_is_a_link(client: Client) -> None:
    front = front_of("uk")
    front.save_revision().publish()
    page = make_article(body=body(("paragraph", f'<p><a linktype="page" id="{front.pk}">На головну</a></p>')))

    assert detail(client, page)["body"][0]["value"] == f'<p><a href="{front.public_url}">На головну</a></p>'


def test_a_teaser_of_its_own_opens_what_it_points_at(client: Client) -> None:
    target = make_article("Ціль")
    make_page(TeaserPage, "Тут", target_page=target)
    make_page(TeaserPage, "Там", target_url="https://elsewhere.example/a?b=1&c=2")
    make_page(TeaserPage, "Ніде")

    inside, outside, nowhere = (api(client, f"/content/teaser/{slug}/") for slug in ("tut", "tam", "nide"))

    assert inside["url"] == target.public_url
    assert inside["target"] == {"url": target.public_url, "external": False}
    assert outside["url"] == "https://elsewhere.example/a?b=1&c=2"
    assert outside["target"]["external"] is True
    assert nowhere["target"] is None and nowhere["url"].endswith("/uk/nide/")


def test_corrections_are_told_with_their_time(client: Client) -> None:
    page = make_article()
    page.corrections = [ContentCorrection(text="<p>Було <b>сім</b></p>", made_at=at("2026-01-05T12:00:00+02:00"))]
    page.save_revision().publish()

    assert detail(client, page)["corrections"] == [
        {"made_at": "2026-01-05T10:00:00Z", "text": "<p>Було <b>сім</b></p>"}
    ]


def test_translations_are_named_once_they_are_public(client: Client) -> None:
    page = make_article("Острів", slug="ostriv")
    other = page.copy_for_translation(locale_of("en"), copy_parents=True)
    other.title = "The island"
    assert detail(client, page)["translations"] == []

    other.save_revision().publish()

    (translation,) = detail(client, page)["translations"]
    assert translation == {
        "locale": "en",
        "slug": "ostriv",
        "path": "/en/ostriv/",
        "url": other.public_url,
        "headline": "The island",
    }
    assert detail(client, other, locale="en")["translations"][0]["locale"] == "uk"


def test_a_slug_that_languages_share_is_answered_in_the_language_asked_for(client: Client) -> None:
    make_article("English", locale="en", slug="same")
    assert api(client, "/content/article/same/")["locale"] == "en"

    make_article("Українська", slug="same", parent=make_folder())

    assert api(client, "/content/article/same/")["locale"] == "uk"
    assert api(client, "/content/article/same/", locale="en")["locale"] == "en"
    problem(client, "/content/article/same/", 404, locale="ru")


@pytest.mark.parametrize(
    "path",
    [
        "/content/article/nema/",
        "/content/poem/same/",
        "/content/front/uk/",
        "/content/article/%00/",
        "/content/%00/a/",
        "/content/article/" + "x" * 3000 + "/",
        "/content/article/%F0%9F%90%9F/",
        "/content/article/..%2F..%2Fetc/",
        "/content/article/-1/",
        "/content/article/%FF%FE/",
        "/authors/%00/",
        "/preview/%00/",
        "/preview/" + "x" * 3000 + "/",
        "/preview/nema/",
    ],
)
def test_what_is_not_there_is_a_problem_with_404(client: Client, path: str) -> None:
    for code in ("uk", "en"):
        front_of(code).save_revision().publish()

    problem(client, path, 404)


def test_a_text_of_any_length_and_script_can_be_published(client: Client) -> None:
    # Hyphened words are indexed three times, and a PostgreSQL tsvector holds 1 MB.
    words = " ".join(f"щось{n}-прещось{n}" for n in range(30_000))
    page = make_article(body=body(("paragraph", f"<p>{words}</p>"), ("paragraph", "<p>" + "𝒜" * 50_000 + "</p>")))

    assert len(detail(client, page)["body"]) == 2
    assert headlines(client, q="прещось1") == [page.title]


def test_letters_leave_as_letters(client: Client) -> None:
    make_article('«Об’єкт» №1 — 🐟 \u2028 </script> & "так"', slug="litery")

    response = client.get("/api/v1/content/article/litery/")

    assert "«Об’єкт» №1 — 🐟" in response.content.decode()
    assert response.json()["headline"].endswith('</script> & "так"')


def test_the_types_of_this_installation_are_told(client: Client) -> None:
    types = {each["type"]: each for each in api(client, "/types/")["results"]}

    assert {"article", "teaser", "campaign", "edition"} <= set(types)
    assert "content" not in types and "front" not in types
    assert types["article"]["listed"] is True
    assert types["edition"]["listed"] is False
    assert client.get(urlsplit(types["article"]["schema_url"]).path).status_code == 200
    for each in types.values():
        assert each["name"]
