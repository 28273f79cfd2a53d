"""Sections, authors, tags and the newsroom itself."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from api.publications.models import Publication
from cms.content.models import NewsroomSettings, NewsroomText
from tests.support.content import (
    api,
    locale_of,
    make_article,
    make_author,
    make_image,
    make_section,
    problem,
    restrict,
)

pytestmark = pytest.mark.django_db


def test_sections_stand_in_the_order_of_the_menu_with_what_is_public_in_each(client: Client) -> None:
    second = make_section("Культура", sort_order=20, description="Про книги")
    first = make_section("Порт", sort_order=10)
    make_section("Port", locale="en")
    make_article(section=first)
    make_article(section=first)
    make_article(section=first, live=False)
    make_article(section=second)

    document = api(client, "/sections/")

    assert document == {
        "results": [
            {"slug": first.slug, "name": "Порт", "description": "", "count": 2},
            {"slug": second.slug, "name": "Культура", "description": "Про книги", "count": 1},
        ],
        "next": None,
        "previous": None,
    }
    assert [each["slug"] for each in api(client, "/sections/", locale="en")["results"]] == ["port"]
    assert api(client, "/sections/", locale="ru")["results"] == []


def test_authors_with_their_photographs_and_number_of_texts(client: Client) -> None:
    author = make_author("Олена Бриз", role="редакторка", bio="Пише про море", photo=make_image("Олена"))
    petro = make_author("Петро")
    page = make_article(authors=[author])
    make_article(authors=[petro])
    make_article(authors=[author], live=False)

    results = api(client, "/authors/")["results"]

    assert [(each["name"], each["count"]) for each in results] == [("Олена Бриз", 1), ("Петро", 1)]
    assert results[0]["role"] == "редакторка" and results[0]["bio"] == "Пише про море"
    assert results[0]["photo"]["renditions"]["small"]["width"] == 320
    assert results[1]["photo"] is None
    assert api(client, f"/authors/{author.slug}/") == results[0]
    restrict(page)
    problem(client, f"/authors/{author.slug}/", 404)


def test_an_author_of_nothing_that_is_published_is_nobody_s_business(client: Client) -> None:
    author = make_author("Іван Таємний", bio="Пише під обстрілом", photo=make_image())
    page = make_article(authors=[author], live=False)
    make_article(authors=[make_author("Ivan", locale="en")], locale="en")

    def shown() -> list[int]:
        addresses = [f"/api/v1/authors/{author.slug}/", f"/feeds/uk/author/{author.slug}/rss.xml"]
        return [client.get(each).status_code for each in addresses]

    assert api(client, "/authors/")["results"] == []
    assert shown() == [404, 404]
    assert "Таємний" not in client.get("/llms.txt").content.decode()

    page.save_revision().publish()

    assert [each["name"] for each in api(client, "/authors/")["results"]] == ["Іван Таємний"]
    assert shown() == [200, 200]


def test_an_author_of_what_lists_do_not_show_has_an_address(client: Client) -> None:
    author = make_author("Олена")
    make_article(authors=[author])
    Publication.objects.update(listed=False)

    assert [(each["name"], each["count"]) for each in api(client, "/authors/")["results"]] == [("Олена", 0)]
    assert api(client, f"/authors/{author.slug}/")["count"] == 0


def test_an_author_is_of_one_language(client: Client) -> None:
    author = make_author("Olena", locale="en")
    make_article(authors=[author], locale="en")

    problem(client, f"/authors/{author.slug}/", 404)
    assert api(client, f"/authors/{author.slug}/", locale="en")["name"] == "Olena"


def test_tags_are_those_that_public_content_carries(client: Client) -> None:
    make_article(tags=["Море", "порт"])
    make_article(tags=["порт"])
    make_article(tags=["таємниця"], live=False)
    make_article(tags=["sea"], locale="en")

    assert api(client, "/tags/")["results"] == [
        {"slug": "port", "name": "порт", "count": 2},
        {"slug": "more", "name": "Море", "count": 1},
    ]
    assert [each["slug"] for each in api(client, "/tags/", locale="en")["results"]] == ["sea"]


@pytest.mark.parametrize("path", ["/sections/", "/authors/", "/tags/", "/site/"])
def test_names_are_read_in_as_many_queries_for_one_as_for_twenty(client: Client, path: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            api(client, path)
        return len(captured)

    def add() -> None:
        make_article(
            section=make_section(), authors=[make_author(photo=make_image())], tags=[f"тег {make_section().pk}"]
        )

    add()
    api(client, path)  # a picture that was never shown gets its renditions once
    one = queries()
    for _n in range(19):
        add()
    api(client, path)

    assert queries() == one


@pytest.mark.parametrize("path", ["/sections/", "/authors/", "/tags/", "/site/", "/front/"])
@pytest.mark.parametrize(("name", "value"), [("locale", "de"), ("locale", "\x00"), ("page", "2")])
def test_a_wrong_parameter_is_named(client: Client, path: str, name: str, value: str) -> None:
    assert problem(client, path, 400, **{name: value})["errors"][0]["field"] == name


def newsroom(**fields: Any) -> NewsroomText:
    settings = NewsroomSettings.for_site(Site.objects.get(is_default_site=True))
    settings.logo = make_image("Логотип")
    settings.texts = [NewsroomText(locale=locale_of("uk"), name="Острів", **fields)]
    settings.save()
    return settings.texts.get()


def test_the_newsroom_tells_of_itself(client: Client) -> None:
    newsroom(tagline="Новини узбережжя", donation_headline="Разом", donation_text="Підтримайте", donation_button="Дати")
    make_section("Порт")

    site = api(client, "/site/")

    assert (site["name"], site["tagline"]) == ("Острів", "Новини узбережжя")
    assert site["logo"]["alt"]
    assert [(each["code"], each["path"]) for each in site["locales"]] == [
        ("uk", "/uk/"),
        ("ru", "/ru/"),
        ("en", "/en/"),
    ]
    assert site["donation_call"] == {"headline": "Разом", "text": "Підтримайте", "button": "Дати", "campaign": None}
    assert [each["name"] for each in site["sections"]] == ["Порт"]


def test_a_newsroom_without_words_has_an_answer_too(client: Client) -> None:
    site = api(client, "/site/", locale="en")

    assert site["donation_call"] is None
    assert site["logo"] is None


def test_the_donation_call_names_a_campaign_once_it_is_public(client: Client) -> None:
    campaign = make_article("Ніби кампанія", live=False)
    newsroom(donation_text="Підтримайте", donation_campaign=campaign)
    assert api(client, "/site/")["donation_call"]["campaign"] is None

    campaign.save_revision().publish()

    assert api(client, "/site/")["donation_call"]["campaign"]["headline"] == "Ніби кампанія"


def test_a_change_of_the_newsroom_is_seen_at_once(client: Client) -> None:
    text = newsroom()
    before = client.get("/api/v1/site/")["ETag"]

    text.name = "Острів сьогодні"
    text.save()

    assert client.get("/api/v1/site/", headers={"If-None-Match": before}).json()["name"] == "Острів сьогодні"
