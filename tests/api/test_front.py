"""The front page: its slots in their order, with words of their own, and what is new beside them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.content.models import FrontSlot
from tests.support.content import api, fill_front, front_of, headlines, make_article, make_image, restrict

pytestmark = pytest.mark.django_db


def slots(client: Client, **parameters: Any) -> list[str]:
    return [each["headline"] for each in api(client, "/front/", **parameters)["slots"]]


def test_slots_stand_in_their_order_and_the_newest_others_beside_them(client: Client) -> None:
    first, second, third = (make_article(name) for name in ("А", "Б", "В"))
    fill_front(third, first)

    front = api(client, "/front/")

    assert (front["type"], front["locale"], front["path"]) == ("front", "uk", "/uk/")
    assert [each["headline"] for each in front["slots"]] == ["В", "А"]
    assert [each["slot"] for each in front["slots"]] == [
        {"position": 1, "size": "standard"},
        {"position": 2, "size": "standard"},
    ]
    assert [each["headline"] for each in front["latest"]] == ["Б"]
    assert front["updated_at"].endswith("Z")
    assert second.pk == front["latest"][0]["id"]


def test_a_slot_may_have_words_and_a_picture_of_its_own(client: Client) -> None:
    page, other = make_article("Звичайна", lede="Її підводка"), make_article("Інша", lede="Своя")
    fill_front(page, other, headline="Головне сьогодні", lede="Коротше", image=make_image("Обкладинка"), size="lead")

    lead, standard = api(client, "/front/")["slots"]

    assert (lead["headline"], lead["lede"], lead["slot"]["size"]) == ("Головне сьогодні", "Коротше", "lead")
    assert lead["image"]["alt"] == "Обкладинка здалеку"
    assert lead["url"] == page.public_url
    assert (standard["headline"], standard["lede"], standard["image"]) == ("Інша", "Своя", None)
    assert headlines(client) == ["Інша", "Звичайна"], "lists keep the content's own words"


def test_slots_follow_what_they_show(client: Client) -> None:
    page, other = make_article("Новина"), make_article("Інша")
    fill_front(page, other)

    page.title = "Новіша"
    page.save_revision().publish()
    assert slots(client) == ["Новіша", "Інша"]
    page.unpublish()
    assert slots(client) == ["Інша"]
    page.save_revision().publish()
    assert slots(client) == ["Новіша", "Інша"]
    restrict(page)
    assert slots(client) == ["Інша"]
    other.delete()
    assert slots(client) == []


def test_a_draft_of_the_front_page_is_not_shown(client: Client) -> None:
    page, other = make_article("Новина"), make_article("Інша")
    front = fill_front(page)

    front.slots = [FrontSlot(page=other)]
    front.save_revision()

    assert slots(client) == ["Новина"]


def test_each_language_has_a_front_page_that_names_the_others(client: Client) -> None:
    fill_front(make_article("Українська"))
    fill_front(make_article("English", locale="en"), locale="en")

    front = api(client, "/front/", locale="en")

    assert [each["headline"] for each in front["slots"]] == ["English"]
    assert front["translations"] == [{"locale": "ru", "path": "/ru/"}, {"locale": "uk", "path": "/uk/"}]


def test_a_front_page_that_nobody_arranged_shows_what_is_new(client: Client) -> None:
    for n in range(25):
        make_article(f"№{n:02}")

    front = api(client, "/front/")

    assert front["slots"] == []
    assert [each["headline"] for each in front["latest"]] == [f"№{n:02}" for n in range(24, 4, -1)]
    assert api(client, "/front/", locale="ru")["latest"] == []


def test_a_front_page_is_two_queries_whatever_it_shows(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            api(client, "/front/")
        return len(captured)

    fill_front(make_article())
    one = queries()
    fill_front(*[make_article(image=make_image()) for _n in range(20)])

    assert queries() == one == 2


def test_a_private_front_page_shows_no_slots(client: Client) -> None:
    fill_front(make_article("Новина"))

    restrict(front_of())

    front = api(client, "/front/")
    assert front["slots"] == front["latest"] == []


def test_one_page_in_two_slots_stands_in_the_first(client: Client) -> None:
    page = make_article("Новина")
    fill_front(page, page, headline="Ще раз")

    assert slots(client) == ["Ще раз"]
