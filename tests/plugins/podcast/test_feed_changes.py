"""The feed and its files over time: a change is in it at once, what is hidden is gone, and nothing is read twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.plugins.podcast.making import (
    CAPTIONS,
    cover,
    feed_of,
    file_of,
    make_episode,
    make_show,
    titles,
    with_everything,
)
from tests.support.content import api, body, front_of, headlines, make_article, make_image, problem, restrict

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("podcast")]


def test_a_feed_is_asked_for_again_by_its_etag_and_changes_with_its_episodes(client: Client) -> None:
    show = make_show()
    episode = make_episode(show, "Перший")
    first = feed_of(client, show)

    again = client.get(f"/feeds/podcast/{show.slug}.xml", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["ETag"]) == (304, first["ETag"])
    assert not first["ETag"].startswith("W/")
    assert f"page-{show.pk}" in first["Cache-Tag"] and f"page-{episode.pk}" in first["Cache-Tag"]
    assert client.head(f"/feeds/podcast/{show.slug}.xml").status_code == 200

    assert "content" in first["Cache-Tag"].split(","), "a new episode ends it"

    episode.unpublish()
    changed = client.get(f"/feeds/podcast/{show.slug}.xml", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


def queries_of(client: Client, show: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert feed_of(client, show).status_code == 200
    return [query["sql"] for query in captured]


def details_in(queries: list[str]) -> int:
    return sum(" p.detail" in query for query in queries)


def test_a_feed_takes_the_same_queries_for_one_episode_and_for_twenty(client: Client) -> None:
    show = make_show(artwork=cover())
    with_everything(show, "Випуск 0", image=make_image())
    one_written, one_remembered = queries_of(client, show), queries_of(client, show)
    for number in range(1, 20):
        with_everything(show, f"Випуск {number}")

    twenty_written, twenty_remembered = queries_of(client, show), queries_of(client, show)

    assert len(titles(client, show)) == 20
    assert len(twenty_written) <= len(one_written) <= 6
    assert len(twenty_remembered) == len(one_remembered) <= 4


def test_a_feed_that_has_not_changed_reads_the_documents_of_no_episode(client: Client) -> None:
    show = make_show()
    episode = with_everything(show)
    first = feed_of(client, show)

    again = queries_of(client, show)

    # The show's own is read, and says that nothing has changed.
    assert details_in(again) == 1
    assert feed_of(client, show).content == first.content
    episode.get_latest_revision_as_object().save_revision().publish()
    assert details_in(queries_of(client, show)) == 2


def change_audio(show: Any, episode: Any) -> None:
    episode.audio_size = 7
    episode.save_revision().publish()


def change_guid(show: Any, episode: Any) -> None:
    episode.guid = "port-7"
    episode.save_revision().publish()


def change_notes(show: Any, episode: Any) -> None:
    episode.body = body(("paragraph", "<p>Нові нотатки</p>"))
    episode.save_revision().publish()


def change_chapters(show: Any, episode: Any) -> None:
    episode.chapters = []
    episode.save_revision().publish()


def change_show(show: Any, episode: Any) -> None:
    show.copyright = "© Порт"
    show.save_revision().publish()


def change_lede(show: Any, episode: Any) -> None:
    draft = show.get_latest_revision_as_object()
    draft.lede = "Інше"
    draft.save_revision().publish()


def delete_episode(show: Any, episode: Any) -> None:
    episode.delete()


@pytest.mark.parametrize(
    "change", [change_audio, change_guid, change_notes, change_chapters, change_show, change_lede, delete_episode]
)
def test_whatever_is_published_is_in_the_feed_at_once(client: Client, change: Any) -> None:
    show = make_show()
    episode = with_everything(show)
    before = feed_of(client, show)

    change(type(show).objects.get(pk=show.pk), type(episode).objects.get(pk=episode.pk))

    assert feed_of(client, show).content != before.content


def test_a_feed_is_there_while_redis_is_not(client: Client, settings: Any) -> None:
    show = make_show()
    make_episode(show, "Випуск")
    feed_of(client, show)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}

    assert titles(client, show) == ["Випуск"]


def test_what_strangers_ask_for_leaves_nothing_in_redis(client: Client) -> None:
    show = make_show()
    feed_of(client, show)
    server = cache._cache.get_client()
    before = set(server.keys("*"))

    for parameters in ({"x": "1"}, {"locale": "uk", "utm_source": "2"}, {"locale": "xx"}, {"locale": ["uk", "xx"]}):
        assert feed_of(client, show, **parameters).status_code == 400
    assert feed_of(client, show, locale="uk").status_code == 200
    assert feed_of(client, show, locale="ru").status_code == 404

    assert set(server.keys("*")) == before


# --- what readers may not see ---


def hide_as_draft(page: Any) -> None:
    page.unpublish()


def hide_as_private(page: Any) -> None:
    restrict(page)


def hide_as_expired(page: Any) -> None:
    draft = page.get_latest_revision_as_object()
    draft.expire_at = timezone.now() + timedelta(milliseconds=300)
    draft.save_revision().publish()
    while timezone.now() < draft.expire_at:
        pass


def hide_as_deleted(page: Any) -> None:
    type(page).objects.get(pk=page.pk).delete()


HIDDEN = [hide_as_draft, hide_as_private, hide_as_expired, hide_as_deleted]


@pytest.mark.parametrize("hide", HIDDEN)
def test_a_hidden_episode_is_in_no_feed_and_has_no_files(client: Client, hide: Any) -> None:
    show = make_show()
    make_episode(show, "Видимий")
    hidden = with_everything(show, "Прихований")
    assert file_of(client, show, hidden, "chapters").status_code == 200

    hide(hidden)

    assert "Прихований" not in feed_of(client, show).content.decode()
    assert titles(client, show) == ["Видимий"]
    for name in ("chapters", "transcript"):
        assert file_of(client, show, hidden, name).status_code == 404
    assert [each["headline"] for each in api(client, f"/content/podcast/{show.slug}/")["episodes"]] == ["Видимий"]


@pytest.mark.parametrize("hide", HIDDEN)
def test_a_hidden_show_has_no_feed_and_its_episodes_have_no_files(client: Client, hide: Any) -> None:
    show = make_show("Таємна хвиля")
    episode = with_everything(show, "Випуск")

    hide(show)

    assert feed_of(client, show).status_code == 404
    for name in ("chapters", "transcript"):
        assert file_of(client, show, episode, name).status_code == 404
    if headlines(client, type="episode"):
        document = api(client, f"/content/episode/{episode.slug}/")
        assert document["show"] is None
        assert "Таємна" not in str(document)


def test_an_episode_that_was_never_published_is_not_in_the_feed(client: Client) -> None:
    show = make_show()
    draft = with_everything(show, "Чернетка", live=False)
    planned = make_episode(show, "Запланований", live=False)
    planned.go_live_at = timezone.now() + timedelta(days=1)
    planned.save_revision().publish()

    assert titles(client, show) == []
    assert file_of(client, show, draft, "transcript").status_code == 404


def test_what_is_changed_in_a_draft_is_not_in_the_feed(client: Client) -> None:
    show = make_show("Хвиля")
    episode = with_everything(show, "Кран")
    for page in (show, episode):
        draft = page.get_latest_revision_as_object()
        draft.title, draft.lede, draft.captions = "Чернетка", "Чернетка", CAPTIONS.replace("чайки", "чернетки")
        draft.save_revision()

    assert "ернетк" not in feed_of(client, show).content.decode()
    assert "чернетки" not in file_of(client, show, episode, "transcript").content.decode()


def test_an_episode_is_not_found_under_another_show(client: Client) -> None:
    show, other = make_show(), make_show()
    episode = with_everything(show)

    assert file_of(client, other, episode, "chapters").status_code == 404


def test_there_is_no_feed_of_what_is_no_podcast(client: Client) -> None:
    article = make_article("Порт")

    assert feed_of(client, article).status_code == 404
    assert feed_of(client, front_of()).status_code == 404


def test_while_the_plugin_is_switched_off_there_is_nothing(client: Client) -> None:
    from cms.registry import states

    show = make_show()
    episode = with_everything(show)
    states.deactivate("podcast")

    assert feed_of(client, show).status_code == 404
    assert file_of(client, show, episode, "chapters").status_code == 404
    problem(client, f"/content/podcast/{show.slug}/", 404)
