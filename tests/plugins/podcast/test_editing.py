"""What an editor does: shows and episodes in the admin's forms, uploads, drafts, copies, deletion."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, Revision
from wagtail.test.utils.form_data import inline_formset, rich_text

from tests.plugins.podcast.making import CAPTIONS, cover, make_episode, make_show, mp3, stored, upload, wav
from tests.support.content import (
    api,
    form_of,
    front_of,
    locale_of,
    make_article,
    make_editor,
    make_image,
    page_form,
    problem,
)

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("podcast")]


@pytest.fixture
def editor() -> Client:
    browser = Client()
    browser.force_login(make_editor())
    return browser


def episode_fields(**fields: Any) -> dict[str, Any]:
    return {
        "audio_url": "",
        "duration": "",
        "audio_size": "",
        "mime_type": "",
        "season": "",
        "episode": "",
        "episode_type": "full",
        "transcript": rich_text(""),
        "captions": "",
        "guid": "port-1",
        "chapters": inline_formset([]),
        "people": inline_formset([]),
        **fields,
    }


def add_episode(editor: Client, show: Page, title: str = "Кран", *, action: str = "publish", **fields: Any) -> Any:
    address = reverse("wagtailadmin_pages:add", args=["podcast", "episodepage", show.pk])
    return editor.post(address, page_form(title, action=action, **episode_fields(**fields)))


def edit_episode(editor: Client, page: Any, *, action: str = "publish", **fields: Any) -> Any:
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return editor.post(address, form_of(page, action=action, **episode_fields(**{"guid": page.guid, **fields})))


def errors(response: Any) -> dict[str, Any]:
    assert response.status_code == 200
    return response.context["form"].errors


def the_episode() -> Any:
    from plugins.podcast.models import EpisodePage

    return EpisodePage.objects.get()


ELSEWHERE = {
    "audio_url": "https://audio.example/1.mp3",
    "duration": "42:10",
    "audio_size": "40480000",
    "mime_type": "audio/mpeg",
}


# --- shows ---


def show_form(action: str = "publish", **fields: Any) -> dict[str, Any]:
    known = {
        "lede": "Голоси порту",
        "artwork": "",
        "author": "Редакція",
        "owner_name": "Олена",
        "owner_email": "podcast@port.example",
        "category": "News / Politics",
        "second_category": "",
        "kind": "serial",
        "copyright": "",
        "funding_url": "https://port.example/support",
        "funding_text": "Підтримати",
        "guid": "",
        "feed_locked": "on",
        "people": inline_formset([{"name": "Олена", "role": "host", "url": ""}]),
    }
    return page_form("Хвиля", action=action, **{**known, **fields})


def add_show(editor: Client, **fields: Any) -> Any:
    address = reverse("wagtailadmin_pages:add", args=["podcast", "podcastshowpage", front_of().pk])
    return editor.post(address, show_form(**fields))


def test_an_editor_publishes_a_show_in_the_form_and_readers_see_it(client: Client, editor: Client) -> None:
    assert add_show(editor, artwork=cover().pk).status_code == 302

    document = api(client, "/content/podcast/khvylia/")
    assert (document["author"], document["kind"], document["locked"]) == ("Редакція", "serial", True)
    assert document["owner"] == {"name": "Олена", "email": "podcast@port.example"}
    assert document["categories"] == [{"name": "News", "subcategory": "Politics"}]
    assert document["funding"] == {"url": "https://port.example/support", "text": "Підтримати"}
    assert document["people"] == [{"name": "Олена", "role": "host", "url": ""}]
    assert document["artwork"]["width"] == 1400
    assert document["artwork"]["url"].startswith("http://localhost:8000/media/")
    assert document["artwork"]["url"].endswith(".jpg")
    assert document["feed_url"] == "http://localhost:8000/feeds/podcast/khvylia.xml"
    assert document["episodes"] == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"owner_email": ""}, "owner_email"),
        ({"owner_email": "не пошта"}, "owner_email"),
        ({"category": "News / Chess"}, "category"),
        ({"funding_url": ""}, "funding_url"),
        ({"guid": "не guid"}, "guid"),
        ({"kind": "weekly"}, "kind"),
    ],
)
def test_a_wrong_show_is_refused_with_the_field_named(editor: Client, fields: Any, field: str) -> None:
    assert field in errors(add_show(editor, **fields))


@pytest.mark.parametrize("size", [(1600, 1400), (1399, 1399)])
def test_artwork_that_directories_would_refuse_is_refused_here(editor: Client, size: tuple[int, int]) -> None:
    picture = make_image("Причал", size=size)

    (message,) = errors(add_show(editor, artwork=picture.pk))["artwork"]

    assert f"{size[0]} × {size[1]}" in message and "1400" in message


def test_larger_artwork_is_made_smaller(client: Client, editor: Client) -> None:
    add_show(editor, artwork=cover(3200).pk)

    assert api(client, "/content/podcast/khvylia/")["artwork"]["width"] == 3000


# --- audio ---


@pytest.mark.parametrize(
    ("content", "mime", "ending", "duration"),
    [(mp3(7), "audio/mpeg", ".mp3", 7), (wav(3), "audio/wav", ".wav", 3)],
)
def test_an_uploaded_file_tells_what_it_is(
    client: Client, editor: Client, content: bytes, mime: str, ending: str, duration: int
) -> None:
    show = make_show()

    response = add_episode(editor, show, audio=upload("Випуск 1.html", content), duration="99:59", mime_type="")

    assert response.status_code == 302
    audio = api(client, "/content/episode/kran/")["audio"]
    assert (audio["mime"], audio["size"], audio["duration"]) == (mime, len(content), duration)
    # Named for its words, ended by what it is, and not to be guessed.
    assert audio["url"].startswith("http://localhost:8000/media/podcast/")
    assert audio["url"].endswith(f"/vypusk-1{ending}")
    assert len(audio["url"].split("/")[-2]) == 32
    assert stored(the_episode().audio.name) == content


def test_what_is_no_audio_is_a_clear_error_of_the_form(editor: Client) -> None:
    response = add_episode(editor, make_show(), audio=upload("1.mp3", b"<script>alert(1)</script>" * 100))

    assert errors(response) == {
        "audio": [
            "Це не аудіофайл, який відтворюють застосунки для подкастів. Завантажте файл MP3, M4A, Ogg, FLAC або WAV."
        ]
    }


def test_a_file_larger_than_staff_allow_is_refused(editor: Client) -> None:
    from cms.registry import states

    states.save_settings("podcast", {"largest_upload": 1})

    (message,) = errors(add_episode(editor, make_show(), audio=upload(content=mp3(70))))["audio"]

    assert "2 МБ" in message and "1 МБ" in message


def test_a_file_elsewhere_is_described_by_the_editor(client: Client, editor: Client) -> None:
    assert add_episode(editor, make_show(), **ELSEWHERE).status_code == 302

    assert api(client, "/content/episode/kran/")["audio"] == {
        "url": "https://audio.example/1.mp3",
        "mime": "audio/mpeg",
        "size": 40480000,
        "duration": 2530,
    }


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"audio"}),
        ({"audio_url": "https://audio.example/1.mp3"}, {"duration", "audio_size", "mime_type"}),
        ({**ELSEWHERE, "audio_url": "javascript:alert(1)"}, {"audio_url"}),
        ({**ELSEWHERE, "duration": "пів години"}, {"duration"}),
        ({**ELSEWHERE, "mime_type": "text/html"}, {"mime_type"}),
        ({**ELSEWHERE, "season": "0"}, {"season"}),
        ({**ELSEWHERE, "captions": "просто слова"}, {"captions"}),
        ({**ELSEWHERE, "guid": ""}, {"guid"}),
    ],
)
def test_a_wrong_episode_is_refused_with_the_field_named(
    client: Client, editor: Client, fields: Any, wrong: set[str]
) -> None:
    assert set(errors(add_episode(editor, make_show(), **fields))) == wrong

    assert api(client, "/content/", type="episode")["results"] == []


def test_a_file_and_an_address_are_one_too_many(editor: Client) -> None:
    assert "audio_url" in errors(add_episode(editor, make_show(), audio=upload(), **ELSEWHERE))


def test_the_database_too_holds_one_of_the_two() -> None:
    from plugins.podcast.models import EpisodePage

    episode = make_episode(make_show())

    with pytest.raises(IntegrityError, match="podcast_one_audio"), transaction.atomic():
        EpisodePage.objects.filter(pk=episode.pk).update(audio="podcast/x/1.mp3")


def test_a_draft_may_wait_for_its_audio(client: Client, editor: Client) -> None:
    assert add_episode(editor, make_show(), action="").status_code == 302

    page = the_episode()
    assert "audio" in errors(edit_episode(editor, page))
    assert edit_episode(editor, page, audio=upload()).status_code == 302
    assert api(client, "/content/episode/kran/")["audio"]["duration"] == 2


def test_an_upload_into_the_draft_of_a_live_episode_is_kept_and_not_yet_heard(client: Client, editor: Client) -> None:
    add_episode(editor, make_show(), audio=upload(content=mp3(2)))
    page = the_episode()
    heard = api(client, "/content/episode/kran/")["audio"]

    assert edit_episode(editor, page, action="", audio=upload(content=mp3(9))).status_code == 302

    assert api(client, "/content/episode/kran/")["audio"] == heard
    draft = the_episode().get_latest_revision_as_object()
    assert draft.duration == 9
    assert stored(draft.audio.name) == mp3(9)
    draft.get_latest_revision().publish()
    assert api(client, "/content/episode/kran/")["audio"]["duration"] == 9


def test_an_edit_without_a_new_file_keeps_the_old_one_and_what_it_tells(client: Client, editor: Client) -> None:
    add_episode(editor, make_show(), audio=upload(content=mp3(2)))
    before = api(client, "/content/episode/kran/")["audio"]

    assert edit_episode(editor, the_episode(), duration="99:59", audio_size="1", mime_type="").status_code == 302

    assert api(client, "/content/episode/kran/")["audio"] == before


def test_an_editor_may_change_from_a_file_to_an_address(client: Client, editor: Client) -> None:
    add_episode(editor, make_show(), audio=upload())

    assert edit_episode(editor, the_episode(), **ELSEWHERE, **{"audio-clear": "on"}).status_code == 302

    assert api(client, "/content/episode/kran/")["audio"]["url"] == "https://audio.example/1.mp3"


def test_what_the_removed_file_told_is_not_said_of_the_one_elsewhere(client: Client, editor: Client) -> None:
    add_episode(editor, make_show(), audio=upload(content=mp3(7)))
    page = the_episode()
    told = {"duration": "0:07", "audio_size": page.audio_size, "mime_type": page.mime_type}
    moved = {"audio-clear": "on", "audio_url": "https://audio.example/1.mp3", **told}

    assert set(errors(edit_episode(editor, page, **moved))) == {"duration", "audio_size", "mime_type"}
    assert api(client, "/content/episode/kran/")["audio"]["url"].endswith(page.audio.url)

    # It may really be the same file: a draft forgets, and the editor says so.
    assert edit_episode(editor, page, action="", **moved).status_code == 302
    draft = the_episode().get_latest_revision_as_object()
    assert (draft.duration, draft.audio_size, draft.mime_type) == (None, None, "")
    assert edit_episode(editor, draft, audio_url="https://audio.example/1.mp3", **told).status_code == 302
    assert api(client, "/content/episode/kran/")["audio"] == {
        "url": "https://audio.example/1.mp3",
        "mime": "audio/mpeg",
        "size": len(mp3(7)),
        "duration": 7,
    }


def test_the_same_file_twice_is_stored_once_and_another_under_another_name(editor: Client) -> None:
    show = make_show()
    first = make_episode(show, audio=upload(content=mp3(2)))
    same = make_episode(show, audio=upload(content=mp3(2)))
    other = make_episode(show, audio=upload(content=mp3(3)))

    assert first.audio.name == same.audio.name != other.audio.name


def test_what_an_interrupted_upload_left_is_not_taken_for_the_file() -> None:
    show = make_show()
    first = make_episode(show, audio=upload())
    Path(first.audio.path).write_bytes(b"half")

    again = make_episode(show, audio=upload())

    assert stored(again.audio.name) == mp3()


def test_a_deleted_episode_takes_its_files_with_it(editor: Client, django_capture_on_commit_callbacks: Any) -> None:
    add_episode(editor, make_show(), audio=upload(content=mp3(2)))
    page = the_episode()
    edit_episode(editor, page, audio=upload(content=mp3(3)))
    names = [page.audio.name, the_episode().audio.name]
    assert all(default_storage.exists(name) for name in names)

    with django_capture_on_commit_callbacks(execute=True):
        the_episode().delete()

    assert not any(default_storage.exists(name) for name in names)


def test_a_deleted_show_takes_the_files_of_its_episodes_with_it(django_capture_on_commit_callbacks: Any) -> None:
    show = make_show()
    episode = make_episode(show, audio=upload())

    with django_capture_on_commit_callbacks(execute=True):
        Page.objects.get(pk=show.pk).delete()

    assert not default_storage.exists(episode.audio.name)


def test_only_revisions_of_episodes_keep_a_file(django_capture_on_commit_callbacks: Any) -> None:
    episode = make_episode(make_show(), audio=upload())
    article = make_article("Порт")
    article.save_revision()
    Revision.objects.for_instance(article).update(content={"audio": episode.audio.name})

    with django_capture_on_commit_callbacks(execute=True), CaptureQueriesContext(connection) as captured:
        type(episode).objects.get(pk=episode.pk).delete()

    assert not default_storage.exists(episode.audio.name)
    searched = [query["sql"] for query in captured if "-> 'audio'" in query["sql"] and " IN (" in query["sql"]]
    assert all("content_type_id" in query for query in searched)


def test_a_copy_keeps_the_file_that_it_shares_and_is_another_episode(django_capture_on_commit_callbacks: Any) -> None:
    episode = make_episode(make_show(), audio=upload())
    copied = episode.copy(update_attrs={"slug": "copy", "title": "Копія"})

    with django_capture_on_commit_callbacks(execute=True):
        episode.delete()

    assert default_storage.exists(copied.audio.name)
    assert copied.guid != episode.guid
    assert copied.get_latest_revision_as_object().guid == copied.guid


def test_a_deletion_that_is_rolled_back_deletes_no_file() -> None:
    episode = make_episode(make_show(), audio=upload())

    with pytest.raises(RuntimeError), transaction.atomic():
        type(episode).objects.get(pk=episode.pk).delete()
        raise RuntimeError

    assert default_storage.exists(episode.audio.name)


# --- the form ---


def test_the_form_asks_for_times_as_editors_write_them(client: Client, editor: Client) -> None:
    chapters = [
        {"start": "2:30", "title": "Кран", "url": "https://port.example/crane", "image": ""},
        {"start": "0:00", "title": "Вступ", "url": "", "image": make_image("Чайка").pk},
    ]

    response = add_episode(
        editor, make_show(), **ELSEWHERE, chapters=inline_formset(chapters), captions=CAPTIONS, season="2", episode="5"
    )

    assert response.status_code == 302
    document = api(client, "/content/episode/kran/")
    assert [(each["start"], each["title"], each["url"]) for each in document["chapters"]] == [
        (0, "Вступ", ""),
        (150, "Кран", "https://port.example/crane"),
    ]
    assert document["chapters"][0]["image"].endswith(".jpg")
    assert (document["season"], document["episode"], document["episode_type"]) == (2, 5, "full")
    form = editor.get(reverse("wagtailadmin_pages:edit", args=[the_episode().pk])).content.decode()
    assert 'value="42:10"' in form
    assert 'value="2:30"' in form
    assert 'enctype="multipart/form-data"' in form


def test_episodes_stand_in_shows_and_shows_where_content_stands() -> None:
    from plugins.podcast.models import EpisodePage, PodcastShowPage

    assert EpisodePage.can_create_at(make_show())
    assert not EpisodePage.can_create_at(front_of())
    assert PodcastShowPage.can_create_at(front_of())
    assert not PodcastShowPage.can_create_at(make_show())


def test_a_preview_of_an_unsaved_episode_opens(client: Client, editor: Client) -> None:
    show = make_show()
    address = reverse("wagtailadmin_pages:preview_on_add", args=["podcast", "episodepage", show.pk])
    data = page_form("Чернетка", action="", **episode_fields(captions=CAPTIONS))

    assert editor.post(address, data).json() == {"is_valid": True, "is_available": True}
    token = editor.get(address)["Location"].partition("token=")[2]

    document = api(client, f"/preview/{token}/")
    assert document["headline"] == "Чернетка"
    assert document["audio"] is None
    assert document["show"]["slug"] == show.slug


# --- identities ---


def test_two_episodes_of_a_show_have_not_one_guid(editor: Client) -> None:
    show, other = make_show(), make_show()
    first = make_episode(show, "Перший", guid="port-1")
    second = make_episode(show, "Другий", guid="port-2")

    for action in ("publish", ""):
        assert set(errors(add_episode(editor, show, action=action, **ELSEWHERE))) == {"guid"}
        assert set(errors(edit_episode(editor, second, action=action, **ELSEWHERE, guid="port-1"))) == {"guid"}
    with pytest.raises(ValidationError, match="GUID"), transaction.atomic():
        make_episode(show, guid="port-1")

    assert edit_episode(editor, first, **ELSEWHERE).status_code == 302
    assert add_episode(editor, other, **ELSEWHERE).status_code == 302


def test_aliases_share_the_guid_of_what_they_mirror() -> None:
    show = make_show("Хвиля")
    episode = make_episode(show, "Кран")
    aliases = [page.create_alias(update_slug="other") for page in (episode, show)]

    for page in (show, episode):
        draft = type(page).objects.get(pk=page.pk)
        draft.title = "Інша назва"
        draft.save_revision().publish()

    assert [type(alias).objects.get(pk=alias.pk).title for alias in aliases] == ["Інша назва", "Інша назва"]


def test_two_shows_have_not_one_guid(editor: Client) -> None:
    show = make_show("Перша")

    assert set(errors(add_show(editor, guid=str(show.guid)))) == {"guid"}
    with pytest.raises(ValidationError, match="GUID"), transaction.atomic():
        make_show(guid=show.guid)


def test_a_podcast_guid_follows_the_rule_and_stays() -> None:
    from plugins.podcast.addresses import podcast_guid

    # The examples of the specification.
    assert str(podcast_guid("https://mp3s.nashownotes.com/pc20rss.xml")) == "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    assert str(podcast_guid("https://podnews.net/rss/")) == "9b024349-ccf0-5f69-a609-6b82873eab3c"

    show = make_show("Хвиля")
    guid = show.guid
    assert guid == podcast_guid("http://localhost:8000/feeds/podcast/khvylia.xml")
    draft = show.get_latest_revision_as_object()
    draft.slug = "hvylya"
    draft.save_revision().publish()
    show.refresh_from_db()
    assert (show.slug, show.guid) == ("hvylya", guid)


def test_a_new_show_at_an_old_address_is_another_podcast() -> None:
    show = make_show("Хвиля")
    draft = show.get_latest_revision_as_object()
    draft.slug = "hvylya"
    draft.save_revision().publish()

    assert make_show("Хвиля").guid != show.guid


def test_a_translation_is_a_podcast_of_its_own(client: Client) -> None:
    show = make_show("Хвиля")
    translated = show.copy_for_translation(locale_of("ru"))
    translated.save_revision().publish()

    other = type(show).objects.get(pk=translated.pk)

    assert other.guid not in (None, show.guid)
    assert api(client, f"/content/podcast/{other.slug}/", locale="ru")["feed_url"].endswith("?locale=ru")


def test_an_unpublished_draft_of_a_show_is_not_public(client: Client, editor: Client) -> None:
    assert add_show(editor, action="").status_code == 302

    problem(client, "/content/podcast/khvylia/", 404)
