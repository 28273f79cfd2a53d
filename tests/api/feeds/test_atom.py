"""Atom 1.0 (RFC 4287)."""

import feedparser
import pytest
from django.conf import settings
from django.test import Client

from tests.api.feeds.support import ATOM, NASTY, NS, atom, get, make_newsroom
from tests.support.content import at, make_article, make_author, make_image, make_section

pytestmark = pytest.mark.django_db


def test_an_entry_is_all_that_its_teaser_says(client: Client) -> None:
    page = make_article(
        "Новий причал",
        lede="Його будували два роки.",
        section=make_section("Порт"),
        authors=[make_author("Олена Бриз"), make_author("Петро Хвиля")],
        tags=["Море"],
        image=make_image("Причал", credit="Фото: М. Мур", size=(1600, 1000)),
        published_at=at("2026-01-14T16:30:00+02:00"),
    )

    (entry,) = atom(client).findall("atom:entry", NS)

    def said(tag: str) -> str:
        return entry.findtext(f"atom:{tag}", namespaces=NS)

    assert (said("title"), said("summary")) == ("Новий причал", "Його будували два роки.")
    assert entry.find("atom:link", NS).get("href") == page.public_url
    assert (said("published"), at(said("updated"))) == ("2026-01-14T14:30:00Z", page.last_published_at)
    people = entry.xpath("atom:author/atom:name/text()", namespaces=NS)
    pages = entry.xpath("atom:author/atom:uri/text()", namespaces=NS)
    assert people == ["Олена Бриз", "Петро Хвиля"]
    assert pages == [f"{settings.FRONTEND_URL}/uk/author/{slug}/" for slug in ("olena-bryz", "petro-khvylia")]
    categories = [(each.get("term"), each.get("label")) for each in entry.findall("atom:category", NS)]
    assert categories == [("port", "Порт"), ("more", "Море")]
    assert entry.find("media:content", NS).get("width") == "1280"


def test_every_entry_has_an_author_of_its_own_or_the_feeds(client: Client) -> None:
    make_newsroom("Вісті")
    make_article("Без автора")

    (entry,) = feedparser.parse(get(client, ATOM).content).entries
    feed = atom(client)

    assert entry.title == "Без автора"
    assert feed.xpath("atom:entry/atom:author", namespaces=NS) == []
    assert feed.xpath("atom:author/atom:name/text()", namespaces=NS) == ["Вісті"]


def test_ids_are_unlike_each_other(client: Client) -> None:
    for n in range(3):
        make_article(f"№{n}")

    found = atom(client).xpath("//atom:id/text()", namespaces=NS)

    assert len(set(found)) == len(found) == 4
    assert found[0] == f"{settings.BASE_URL}{ATOM}"


@pytest.mark.parametrize(("written", "read"), NASTY)
def test_hostile_words_stay_words(client: Client, written: str, read: str | None) -> None:
    read = " ".join((written if read is None else read).split())
    make_newsroom(written, written)
    section, author = make_section(written, slug="r"), make_author(written, slug="a")
    make_article(written, slug="s", lede=written, section=section, authors=[author], tags=[written[:90]])

    feed = atom(client)

    (entry,) = feed.findall("atom:entry", NS)
    for text in ("atom:title", "atom:summary", "atom:author/atom:name"):
        assert " ".join(entry.findtext(text, namespaces=NS).split()) == read
    assert feed.findtext("atom:title", namespaces=NS) == feed.findtext("atom:subtitle", namespaces=NS) == read
    assert entry.find("atom:category", NS).get("label") == read
