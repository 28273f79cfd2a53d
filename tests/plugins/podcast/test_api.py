"""Shows and episodes in the API, in structured data, in search, in mail and in imports."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page

from cms.content.teasers import teasers_for
from tests.plugins.podcast.making import CAPTIONS, cover, make_episode, make_show, upload
from tests.support.content import api, at, headlines, make_author, problem

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("podcast")]


def listed(client: Client, show: Any) -> list[str]:
    return [each["headline"] for each in api(client, f"/content/podcast/{show.slug}/")["episodes"]]


def test_a_show_lists_its_newest_episodes_and_they_name_it(client: Client) -> None:
    show = make_show("Хвиля")
    older = make_episode(show, "Перший", published_at=at("2026-01-12T08:00:00+02:00"))
    make_episode(show, "Другий", published_at=at("2026-01-13T08:00:00+02:00"))

    assert listed(client, show) == ["Другий", "Перший"]
    named = api(client, f"/content/episode/{older.slug}/")["show"]
    assert (named["headline"], named["type"], named["id"]) == ("Хвиля", "podcast", show.pk)


def test_an_episode_that_moves_is_listed_where_it_stands(client: Client) -> None:
    show, other = make_show(), make_show()
    episode = make_episode(show, "Мандрівний")

    Page.objects.get(pk=episode.pk).move(Page.objects.get(pk=other.pk), pos="last-child")

    assert (listed(client, show), listed(client, other)) == ([], ["Мандрівний"])
    assert api(client, f"/content/episode/{episode.slug}/")["show"]["slug"] == other.slug


def test_episodes_are_found_by_show_and_season(client: Client) -> None:
    show, other = make_show(), make_show()
    make_episode(show, "Перший", season=1)
    make_episode(show, "Другий", season=2)
    make_episode(other, "Чужий", season=2)

    assert set(headlines(client, type="episode", show=show.slug)) == {"Перший", "Другий"}
    assert headlines(client, type="episode", show=show.slug, season="2") == ["Другий"]
    assert set(headlines(client, type="episode", season="1,2")) == {"Перший", "Другий", "Чужий"}


def test_a_transcript_is_read_followed_and_found(client: Client) -> None:
    show = make_show()
    episode = make_episode(show, "Ранок", transcript="<p>Про <b>маяк</b></p>", captions=CAPTIONS)

    transcript = api(client, f"/content/episode/{episode.slug}/")["transcript"]

    assert transcript["html"] == "<p>Про <b>маяк</b></p>"
    assert [cue["speaker"] for cue in transcript["cues"]] == ["Олена", ""]
    assert transcript["url"] == f"http://localhost:8000/api/v1/x/podcast/{show.slug}/{episode.slug}/transcript/"
    for words in ("маяк", "чайки"):
        assert headlines(client, q=words) == ["Ранок"], words


def test_a_teaser_of_an_episode_can_be_played(client: Client) -> None:
    episode = make_episode(make_show(), audio=upload())

    (teaser,) = api(client, "/content/", type="episode")["results"]

    assert teaser["audio"]["url"] == f"http://localhost:8000{episode.audio.url}"
    assert teaser["audio"]["duration"] == 2


def test_search_engines_are_told_of_a_series(client: Client) -> None:
    show = make_show("Хвиля", artwork=cover())

    found = api(client, "/content/podcast/khvylia/")["json_ld"]

    assert found["@type"] == "PodcastSeries"
    assert (found["name"], found["webFeed"]) == ("Хвиля", show.feed_url)
    assert found["author"] == {"@type": "Organization", "name": "Редакція порту"}
    assert found["image"].endswith(".jpg")


def test_search_engines_are_told_of_an_episode(client: Client) -> None:
    show = make_show("Хвиля")
    make_episode(show, "Кран", season=2, episode=5, duration=3723, authors=[make_author("Олена")])

    found = api(client, "/content/episode/kran/")["json_ld"]

    assert found["@type"] == "PodcastEpisode"
    assert (found["name"], found["episodeNumber"], found["timeRequired"]) == ("Кран", 5, "PT1H2M3S")
    assert found["associatedMedia"]["@type"] == "AudioObject"
    assert found["associatedMedia"]["encodingFormat"] == "audio/mpeg"
    assert found["partOfSeries"] == {"@type": "PodcastSeries", "url": "http://localhost:8000/uk/khvylia/"}
    assert found["partOfSeason"]["seasonNumber"] == 2
    olena = "http://localhost:8000/uk/author/olena/"
    assert found["author"] == [{"@type": "Person", "name": "Олена", "url": olena}]


def test_the_schema_describes_shows_and_episodes(client: Client) -> None:
    schema = json.loads(client.get("/api/v1/schema/", headers={"Accept": "application/json"}).content)

    shapes = schema["components"]["schemas"]
    show, episode = shapes["PodcastShowDetail"], shapes["EpisodeDetail"]
    assert {"feed_url", "artwork", "owner", "categories", "episodes", "guid"} <= set(show["properties"])
    assert {"transcript", "audio", "show", "chapters", "chapters_url", "season"} <= set(episode["properties"])
    answers = schema["paths"]["/api/v1/x/podcast/{show}/{episode}/transcript/"]["get"]["responses"]
    assert "text/vtt" in answers["200"]["content"]
    types = {each["type"] for each in api(client, "/types/")["results"]}
    assert {"podcast", "episode"} <= types


@pytest.mark.parametrize("name", ["chapters", "transcript"])
def test_a_parameter_that_means_nothing_is_refused(client: Client, name: str) -> None:
    show = make_show()
    episode = make_episode(show, captions=CAPTIONS)

    problem(client, f"/x/podcast/{show.slug}/{episode.slug}/{name}/", 400, format="srt")
    problem(client, f"/x/podcast/{show.slug}/{episode.slug}/{name}/", 400, locale="xx")


def test_an_episode_is_one_query(client: Client, django_assert_num_queries: Any) -> None:
    episode = make_episode(make_show(), captions=CAPTIONS)

    with django_assert_num_queries(1):
        api(client, f"/content/episode/{episode.slug}/")


@pytest.mark.parametrize(
    ("language", "note"), [("uk", "Подкаст · 42:10"), ("ru", "Подкаст · 42:10"), ("en", "Podcast · 42:10")]
)
def test_a_mail_tells_how_long_one_has_to_listen(language: str, note: str) -> None:
    from plugins.podcast.newsletters import teasers

    page = make_episode(make_show(), "Кран", lede="Хто його підняв?")
    teaser = teasers_for([page.pk])[page.pk]

    shown = teasers["episode"](teaser, language)

    assert (shown.headline, shown.lede, shown.note) == ("Кран", "Хто його підняв?", note)
    assert shown.url == teaser["url"]


def test_a_timed_transcript_that_an_import_spoilt_keeps_no_episode_from_readers(client: Client) -> None:
    episode = make_episode(make_show(), "Кран")
    type(episode).objects.filter(pk=episode.pk).update(captions="не субтитри")

    from cms.content.signals import pages_changed

    page = type(episode).objects.get(pk=episode.pk)
    pages_changed.send(type(page), pages=[page])

    assert api(client, "/content/episode/kran/")["transcript"] is None


def test_the_demo_has_shows(client: Client) -> None:
    from plugins import podcast

    call_command("import", str(Path(podcast.__file__).with_name("demo.jsonl")), verbosity=0)

    (show,) = api(client, "/content/", type="podcast")["results"]
    document = api(client, f"/content/podcast/{show['slug']}/")
    assert (document["headline"], document["people"][0]["name"]) == ("Тиха вода", "Мирон Яворенко")
    assert client.get(document["feed_url"]).status_code == 200
