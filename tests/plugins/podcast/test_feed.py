"""The feed: what Apple requires, what Podcasting 2.0 adds, what stands in it."""

from email.utils import parsedate_to_datetime

import feedparser
import pytest
from django.test import Client

from tests.plugins.podcast.making import (
    NAMES,
    cover,
    feed_of,
    make_episode,
    make_show,
    mp3,
    one,
    text,
    titles,
    tree,
    upload,
    with_everything,
)
from tests.support.content import at, body, make_article, make_image, problem

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("podcast")]

# --- what Apple requires ---


def test_a_show_has_every_tag_that_apple_requires(client: Client) -> None:
    show = make_show("Хвиля", artwork=cover(), copyright="© Порт", kind="serial", explicit=True)
    make_episode(show)

    response = feed_of(client, show)
    channel = one(tree(response), "channel")

    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert text(channel, "title") == "Хвиля"
    assert text(channel, "description") == "Голоси порту"
    assert one(channel, "itunes:image").get("href").endswith(".jpg")
    assert text(channel, "language") == "uk"
    first, second = channel.findall("itunes:category", NAMES)
    assert (first.get("text"), one(first, "itunes:category").get("text")) == ("News", "Daily News")
    assert (second.get("text"), len(second)) == ("True Crime", 0)
    assert text(channel, "itunes:explicit") == "true"
    # Recommended and situational ones.
    assert text(channel, "itunes:author") == "Редакція порту"
    assert text(channel, "link") == "http://localhost:8000/uk/khvylia/"
    assert text(channel, "itunes:owner/itunes:email") == "podcast@port.example"
    assert text(channel, "itunes:owner/itunes:name") == "Олена Береговенко"
    assert text(channel, "itunes:type") == "serial"
    assert text(channel, "copyright") == "© Порт"
    assert one(channel, "atom:link").attrib == {
        "href": "http://localhost:8000/feeds/podcast/khvylia.xml",
        "rel": "self",
        "type": "application/rss+xml",
    }


def test_an_episode_has_every_tag_that_apple_requires(client: Client) -> None:
    show = make_show("Хвиля")
    square = make_image("Кран", size=(1400, 1400))
    episode = make_episode(
        show,
        "Кран №5",
        lede="Хто його <підняв>?",
        image=square,
        audio=upload("Кран.mp3", mp3(7)),
        season=2,
        episode=5,
        episode_type="bonus",
        published_at=at("2026-01-14T16:30:00+02:00"),
    )

    item = one(tree(feed_of(client, show)), "channel/item")

    assert text(item, "title") == "Кран №5"
    enclosure = one(item, "enclosure").attrib
    assert enclosure["url"] == f"http://localhost:8000{episode.audio.url}"
    assert (enclosure["length"], enclosure["type"]) == (str(len(mp3(7))), "audio/mpeg")
    guid = one(item, "guid")
    assert (guid.text, guid.get("isPermaLink")) == (episode.guid, "false")
    assert text(item, "pubDate") == "Wed, 14 Jan 2026 14:30:00 GMT"
    assert text(item, "description") == "Хто його &lt;підняв&gt;?"
    assert text(item, "itunes:duration") == "7"
    assert text(item, "link") == "http://localhost:8000/uk/khvylia/kran-no5/"
    assert one(item, "itunes:image").get("href").endswith(".jpg")
    assert text(item, "itunes:explicit") == "false"
    assert (text(item, "itunes:season"), text(item, "itunes:episode")) == ("2", "5")
    assert text(item, "itunes:episodeType") == "bonus"


def test_an_oblong_picture_is_not_given_to_podcast_apps(client: Client) -> None:
    show = make_show(artwork=None)
    make_episode(show, image=make_image("Причал", size=(1600, 1400)))

    root = tree(feed_of(client, show))

    assert root.findall(".//itunes:image", NAMES) == []


# --- Podcasting 2.0 ---


def test_the_show_tells_what_podcasting_2_adds(client: Client) -> None:
    from plugins.podcast.models import ShowPerson

    show = make_show(
        "Хвиля",
        funding_url="https://port.example/support?a=1&b=2",
        funding_text="Підтримати",
        people=[ShowPerson(name="Олена", role="host")],
    )
    channel = one(tree(feed_of(client, show)), "channel")

    assert text(channel, "podcast:guid") == str(show.guid)
    locked = one(channel, "podcast:locked")
    assert (locked.text, locked.get("owner")) == ("yes", "podcast@port.example")
    funding = one(channel, "podcast:funding")
    assert (funding.text, funding.get("url")) == ("Підтримати", "https://port.example/support?a=1&b=2")
    assert text(channel, "podcast:medium") == "podcast"
    person = one(channel, "podcast:person")
    assert (person.text, person.attrib) == ("Олена", {"role": "host", "group": "cast"})


def test_people_have_the_roles_and_groups_of_the_taxonomy(client: Client) -> None:
    from plugins.podcast.models import Person, ShowPerson

    show = make_show(people=[ShowPerson(name="Олена", role=role) for role in Person.Role.values])

    people = one(tree(feed_of(client, show)), "channel").findall("podcast:person", NAMES)

    # https://github.com/Podcastindex-org/podcast-namespace/blob/main/taxonomy.json, in lower case.
    assert {(person.get("role"), person.get("group")) for person in people} == {
        ("host", "cast"),
        ("co-host", "cast"),
        ("guest", "cast"),
        ("reporter", "cast"),
        ("narrator", "cast"),
        ("producer", "creative direction"),
        ("editor", "writing"),
        ("composer", "audio post-production"),
    }


def test_an_episode_tells_what_podcasting_2_adds_and_its_files_are_there(client: Client) -> None:
    show = make_show("Хвиля")
    with_everything(show, season=2, episode=5)

    item = one(tree(feed_of(client, show)), "channel/item")

    assert (text(item, "podcast:season"), text(item, "podcast:episode")) == ("2", "5")
    person = one(item, "podcast:person")
    assert (person.text, person.get("role"), person.get("href")) == (
        "Гість & гість",
        "guest",
        "https://port.example/guest",
    )
    chapters, transcript = one(item, "podcast:chapters"), one(item, "podcast:transcript")
    assert chapters.get("type") == "application/json+chapters"
    assert (transcript.get("type"), transcript.get("language"), transcript.get("rel")) == ("text/vtt", "uk", "captions")

    answer = client.get(chapters.get("url"), headers={"Accept": "application/json+chapters"})
    assert answer["Content-Type"] == "application/json+chapters"
    assert answer.json() == {
        "version": "1.2.0",
        "title": "Кран №5",
        "chapters": [
            {"startTime": 0, "title": "Вступ"},
            {"startTime": 150, "title": "Кран", "url": "https://port.example/crane"},
        ],
    }
    answer = client.get(transcript.get("url"), headers={"Accept": "text/vtt"})
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer.content.decode().startswith("WEBVTT\n\n00:00:00.000 --> 00:00:02.500\n<v Олена>Доброго ранку")
    again = client.get(transcript.get("url"), headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_episode_without_chapters_and_transcript_has_no_such_tags_and_files(client: Client) -> None:
    show = make_show()
    episode = make_episode(show, transcript="<p>Лише текст</p>")

    item = one(tree(feed_of(client, show)), "channel/item")

    assert item.findall("podcast:chapters", NAMES) == item.findall("podcast:transcript", NAMES) == []
    for name in ("chapters", "transcript"):
        problem(client, f"/x/podcast/{show.slug}/{episode.slug}/{name}/", 404)


# --- the document ---


def test_feedparser_reads_it_without_complaint(client: Client) -> None:
    show = make_show("Хвиля <&>", artwork=cover(), lede="А «Б» & В")
    with_everything(
        show,
        "Кран <№5> & компанія",
        body=body(
            ("heading", {"text": "Нотатки <1>", "level": "2"}),
            ("paragraph", '<p>Дивіться <a href="https://port.example/?a=1&amp;b=2">план</a></p>'),
            ("quote", {"text": "Так & так", "attribution": "Майстер", "role": ""}),
        ),
    )

    parsed = feedparser.parse(feed_of(client, show).content)

    assert not parsed.bozo
    assert parsed.version == "rss20"
    assert parsed.feed.title == "Хвиля <&>"
    (entry,) = parsed.entries
    assert entry.title == "Кран <№5> & компанія"
    assert entry.enclosures[0].type == "audio/mpeg"
    assert entry.itunes_duration == "2530"
    assert not entry.guidislink
    notes = entry.content[0].value
    assert "<h2>Нотатки &lt;1&gt;</h2>" in notes
    assert 'href="https://port.example/?a=1&amp;b=2"' in notes
    assert "<blockquote><p>Так &amp; так</p><p>Майстер</p></blockquote>" in notes


def test_what_xml_has_no_place_for_is_left_out(client: Client) -> None:
    show = make_show("Хвиля\x0b", lede="Дзвінок\x07\ufffe]]>")
    make_episode(show, "Випуск\x1b[0m")

    channel = one(tree(feed_of(client, show)), "channel")

    assert (text(channel, "title"), text(channel, "description")) == ("Хвиля", "Дзвінок]]>")
    assert text(channel, "item/title") == "Випуск[0m"


def test_episodes_are_the_newest_first_and_as_many_as_staff_allow(client: Client) -> None:
    from cms.registry import states

    show = make_show()
    for day in (12, 14, 13):
        make_episode(show, f"День {day}", published_at=at(f"2026-01-{day}T08:00:00+02:00"))

    assert titles(client, show) == ["День 14", "День 13", "День 12"]
    dates = [parsedate_to_datetime(item.findtext("pubDate")) for item in tree(feed_of(client, show)).iter("item")]
    assert dates == sorted(dates, reverse=True)

    states.save_settings("podcast", {"episodes_shown": 2})
    assert titles(client, show) == ["День 14", "День 13"]


def test_a_feed_holds_the_episodes_of_its_own_show(client: Client) -> None:
    show, other = make_show(), make_show()
    make_episode(show, "Наш")
    make_episode(other, "Їхній")
    make_article("Стаття")

    assert titles(client, show) == ["Наш"]


def test_shows_of_one_slug_are_told_apart_by_language(client: Client) -> None:
    ukrainian = make_show("Хвиля", slug="wave")
    russian = make_show("Волна", slug="wave", locale="ru")
    make_episode(russian, "Выпуск")

    assert text(tree(feed_of(client, ukrainian)), "channel/title") == "Хвиля"
    channel = one(tree(feed_of(client, russian, locale="ru")), "channel")
    assert (text(channel, "title"), text(channel, "language"), text(channel, "item/title")) == ("Волна", "ru", "Выпуск")
    assert one(channel, "atom:link").get("href") == "http://localhost:8000/feeds/podcast/wave.xml?locale=ru"
    assert feed_of(client, ukrainian, locale="en").status_code == 404
    assert feed_of(client, ukrainian, locale="xx").status_code == 400


def test_the_files_of_an_episode_in_another_language_are_at_the_addresses_that_its_feed_gives(client: Client) -> None:
    show = make_show("Волна", locale="ru")
    with_everything(show, "Кран")
    with_everything(make_show("Хвиля"), "Кран")

    item = one(tree(feed_of(client, show, locale="ru")), "channel/item")

    for name in ("chapters", "transcript"):
        assert client.get(one(item, f"podcast:{name}").get("url")).status_code == 200
