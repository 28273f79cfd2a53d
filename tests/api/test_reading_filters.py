"""Filters of lists, alone and together: each list is what plain Python makes of the same content."""

import itertools
import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from api.publications import writer
from api.publications.models import Publication
from cms.content.models import ArticlePage, ContentCorrection, ContentPage, Section, TeaserPage
from tests.support.content import (
    api,
    body,
    headlines,
    locale_of,
    make_article,
    make_author,
    make_image,
    make_page,
    make_section,
)
from tests.support.newsletters import make_edition, make_newsletter

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
Rows = list[Publication]
Reference = Callable[[Publication], bool]


def document(row: Publication) -> Any:
    return json.loads(row.teaser) | json.loads(row.detail)


# --- a newsroom -------------------------------------------------------------------------------------------------


def publish(title: str, number: int, **fields: Any) -> ArticlePage:
    # Several share a moment: then the ids decide.
    return make_article(title, published_at=START + timedelta(days=number // 3), **fields)


def make_newsroom() -> None:
    """Two dozen pieces of content, of everything some with and some without."""
    port, town = make_section("Порт"), make_section("Місто")
    olena, petro = make_author("Олена"), make_author("Петро")
    image = make_image()
    video = ("embed", {"url": "https://youtu.be/aBc123", "title": "Запис"})
    pages: list[ContentPage] = []
    for number in range(16):
        page = publish(
            f"{'Шторм' if number % 5 == 0 else 'Новина'} №{number}",
            number,
            section=(port, town, None)[number % 3],
            authors=[each for each, shown in ((olena, number % 2), (petro, number % 4 == 1)) if shown],
            tags=[name for name, shown in (("море", number % 3 == 0), ("кран", number % 4 == 0)) if shown],
            image=image if number % 4 < 2 else None,
            body=body(video) if number % 6 == 0 else body(("quote", {"text": "Так", "attribution": "", "role": ""})),
            source_name=("Укрінформ", "", "Рейтер")[number % 3],
        )
        if number % 5 == 1:
            page.corrections = [ContentCorrection(text="<p>Було інакше</p>")]
            page.save_revision().publish()
        if number % 4 == 2:
            other = page.copy_for_translation(locale_of("ru"), copy_parents=True)
            other.title = f"Новость №{number}"
            other.tags.add("море")
            other.save_revision().publish()
            pages.append(other)
        pages.append(page)
    pages += [publish(f"Тільки російською {n}", n, locale="ru", tags=["море"]) for n in range(2)]
    pages += [publish(f"In English {n}", n, locale="en", image=image) for n in range(2)]
    pages += [make_page(TeaserPage, f"Тизер {n}", section=port, tags=["кран"], published_at=START) for n in range(2)]
    pages.append(make_edition(make_newsletter(), title="Випуск", published_at=START + timedelta(days=2)))
    for place, page in enumerate(pages):
        Page.objects.filter(pk=page.pk).update(last_published_at=START + timedelta(days=30, hours=place * 7 % 5))
    writer.rewrite([page.pk for page in pages])


# --- the same in Python -----------------------------------------------------------------------------------------


def named(key: str, *values: str) -> Reference:
    return lambda row: bool({each["slug"] for each in document(row)[key]} & set(values))


def in_section(*slugs: str) -> Reference:
    return lambda row: bool(document(row)["section"]) and document(row)["section"]["slug"] in slugs


def has_block(row: Publication, *types: str) -> bool:
    return any(block["type"] in types for block in document(row)["body"])


MOMENT = START + timedelta(days=2)
CHANGED = START + timedelta(days=30, hours=2)
#: Each way to ask, and what it means.
WAYS: list[tuple[dict[str, str], Reference]] = [
    ({"type": "article"}, lambda row: row.type == "article"),
    ({"type": "article,edition"}, lambda row: row.type in ("article", "edition")),
    ({"exclude_type": "teaser"}, lambda row: row.type != "teaser"),
    ({"section": "port"}, in_section("port")),
    ({"section": "port,misto"}, in_section("port", "misto")),
    ({"section": "nema"}, in_section("nema")),
    ({"exclude_section": "port"}, lambda row: not in_section("port")(row)),
    ({"author": "olena"}, named("authors", "olena")),
    ({"author": "olena,petro"}, named("authors", "olena", "petro")),
    ({"tag": "more"}, lambda row: "more" in document(row)["tags"]),
    ({"tag": "more,kran"}, lambda row: bool({"more", "kran"} & set(document(row)["tags"]))),
    ({"exclude_tag": "kran"}, lambda row: "kran" not in document(row)["tags"]),
    ({"has": "image"}, lambda row: document(row)["image"] is not None),
    ({"has": "image,correction"}, lambda row: bool(document(row)["image"] and document(row)["corrections"])),
    ({"has": "video"}, lambda row: has_block(row, "embed")),
    ({"has": "quote,image"}, lambda row: has_block(row, "quote") and document(row)["image"] is not None),
    ({"source": "укрінформ"}, lambda row: (document(row)["source"] or {}).get("name") == "Укрінформ"),
    ({"source": "Укрінформ,Рейтер"}, lambda row: document(row)["source"] is not None),
    ({"published_after": MOMENT.isoformat()}, lambda row: row.published_at >= MOMENT),
    ({"published_before": MOMENT.isoformat()}, lambda row: row.published_at < MOMENT),
    ({"updated_after": CHANGED.isoformat()}, lambda row: row.updated_at >= CHANGED),
    ({"updated_before": CHANGED.isoformat()}, lambda row: row.updated_at < CHANGED),
    ({"q": "шторм"}, lambda row: "Шторм" in document(row)["headline"]),
    ({"locale": "ru"}, lambda row: True),
    ({"locale": "ru,uk"}, lambda row: True),
    ({"locale": "en,uk,ru"}, lambda row: True),
    ({"order": "published_at"}, lambda row: True),
    ({"order": "-updated_at"}, lambda row: True),
    ({"order": "updated_at"}, lambda row: True),
]
Way = tuple[dict[str, str], Reference]


def expected(rows: Rows, ways: tuple[Way, ...]) -> list[int]:
    """The ids that a list should hold which is asked in all these ways."""
    asked: dict[str, str] = {}
    for parameters, _means in ways:
        asked |= parameters
    locales = asked.get("locale", "uk").split(",")
    found = [row for row in rows if row.locale in locales and all(means(row) for _parameters, means in ways)]
    if "type" not in asked:
        found = [row for row in found if row.type != "edition"]
    found = [row for row in found if not has_earlier(row, rows, locales)]
    order = asked.get("order", "-updated_at" if any(name.startswith("updated") for name in asked) else "-published_at")
    found.sort(key=lambda row: (getattr(row, order.strip("-")), row.pk), reverse=order.startswith("-"))
    return [row.pk for row in found]


def has_earlier(row: Publication, rows: Rows, locales: list[str]) -> bool:
    """Whether an earlier one of these languages has the same content."""
    earlier = locales[: locales.index(row.locale)]
    return any(each.translation_key == row.translation_key and each.locale in earlier for each in rows)


def combinations(most: int) -> Iterator[tuple[Way, ...]]:
    """Every way, every two of them, and some of three and four; never the same parameter twice."""
    alone = [(way,) for way in WAYS]
    pairs = list(itertools.combinations(WAYS, 2))
    chosen = random.Random(4)
    more = [tuple(chosen.sample(WAYS, size)) for size in (3, 4) for _n in range(most)]
    for ways in itertools.chain(alone, pairs, more):
        names = [name for parameters, _means in ways for name in parameters]
        if len(set(names)) == len(names):
            yield ways


def asked_together(ways: tuple[Way, ...]) -> dict[str, str]:
    return {name: value for parameters, _means in ways for name, value in parameters.items()}


# --- the tests --------------------------------------------------------------------------------------------------


def test_every_combination_of_filters_gives_what_python_finds_by_one_statement(client: Client) -> None:
    make_newsroom()
    rows = list(Publication.objects.exclude(type="front"))
    seen = 0

    for ways in combinations(most=150):
        asked = asked_together(ways)
        with CaptureQueriesContext(connection) as captured:
            results = api(client, "/content/", page_size=100, **asked)["results"]
        assert [each["id"] for each in results] == expected(rows, ways), asked
        # Plugins' states are read once a second, whoever asks.
        statements = [query for query in captured.captured_queries if "registry_pluginstate" not in query["sql"]]
        assert len(statements) == 1, asked
        seen += bool(results)

    assert seen > 200, "most combinations found nothing, which shows little"


def test_pages_of_every_combination_make_the_whole_list(client: Client) -> None:
    make_newsroom()
    chosen = random.Random(5)

    for ways in chosen.sample(list(combinations(most=20)), 80):
        asked = asked_together(ways)
        whole = [each["id"] for each in api(client, "/content/", page_size=100, **asked)["results"]]
        walked: list[int] = []
        page = api(client, "/content/", page_size=3, **asked)
        while True:
            walked += [each["id"] for each in page["results"]]
            if not page["next"]:
                break
            response = client.get(page["next"])
            assert response.status_code == 200
            page = response.json()
        assert walked == whole, asked


def test_ids_are_asked_for_and_left_out(client: Client) -> None:
    first, second, third = (make_article(f"№{n}") for n in range(3))
    draft = make_article("Чернетка", live=False)

    assert headlines(client, ids=f"{first.pk},{third.pk},{draft.pk}") == ["№2", "№0"]
    assert headlines(client, exclude_ids=f"{first.pk},{third.pk}") == ["№1"]
    assert headlines(client, ids=f"{first.pk},{second.pk}", exclude_ids=second.pk) == ["№0"]


def test_every_type_may_be_left_out_until_nothing_is_left(client: Client) -> None:
    make_article("Стаття")
    make_page(TeaserPage, "Тизер")

    assert headlines(client, exclude_type="article") == ["Тизер"]
    assert headlines(client, type="article", exclude_type="article") == []
    types = [each["type"] for each in api(client, "/types/")["results"]]
    assert headlines(client, exclude_type=",".join(types)) == []


def test_types_are_left_out_where_none_is_asked_for_too(client: Client) -> None:
    make_article("Стаття")
    make_page(TeaserPage, "Тизер")

    assert headlines(client, type="", exclude_type="article") == ["Тизер"]
    assert headlines(client, exclude_type="article", type=",") == ["Тизер"]


def test_what_is_asked_for_and_left_out_is_left_out(client: Client) -> None:
    for name in ("Порт", "Місто"):
        make_article(name, section=make_section(name), tags=[name, "обидва"])

    assert headlines(client, section="misto,port", exclude_section="misto") == ["Порт"]
    assert headlines(client, section="misto", exclude_section="port") == ["Місто"]
    assert headlines(client, tag="misto,port", exclude_tag="misto") == ["Порт"]
    assert headlines(client, tag="obydva", exclude_tag="misto") == ["Порт"]


@pytest.mark.parametrize(
    "asked",
    [
        {"section": "misto", "exclude_section": "misto"},
        {"section": "misto", "exclude_section": "misto,port", "tag": "more", "type": "article"},
        {"tag": "more,port", "exclude_tag": "port,more", "order": "-updated_at"},
        {"tag": "more", "exclude_tag": "more", "locale": "uk,ru"},
        {"section": "misto", "exclude_section": "misto", "updated_after": "2026-01-01", "order": "published_at"},
    ],
)
def test_what_contradicts_itself_is_answered_without_a_look_at_any_publication(
    client: Client, asked: dict[str, str]
) -> None:
    for number in range(5):
        make_article(
            f"№{number}", section=Section.objects.filter(slug="misto").first() or make_section("Місто"), tags=["море"]
        )

    with CaptureQueriesContext(connection) as captured:
        assert headlines(client, **asked) == []

    (sql,) = [each["sql"] for each in captured if "api_publication" in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "One-Time Filter: false" in plan, plan
    assert "Scan" not in plan.replace("Subquery Scan", "").replace("Values Scan", ""), plan


def test_each_value_of_has_is_asked_for_by_its_name(client: Client) -> None:
    make_article("Зображення", image=make_image())
    make_article("Цитата", body=body(("quote", {"text": "Так", "attribution": "", "role": ""})))
    make_article("Посилання", body=body(("embed", {"url": "https://radio.example/1", "title": ""})))
    make_article("Нічого")

    assert headlines(client, has="image") == ["Зображення"]
    assert headlines(client, has="quote") == ["Цитата"]
    assert headlines(client, has="embed") == ["Посилання"]
    assert headlines(client, has="video") == [], "a link without a player is no video"
    assert headlines(client, has="image,quote") == []


def test_an_empty_filter_filters_nothing(client: Client) -> None:
    make_article("Стаття")

    for name in ("section", "author", "tag", "type", "has", "source", "ids", "exclude_ids", "exclude_tag", "q"):
        assert headlines(client, **{name: ""}) == ["Стаття"], name
        assert headlines(client, **{name: ","}) == ["Стаття"] or name == "q", name


def test_what_python_compares_with_is_not_empty() -> None:
    make_newsroom()
    rows = list(Publication.objects.exclude(type="front"))

    for way in WAYS:
        if way[0] != {"section": "nema"}:
            assert expected(rows, (way,)), way[0]
