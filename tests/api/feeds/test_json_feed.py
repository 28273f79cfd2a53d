"""JSON Feed 1.1."""

import pytest
from django.conf import settings
from django.test import Client

from tests.api.feeds.support import JSON, NASTY, get, json_feed, make_newsroom
from tests.support.content import at, make_article, make_author, make_image, make_section

pytestmark = pytest.mark.django_db


def test_an_item_is_all_that_its_teaser_says(client: Client) -> None:
    page = make_article(
        "Новий причал",
        lede="Його будували два роки.",
        section=make_section("Порт"),
        authors=[make_author("Олена Бриз")],
        tags=["Море"],
        image=make_image("Причал"),
        published_at=at("2026-01-14T16:30:00+02:00"),
    )

    (item,) = json_feed(client)["items"]

    assert (item["title"], item["url"], item["tags"]) == ("Новий причал", page.public_url, ["Порт", "Море"])
    assert item["summary"] == item["content_text"] == "Його будували два роки."
    assert "content_html" not in item, "the lede is plain text"
    assert (item["date_published"], at(item["date_modified"])) == ("2026-01-14T14:30:00Z", page.last_published_at)
    assert item["authors"] == [{"name": "Олена Бриз", "url": f"{settings.FRONTEND_URL}/uk/author/olena-bryz/"}]
    assert item["image"].startswith("http")


def test_an_item_without_a_lede_has_the_text_that_the_format_demands(client: Client) -> None:
    make_article("Коротко")

    (item,) = json_feed(client)["items"]

    assert item["content_text"] == "Коротко" and "summary" not in item


@pytest.mark.parametrize(("written", "read"), NASTY)
def test_hostile_words_stay_words(client: Client, written: str, read: str | None) -> None:
    read = " ".join((written if read is None else read).split())
    make_newsroom(written, written)
    section, author = make_section(written, slug="r"), make_author(written, slug="a")
    make_article(written, slug="s", lede=written, section=section, authors=[author], tags=[written[:90]])

    document = json_feed(client)

    (item,) = document["items"]
    assert document["title"] == document["description"] == item["title"] == read
    assert item["authors"][0]["name"] == item["tags"][0] == read
    assert " ".join(item["content_text"].split()) == read


def test_scripts_of_other_sites_may_read_it(client: Client) -> None:
    response = client.get(JSON, headers={"Origin": "https://reader.example"})

    assert response["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response["Access-Control-Expose-Headers"]
    assert get(client, JSON).json()["version"] == "https://jsonfeed.org/version/1.1"
