"""What of a document is shown, and how: ``fields``, ``expand`` and ``rich_text``."""

import json
from html import escape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.answers.content import MOST_EXPANDED, content_detail
from api.answers.fields import DEEPEST
from api.parameters import MOST_VALUES
from api.publications.markdown import to_markdown
from cms.content.models import ArticlePage, ContentCorrection, ContentRelated, TeaserPage
from tests.support.content import (
    api,
    body,
    locale_of,
    make_article,
    make_author,
    make_document,
    make_image,
    make_page,
    make_section,
    problem,
)

pytestmark = pytest.mark.django_db


def with_related(title: str, *related: ArticlePage, **fields: Any) -> ArticlePage:
    page = make_article(title, **fields)
    page.related_items = [ContentRelated(related=each, sort_order=place) for place, each in enumerate(related)]
    page.save_revision().publish()
    return page


def detail(client: Client, page: ArticlePage, **parameters: Any) -> Any:
    return api(client, f"/content/article/{page.slug}/", **parameters)


def statements(client: Client, path: str, **parameters: Any) -> int:
    api(client, path, **parameters)  # plugins' states are read once a second
    with CaptureQueriesContext(connection) as captured:
        api(client, path, **parameters)
    return len([query for query in captured.captured_queries if "registry_pluginstate" not in query["sql"]])


# --- fields -----------------------------------------------------------------------------------------------------


def test_dots_lead_into_documents_and_into_each_item_of_a_list(client: Client) -> None:
    make_article(
        "Стаття",
        section=make_section("Порт"),
        authors=[make_author("Олена"), make_author("Петро")],
        image=make_image("Маяк"),
    )

    (teaser,) = api(client, "/content/", fields="headline,section.slug,authors.name,image.renditions.small.width")[
        "results"
    ]

    assert teaser == {
        "headline": "Стаття",
        "section": {"slug": "port"},
        "authors": [{"name": "Олена"}, {"name": "Петро"}],
        "image": {"renditions": {"small": {"width": 320}}},
    }


def test_what_is_null_stays_null_and_a_whole_contains_its_parts(client: Client) -> None:
    make_article("Стаття", section=make_section("Порт"))

    (teaser,) = api(client, "/content/", fields="section,section.slug,image.renditions.small.url")["results"]

    assert teaser == {"section": {"slug": "port", "name": "Порт"}, "image": None}
    assert api(client, "/content/", fields="section.slug,section")["results"] == [
        {"section": {"slug": "port", "name": "Порт"}}
    ]


def test_fields_keep_the_order_of_the_document(client: Client) -> None:
    make_article("Стаття")

    (teaser,) = api(client, "/content/", fields="tags,headline,id")["results"]

    assert list(teaser) == ["id", "headline", "tags"]


def test_a_detail_is_narrowed_too(client: Client) -> None:
    page = make_article("Стаття", body=body(("heading", {"text": "Порт", "level": "2"})), lede="Підводка")

    assert detail(client, page, fields="headline,body.type,seo.description,json_ld,translations") == {
        "headline": "Стаття",
        "body": [{"type": "heading"}],
        "seo": {"description": "Підводка"},
        "json_ld": detail(client, page)["json_ld"],
        "translations": [],
    }


def test_what_a_type_adds_may_be_asked_for_of_a_list_of_all(client: Client) -> None:
    make_article("Стаття")
    make_page(TeaserPage, "Тизер", target_url="https://elsewhere.example/")

    assert api(client, "/content/", fields="headline,target.external")["results"] == [
        {"headline": "Тизер", "target": {"external": True}},
        {"headline": "Стаття"},
    ]


@pytest.mark.parametrize(
    "wrong", ["colour", "section.colour", "headline.x", "image.renditions.huge", "section..slug", ".", "a.b", "id."]
)
@pytest.mark.parametrize("filled", [False, True])
def test_an_unknown_field_is_named_with_those_that_there_are(client: Client, wrong: str, filled: bool) -> None:
    page = make_article("Стаття") if filled else None

    (error,) = problem(client, "/content/", 400, fields=f"headline,{wrong}")["errors"]

    assert error["field"] == "fields"
    assert f"“{wrong}”" in error["message"]
    assert "headline, lede" in error["message"]
    if page:
        (error,) = problem(client, f"/content/article/{page.slug}/", 400, fields=wrong)["errors"]
        assert "body" in error["message"]


def test_fields_have_limits(client: Client) -> None:
    make_article()

    deep = ".".join(["related"] * (DEEPEST + 1))
    assert problem(client, "/content/", 400, fields=deep)["errors"][0]["field"] == "fields"
    many = ",".join(["headline"] * (MOST_VALUES + 1))
    assert str(MOST_VALUES) in problem(client, "/content/", 400, fields=many)["errors"][0]["message"]
    assert problem(client, "/content/", 400, fields="x" * 5000)["errors"][0]["field"] == "fields"


# --- expand -----------------------------------------------------------------------------------------------------


def test_a_list_is_expanded_to_the_teasers_of_what_is_related(client: Client) -> None:
    first, second = make_article("Перша"), make_article("Друга")
    draft = make_article("Чернетка", live=False)
    page = with_related("Стаття", draft, second, first)

    results = {each["headline"]: each for each in api(client, "/content/", expand="related")["results"]}

    assert [each["headline"] for each in results["Стаття"]["related"]] == ["Друга", "Перша"]
    assert results["Перша"]["related"] == []
    assert results["Стаття"]["related"][0] == api(client, "/content/", ids=second.pk)["results"][0]
    assert "related" not in api(client, "/content/", ids=page.pk)["results"][0]


def test_expanded_content_is_narrowed_with_dots(client: Client) -> None:
    page = with_related("Стаття", make_article("Перша"))

    (result,) = api(client, "/content/", ids=page.pk, expand="related", fields="headline,related.headline")["results"]

    assert result == {"headline": "Стаття", "related": [{"headline": "Перша"}]}


def test_a_detail_is_expanded_to_whole_documents_as_many_as_the_limit(client: Client) -> None:
    others = [make_article(f"№{n}", body=body(("paragraph", f"<p>{n}</p>"))) for n in range(MOST_EXPANDED + 2)]
    page = with_related("Стаття", *others)

    related = detail(client, page, expand="related")["related"]

    assert [each["headline"] for each in related] == [each.title for each in others]
    assert related[0] == detail(client, others[0])
    assert all("body" in each for each in related[:MOST_EXPANDED])
    assert not any("body" in each for each in related[MOST_EXPANDED:]), "what is behind the limit stays a teaser"
    in_list = api(client, "/content/", ids=page.pk, expand="related")["results"][0]["related"]
    assert len(in_list) == MOST_EXPANDED


def test_what_is_expanded_is_not_expanded_further(client: Client) -> None:
    last = make_article("Остання")
    middle = with_related("Середня", last)
    page = with_related("Стаття", middle)

    (related,) = detail(client, page, expand="related")["related"]

    assert [each["headline"] for each in related["related"]] == ["Остання"]
    assert "body" not in related["related"][0]


def test_an_expanded_answer_carries_the_tags_of_all_that_it_shows(client: Client) -> None:
    last, page = make_article("Остання"), None
    middle = with_related("Середня", last)
    page = with_related("Стаття", middle)

    tags = client.get(f"/api/v1/content/article/{page.slug}/", {"expand": "related"})["Cache-Tag"].split(",")

    assert {f"page-{each.pk}" for each in (page, middle, last)} <= set(tags)
    assert {f"translation-{each.translation_key}" for each in (page, middle)} <= set(tags)


@pytest.mark.parametrize("wrong", ["authors", "related,section", "related.related", "RELATED"])
def test_only_what_can_be_expanded_is(client: Client, wrong: str) -> None:
    page = make_article()

    for path in ("/content/", f"/content/article/{page.slug}/"):
        (error,) = problem(client, path, 400, expand=wrong)["errors"]
        assert error["field"] == "expand"
        assert "Allowed: related" in error["message"]


def test_expanded_content_is_in_markdown_and_narrowed_like_the_rest(client: Client) -> None:
    other = make_article("Інша", body=body(("paragraph", "<p>Один <b>раз</b></p>")))
    page = with_related("Стаття", other)
    asked = QueryDict("expand=related&rich_text=markdown&fields=headline,related.headline,related.body.value")

    assert json.loads(content_detail("article", page.slug, asked).body) == {
        "headline": "Стаття",
        "related": [{"headline": "Інша", "body": [{"value": "Один **раз**"}]}],
    }
    path = f"/content/article/{page.slug}/"
    assert problem(client, path, 400, fields="related.body")["errors"][0]["field"] == "fields"
    assert problem(client, path, 400, fields="related.colour", expand="related")["errors"][0]["field"] == "fields"


# --- statements -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 20])
def test_a_list_and_a_detail_are_one_statement_and_expanded_two(client: Client, count: int) -> None:
    section, image = make_section("Порт"), make_image()
    others = [make_article(f"№{n}", image=image) for n in range(3)]
    pages = [with_related(f"Стаття {n}", *others, section=section, tags=["море"]) for n in range(count)]
    path = f"/content/article/{pages[0].slug}/"

    assert statements(client, "/content/", page_size=count) == 1
    assert statements(client, "/content/", section="port", tag="more", has="related") == 1
    assert statements(client, "/content/", fields="headline") == 1
    assert statements(client, "/content/", expand="related", page_size=count) == 2
    assert statements(client, path) == 1
    assert statements(client, path, locale="uk") == 1
    assert statements(client, path, rich_text="markdown", fields="headline") == 1
    assert statements(client, path, expand="related") == 2


# --- rich text as Markdown --------------------------------------------------------------------------------------


def markdown(client: Client, *blocks: tuple[str, Any]) -> Any:
    """The values of these blocks, as Markdown."""
    page = make_article(body=body(*blocks))
    return [each["value"] for each in detail(client, page, rich_text="markdown")["body"]]


def test_rich_text_is_markdown_wherever_it_stands(client: Client) -> None:
    page = make_article(
        body=body(
            ("paragraph", "<p>Один <b>раз</b> і <i>ще</i></p><p>далі</p>"),
            ("paragraph", "<ul><li>риба</li><li>сіль</li></ul><ol><li>перше</li><li>друге</li></ol>"),
            ("pullout", {"title": "Довідка", "text": "<p>Коротко <b>тут</b></p>"}),
            ("heading", {"text": "Не * розмітка", "level": "2"}),
        )
    )
    page.corrections = [ContentCorrection(text="<p>Було <b>сім</b></p>")]
    page.save_revision().publish()

    document = detail(client, page, rich_text="markdown")

    assert [each["value"] for each in document["body"]] == [
        "Один **раз** і *ще*\n\nдалі",
        "- риба\n- сіль\n\n1) перше\n2) друге",
        {"title": "Довідка", "text": "Коротко **тут**"},
        {"text": "Не * розмітка", "level": 2},
    ]
    assert document["corrections"][0]["text"] == "Було **сім**"
    assert detail(client, page, rich_text="html") == detail(client, page)
    same = {"headline", "lede", "seo", "json_ld", "related", "translations"}
    assert {key: document[key] for key in same} == {key: detail(client, page)[key] for key in same}


def test_links_are_resolved_before_they_are_markdown(client: Client) -> None:
    target, draft, file = make_article("Ціль"), make_article("Чернетка", live=False), make_document()

    (text,) = markdown(
        client,
        (
            "paragraph",
            f'<p><a linktype="page" id="{target.pk}">ціль [1]</a>, <a linktype="page" id="{draft.pk}">чернетка</a>, '
            f'<a linktype="document" id="{file.pk}">рішення</a>, <a href="https://x.example/?a=1&amp;b=(2)">поза</a></p>',
        ),
    )

    assert f"[ціль \\[1\\]](<{target.public_url}>), чернетка, [рішення](<http" in text
    assert text.endswith("[поза](<https://x.example/?a=1&amp;b=(2)>)")


@pytest.mark.parametrize(
    "words",
    [
        "*зірочки* та __риски__",
        "[посилання](javascript:evil())",
        "![знімок](https://evil.example/x.png)",
        "&lt;script&gt;evil()&lt;/script&gt;",
        "`код` ~~ні~~ | а | б |",
        "# заголовок",
        "- пункт",
        "+ пункт",
        "1. перше",
        "1) перше",
        "&gt; цитата",
        "=== і ---",
        "&amp;lt;b&amp;gt; &amp;amp; &amp;copy;",
        "&lt;https://evil.example/&gt;",
        "\\* навскісна \\",
        "    чотири пропуски",
    ],
)
def test_words_that_look_like_markup_stay_words(client: Client, words: str) -> None:
    """What a Markdown reader makes of it has the words of the HTML, and no element that HTML hasn't."""
    markdown_it = pytest.importorskip("markdown_it")
    html = f"<p>{words}</p>"
    page = make_article(body=body(("paragraph", html)))

    shown = (
        markdown_it.MarkdownIt("commonmark")
        .enable(["table", "strikethrough"])
        .render(detail(client, page, rich_text="markdown")["body"][0]["value"])
    )

    assert text_of(shown) == text_of(detail(client, page)["body"][0]["value"])
    assert elements_of(shown) == ["p"], shown


@pytest.mark.parametrize(
    "href",
    [
        "&amp;#106;avascript:alert(1)",
        "&amp;#x6a;avascript&amp;colon;alert(1)",
        "java&amp;Tab;script:alert(1)",
        "javascript:alert(1)",
        "java&#9;script:alert(1)",
        "&#1;javascript:alert(1)",
        "DATA:text/html,x",
        "vbscript:x",
        "xyz:abc",
    ],
)
def test_no_link_leads_into_a_program(href: str) -> None:
    shown = rendered(to_markdown(f'<p><a href="{href}">слово</a></p>'))

    schemes = {urlsplit(each).scheme for each in shown.xpath("//a/@href")}
    assert schemes <= {""}
    assert shown.text_content().strip() == "слово"


@pytest.mark.parametrize(
    "href",
    [
        "https://x.example/?a=1&copy=2&lt=3",
        "/uk/novyna/?a=1&amp;b=2#c:d",
        "#dali",
        "//x.example/a:b",
        "mailto:desk@ostriv.example",
        "tel:+380441234567",
        "HTTP://x.example/",
    ],
)
def test_a_link_leads_where_it_led(href: str) -> None:
    (led,) = rendered(to_markdown(f'<p><a href="{escape(href)}">слово</a></p>')).xpath("//a/@href")

    assert led == href


@pytest.mark.parametrize(
    "html", ["!<a href='/x/'>x</a>", "!!<a href='/x/'><b>x</b></a>", "<u>!</u><u><a href='/x/'>x</a></u>"]
)
def test_a_link_behind_an_exclamation_mark_stays_a_link(html: str) -> None:
    shown = rendered(to_markdown(f"<p>{html}</p>"))

    assert not shown.xpath("//img")
    assert shown.xpath("//a/@href") == ["/x/"]
    assert shown.text_content().strip() == html.count("!") * "!" + "x"


def rendered(markdown: str) -> Any:
    """What a reader of CommonMark makes of it, without a check of its own of where links lead."""
    from lxml.html import fromstring

    reader = pytest.importorskip("markdown_it").MarkdownIt("commonmark")
    reader.validateLink = lambda url: True
    reader.normalizeLink = lambda url: url
    return fromstring(f"<div>{reader.render(markdown)}</div>")


def text_of(html: str) -> str:
    from lxml.html import fromstring

    return " ".join(fromstring(f"<div>{html}</div>").text_content().split())


def elements_of(html: str) -> list[str]:
    from lxml.html import fromstring

    return [str(each.tag) for each in fromstring(f"<div>{html}</div>").iterdescendants()]


@pytest.mark.parametrize("wrong", ["md", "", "html,markdown", "HTML"])
def test_rich_text_is_html_or_markdown(client: Client, wrong: str) -> None:
    page = make_article()

    (error,) = problem(client, f"/content/article/{page.slug}/", 400, rich_text=wrong)["errors"]

    assert error["field"] == "rich_text"
    assert "html, markdown" in error["message"]


def test_translations_are_expanded_with_nothing_of_another_language(client: Client) -> None:
    page = with_related("Стаття", make_article("Українською"))
    other = page.copy_for_translation(locale_of("en"), copy_parents=True)
    other.save_revision().publish()

    assert [each["locale"] for each in detail(client, page, expand="related")["related"]] == ["uk"]
