"""RSS 2.0."""

import re
from urllib.parse import urlsplit

import feedparser
import pytest
from django.test import Client
from lxml import etree

from tests.api.feeds.support import NASTY, NS, RSS, get, make_newsroom, rss
from tests.support.content import at, make_article, make_author, make_image, make_section

pytestmark = pytest.mark.django_db

RFC_2822 = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"


def test_an_item_is_all_that_its_teaser_says(client: Client) -> None:
    page = make_article(
        "Новий причал",
        lede="Його будували два роки.",
        section=make_section("Порт"),
        authors=[make_author("Олена Бриз"), make_author("Петро Хвиля")],
        tags=["Море"],
        image=make_image("Причал", credit="Фото: М. Мур", size=(1600, 1000)),
        published_at=at("2026-01-14T16:30:00+02:00"),
    )

    (item,) = rss(client).findall("item")

    assert item.findtext("title") == "Новий причал"
    assert item.findtext("link") == page.public_url
    assert item.findtext("pubDate") == "Wed, 14 Jan 2026 14:30:00 GMT"
    assert item.xpath("dc:creator/text()", namespaces=NS) == ["Олена Бриз", "Петро Хвиля"]
    assert item.xpath("category/text()") == ["Порт", "Море"]
    assert item.findtext("description") == "Його будували два роки."
    picture = item.find("media:content", NS)
    assert picture.get("type") in ("image/jpeg", "image/webp") and picture.get("medium") == "image"
    assert (picture.get("width"), picture.get("height")) == ("1280", "800"), "the largest rendition"
    assert picture.get("url").startswith("http")
    assert picture.findtext("media:credit", namespaces=NS) == "Фото: М. Мур"
    assert picture.findtext("media:description", namespaces=NS) == "Причал здалеку"


def test_it_has_what_the_specification_and_its_profile_demand(client: Client) -> None:
    make_newsroom()
    for n in range(3):
        make_article(f"№{n}", lede="Підводка", authors=[make_author()], image=make_image())

    root = etree.fromstring(get(client, RSS).content)

    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    channel = root[0]
    for name in ("title", "link", "description", "language", "lastBuildDate"):
        assert len(channel.findall(name)) == 1 and channel.findtext(name), name
    for moment in channel.xpath(".//pubDate | lastBuildDate"):
        assert re.fullmatch(RFC_2822, moment.text), moment.text
    guids = channel.xpath("item/guid/text()")
    assert len(set(guids)) == len(guids) == 3
    for item in channel.findall("item"):
        for name in ("title", "link", "guid", "pubDate", "description"):
            assert len(item.findall(name)) == 1 and item.findtext(name), name
        assert item.find("guid").get("isPermaLink") == "false"
        assert urlsplit(item.findtext("link")).netloc


def test_readers_programs_understand_it(client: Client) -> None:
    make_newsroom()
    make_article("Новина", lede="Підводка", authors=[make_author("Олена Бриз")], image=make_image())

    parsed = feedparser.parse(client.get(RSS).content)

    (entry,) = parsed.entries
    assert parsed.feed.title == "Острівні вісті"
    assert (entry.title, entry.summary, entry.author) == ("Новина", "Підводка", "Олена Бриз")
    assert entry.published_parsed and entry.media_content[0]["medium"] == "image"
    assert entry.guidislink is False


def test_an_item_without_lede_picture_or_author_is_valid_too(client: Client) -> None:
    make_article("Коротко")

    (item,) = rss(client).findall("item")

    assert [child.tag for child in item] == ["title", "link", "guid", "pubDate"]


@pytest.mark.parametrize(("written", "read"), NASTY)
def test_hostile_words_stay_words(client: Client, written: str, read: str | None) -> None:
    read = " ".join((written if read is None else read).split())
    make_newsroom(written, written)
    section = make_section(written, slug="r")
    author = make_author(written, slug="a")
    page = make_article(written, slug="s", lede=written, section=section, authors=[author], tags=[written[:90]])
    page.image = make_image(written, description=written, credit=written)
    page.save_revision().publish()

    channel = rss(client)

    (item,) = channel.findall("item")
    assert item.findtext("title") == channel.findtext("title") == channel.findtext("description") == read
    assert item.findtext("dc:creator", namespaces=NS) == item.findtext("category") == read
    assert item.findtext("media:content/media:credit", namespaces=NS) == read
    # A description is HTML to those who read it: what they show is what was written.
    assert etree.HTML(f"<p>{item.findtext('description')}</p>").xpath("string()") == read


def test_no_markup_of_a_lede_comes_to_life_in_a_readers_program(client: Client) -> None:
    make_article("Новина", lede="Пишуть: <img src=x onerror=alert(1)> & <b>годі</b>")

    (entry,) = feedparser.parse(client.get(RSS).content, sanitize_html=False).entries

    assert entry.summary == "Пишуть: &lt;img src=x onerror=alert(1)&gt; &amp; &lt;b&gt;годі&lt;/b&gt;"
