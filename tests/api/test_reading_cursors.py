"""Pages of lists hold their place: whatever comes and goes meanwhile, nothing that stays is lost or shown twice."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from api.publications import writer
from cms.content.models import ArticlePage
from tests.support.content import api, make_article, make_author, make_section, problem

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
ORDERS = ["-published_at", "published_at", "-updated_at", "updated_at"]
#: One list of each way in which lists are read.
LISTS: list[dict[str, str]] = [
    {},
    {"tag": "more,kran"},
    {"section": "port", "tag": "more", "author": "olena"},
    {"locale": "ru,uk"},
    {"published_after": "2025-12-01", "updated_before": "2030-01-01"},
    {"exclude_tag": "nema", "has": "image,quote"},
]


def follow(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response.json()


def ids(document: Any) -> list[int]:
    return [each["id"] for each in document["results"]]


class Newsroom:
    """Makes content that is in each of the lists."""

    def __init__(self) -> None:
        from tests.support.content import body, make_image

        self._same = {
            "section": make_section("Порт"),
            "authors": [make_author("Олена")],
            "tags": ["море", "кран"],
            "image": make_image(),
            "body": body(("quote", {"text": "Так", "attribution": "", "role": ""})),
        }

    def add(self, moment: datetime) -> ArticlePage:
        page = make_article(published_at=moment, **self._same)
        Page.objects.filter(pk=page.pk).update(last_published_at=moment)
        writer.rewrite([page.pk])
        return page


@pytest.mark.parametrize("asked", LISTS, ids=lambda asked: " ".join(asked) or "everything")
@pytest.mark.parametrize("order", ORDERS)
def test_a_walk_loses_nothing_and_repeats_nothing_while_the_newsroom_works(
    client: Client, order: str, asked: dict[str, str]
) -> None:
    newsroom, chosen = Newsroom(), random.Random(f"{order} {asked}")
    # Three share each moment.
    pages = [newsroom.add(START + timedelta(hours=number // 3)) for number in range(9)]
    staying = {page.pk for page in pages}
    ever: list[int] = []
    page = api(client, "/content/", page_size=2, order=order, **asked)
    forward = [ids(page)]
    while page["next"]:
        newsroom.add(START + timedelta(hours=chosen.randrange(4)))
        if len(forward) in (1, 3):
            gone = chosen.choice([each for each in pages if each.pk in staying])
            staying.discard(gone.pk)
            gone.unpublish()
        page = follow(client, page["next"])
        forward.append(ids(page))
        assert len(forward) < 30
    ever = [pk for each in forward for pk in each]

    assert len(set(ever)) == len(ever), "nothing is shown twice"
    assert [pk for pk in ever if pk in staying] == [
        each["id"]
        for each in api(client, "/content/", page_size=100, order=order, **asked)["results"]
        if each["id"] in staying
    ], "what was there all the time was seen, in the order of the list"

    backward = [ids(page)]
    while page["previous"]:
        page = follow(client, page["previous"])
        backward.insert(0, ids(page))
    assert [pk for each in backward for pk in each] == ids(
        api(client, "/content/", page_size=100, order=order, **asked)
    ), "back at the beginning everything was met once, also what came in between"


def test_going_back_from_the_middle_gives_the_page_before_it(client: Client) -> None:
    newsroom = Newsroom()
    for hour in range(7):
        newsroom.add(START + timedelta(hours=hour))
    first = api(client, "/content/", page_size=3)
    second = follow(client, first["next"])
    third = follow(client, second["next"])

    assert ids(follow(client, third["previous"])) == ids(second)
    assert ids(follow(client, second["previous"])) == ids(first)
    assert first["previous"] is None and third["next"] is None


def test_a_cursor_stays_good_when_the_page_that_it_came_from_is_gone(client: Client) -> None:
    newsroom = Newsroom()
    pages = [newsroom.add(START + timedelta(hours=hour)) for hour in range(4)]
    first = api(client, "/content/", page_size=2)

    pages[2].delete()
    pages[3].unpublish()

    second = follow(client, first["next"])
    assert ids(second) == [pages[1].pk, pages[0].pk]
    before = follow(client, second["previous"])
    assert ids(before) == [] and before["next"] is None


@pytest.mark.parametrize("order", ORDERS)
def test_a_cursor_of_one_order_is_none_of_another(client: Client, order: str) -> None:
    newsroom = Newsroom()
    for hour in range(3):
        newsroom.add(START + timedelta(hours=hour))
    cursor = api(client, "/content/", page_size=1, order=order)["next"].partition("cursor=")[2].partition("&")[0]

    for other in ORDERS:
        if other != order:
            (error,) = problem(client, "/content/", 400, order=other, cursor=cursor)["errors"]
            assert error["field"] == "cursor"
            assert "`next`" in error["message"]
