"""One piece of content: the shape of each block, safe text, links and references, and what is not there."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from cms.content.models import ArticlePage, ContentCorrection, ContentRelated, TeaserPage
from tests.support.content import (
    api,
    at,
    body,
    front_of,
    headlines,
    locale_of,
    make_article,
    make_document,
    make_folder,
    make_image,
    make_page,
    problem,
)

pytestmark = pytest.mark.django_db

TEASER_KEYS = {
    "id", "type", "locale", "slug", "path", "url", "headline", "lede", "section", "authors", "published_at",
    "updated_at", "image", "tags", "source",
}  # fmt: skip


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

    assert set(document) == TEASER_KEYS | {
        "body",
        "keywords",
        "corrections",
        "related",
        "translations",
        "seo",
        "json_ld",
    }
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


def test_a_detail_is_one_query_whatever_it_refers_to(client: Client, django_assert_num_queries: Any) -> None:
    make_article("Проста", slug="prosta")
    with django_assert_num_queries(1):
        api(client, "/content/article/prosta/")

    related = [make_article() for _n in range(20)]
    links = "".join(f'<p><a linktype="page" id="{page.pk}">{page.title}</a></p>' for page in related)
    blocks = body(("related", {"pages": [page.pk for page in related]}), ("paragraph", links))
    page = make_article("Складна", slug="skladna", body=blocks)
    page.copy_for_translation(locale_of("en"), copy_parents=True).save_revision().publish()

    with django_assert_num_queries(1):
        api(client, "/content/article/skladna/", locale="uk")
