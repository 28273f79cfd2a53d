"""Episodes come with an import, below their shows, and with the demo."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

import plugins.podcast
from api.publications.models import Publication
from cms.content.importing import import_items, import_lines
from cms.content.importing import service as import_service
from cms.content.models import ContentPage
from tests.plugins.podcast.making import feed_of, upload
from tests.support.content import api

pytestmark = [pytest.mark.django_db, pytest.mark.plugin("podcast")]


def show(import_id: str = "s-1", headline: str = "Хвиля", **fields: Any) -> dict[str, Any]:
    return {"id": import_id, "type": "podcast", "locale": "uk", "headline": headline, "category": "News"} | fields


def episode(import_id: str = "e-1", **fields: Any) -> dict[str, Any]:
    return {
        "id": import_id,
        "type": "episode",
        "locale": "uk",
        "parent": "s-1",
        "headline": f"Випуск {import_id}",
        "audio_url": f"https://example.org/{import_id}.mp3",
        "duration": "42:10",
        "audio_size": 40_480_000,
        "mime_type": "audio/mpeg",
    } | fields


def page_of(import_id: str) -> Any:
    return ContentPage.objects.get(import_id=import_id).specific


def problems(report: Any) -> list[tuple[str, str, str]]:
    return [(problem.id, problem.field, problem.reason) for problem in report.problems]


def test_an_episode_stands_below_its_show(client: Client) -> None:
    import_items([show(), episode(chapters=[{"start": "0:30", "title": "Вступ"}])])

    page, parent = page_of("e-1"), page_of("s-1")
    assert page.get_parent().pk == parent.pk and parent.numchild == 1
    assert page.url_path == f"{parent.url_path}vypusk-e-1/"
    assert Publication.objects.get(pk=page.pk).path == page.url_path
    assert Page.find_problems() == ([], [], [], [], [])
    document = api(client, "/content/episode/vypusk-e-1/")
    assert (document["show"]["slug"], document["audio"]["duration"]) == (parent.slug, 2530)


def test_a_show_lists_what_an_import_brings_it(client: Client) -> None:
    def listed() -> list[str]:
        return [each["headline"] for each in api(client, "/content/podcast/khvylia/")["episodes"]]

    import_items([show()])
    assert listed() == []
    import_items([episode(published_at="2024-03-05T10:00:00Z"), episode("e-2", published_at="2024-03-06T10:00:00Z")])
    assert listed() == ["Випуск e-2", "Випуск e-1"]
    import_items([episode(published_at="2024-03-07T10:00:00Z")])
    assert listed() == ["Випуск e-1", "Випуск e-2"]
    assert "https://example.org/e-2.mp3" in feed_of(client, page_of("s-1")).content.decode()


@pytest.mark.parametrize("size", [1, 2, 200])
def test_the_order_of_the_lines_does_not_matter(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(import_service, "BATCH", size)
    teaser = {"id": "t-1", "type": "teaser", "locale": "uk", "headline": "Слухайте", "target": "e-1"}
    lines = [teaser, episode(), show("s-2", "Друга"), episode("e-2", parent="s-2"), show(), episode("e-3")]

    dry = import_items(lines, dry_run=True)
    report = import_items(lines)

    assert (dry.created, dry.failed) == (report.created, report.failed) == (6, 0), report.as_text()
    assert [page_of(each).get_parent().specific.import_id for each in ("e-1", "e-2", "e-3")] == ["s-1", "s-2", "s-1"]
    assert page_of("t-1").target_page.import_id == "e-1"
    assert Page.find_problems() == ([], [], [], [], [])
    assert import_items(lines).unchanged == 6


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"parent": None}, "is missing: give the id of the item that 'episode' stands below: 'podcast'"),
        ({"parent": "nowhere"}, "there is no item 'nowhere' here, and the file brought none"),
        ({"parent": "a-1"}, "'a-1' is of type 'article'; 'episode' stands below: 'podcast'"),
        ({"parent": "e-2"}, "'e-2' is of type 'episode'; 'episode' stands below: 'podcast'"),
        ({"parent": "e-1"}, "is the item's own id"),
        ({"parent": {"id": "s-1"}}, "must be the id of another item"),
        ({"locale": "en"}, "'s-1' is in 'uk'; an item in 'en' stands below one in it"),
    ],
)
def test_a_parent_that_does_not_fit_is_named_and_the_others_go_in(fields: dict[str, Any], reason: str) -> None:
    article = {"id": "a-1", "locale": "uk", "headline": "Стаття"}
    lines = [show(), article, episode("e-2"), episode(**fields)]

    dry = import_items(lines, dry_run=True)
    report = import_items(lines)

    assert report.created == 3
    assert problems(report) == problems(dry) == [("e-1", "parent", reason)]


def test_an_episode_of_a_show_that_was_refused_is_refused() -> None:
    report = import_items([show(headline=""), episode()])

    assert [(each.id, each.field) for each in report.problems] == [("s-1", "headline"), ("e-1", "parent")]


def test_an_import_moves_no_episode_and_says_so() -> None:
    import_items([show(), show("s-2", "Друга"), episode()])

    report = import_items([episode(parent="s-2", headline="Нові слова")])

    assert (report.updated, report.elsewhere_ids) == (1, ["e-1"])
    assert "not moved (move them in the admin):\n  e-1" in report.as_text()
    page = page_of("e-1")
    assert (page.title, page.get_parent().specific.import_id) == ("Нові слова", "s-1")
    assert import_items([episode(parent="s-2", headline="Нові слова")]).elsewhere == 1
    page.move(page_of("s-2"), pos="last-child")
    report = import_items([episode(parent="s-2", headline="Ще новіші слова")])
    assert (report.updated, report.elsewhere) == (1, 0)
    assert page_of("e-1").url_path == "/uk/" + page_of("s-2").url_path.removeprefix("/uk/") + "vypusk-e-1/"


def test_episodes_follow_a_show_that_gets_another_slug(client: Client) -> None:
    import_items([show(slug="stara"), episode()])

    report = import_items([show(slug="nova"), episode(lede="Змінено")])

    assert report.updated == 2
    page = page_of("e-1")
    assert page.url_path == f"{page_of('s-1').url_path}vypusk-e-1/" and "/nova/" in page.url_path
    assert Publication.objects.get(pk=page.pk).path == page.url_path
    import_items([show(slug="nova-2")])
    moved = f"{page_of('s-1').url_path}vypusk-e-1/"
    assert Publication.objects.get(pk=page.pk).path == page_of("e-1").url_path == moved
    assert api(client, "/content/episode/vypusk-e-1/")["show"]["slug"] == "nova-2"


def test_an_episode_that_editors_moved_follows_the_show_that_it_stands_in() -> None:
    import_items([show(), show("s-2", "Друга", slug="druha"), episode()])
    page_of("e-1").move(page_of("s-2"), pos="last-child")

    report = import_items([show("s-2", "Друга", slug="insha"), episode(lede="Змінено")])

    assert (report.updated, report.elsewhere_ids) == (2, ["e-1"])
    assert page_of("e-1").url_path == f"{page_of('s-2').url_path}vypusk-e-1/"
    assert "/insha/" in page_of("e-1").url_path


def test_a_deleted_show_comes_back_with_its_episodes() -> None:
    lines = [show(), episode(), episode("e-2")]
    import_items(lines)
    page_of("s-1").delete()

    assert import_items(lines).created == 3
    assert page_of("s-1").get_children().count() == page_of("s-1").numchild == 2


def test_editors_add_episodes_beside_an_import() -> None:
    from plugins.podcast.models import EpisodePage

    import_items([show(), episode()])
    page_of("s-1").add_child(instance=EpisodePage(title="Дописано тут", live=False))
    import_items([episode("e-2")])

    assert Page.find_problems() == ([], [], [], [], [])
    assert page_of("s-1").numchild == 3


def test_many_parents_take_as_many_queries_as_one() -> None:
    def queries(count: int) -> int:
        lines = [episode(f"e-{n}", parent=f"s-{n}") for n in range(count)]
        with CaptureQueriesContext(connection) as made:
            assert import_items(lines, dry_run=True).created == count
        return len(made)

    import_items([show(f"s-{n}", f"Хвиля {n}") for n in range(40)])
    assert queries(40) == queries(1)


def test_a_violated_constraint_is_told_in_its_own_words() -> None:
    import_items([show(), episode(), episode("e-2")])
    page = page_of("e-1")
    page.audio, page.audio_url = upload(), ""
    page.save_revision().publish()

    report = import_items([episode(lede="Змінено"), episode("e-2", lede="Змінено")], overwrite=True)

    assert report.updated == 1
    (problem,) = report.problems
    assert (problem.id, problem.reason.partition(": ")[0]) == ("e-1", "the database refused it")
    assert problem.reason.endswith("(podcast_one_audio)")
    assert "relation" not in problem.reason


def test_the_demo_is_taken_as_it_is(client: Client) -> None:
    folder = Path(plugins.podcast.__file__).parent

    with (folder / "demo.jsonl").open("rb") as lines:
        report = import_lines(lines, folder)

    assert (report.failed, report.unknown_fields, report.dropped, report.changed) == (0, {}, {}, {}), report.as_text()
    document = api(client, "/content/podcast/tykha-voda/", locale="uk")
    assert len(document["episodes"]) == 3
    for each in document["episodes"]:
        detail = api(client, f"/content/episode/{each['slug']}/", locale="uk")
        assert detail["chapters"] and detail["audio"]["url"].startswith("https://example.org/")
        page_of_demo = ContentPage.objects.get(slug=each["slug"]).specific
        page_of_demo.full_clean()
        assert page_of_demo.missing() == {}
