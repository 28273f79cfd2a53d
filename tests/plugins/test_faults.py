"""Faults of a plugin stay inside: on a whole installation with a plugin that fails wherever it can."""

import os
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from ostriv.testing import servers
from tests.plugins import faulty
from tests.support.stack import Stack
from tests.support.waiting import poll
from tests.support.warm import Warm

#: Faults after which the plugin is put to rest here.
MOST = 5


class Newsroom(Stack):
    """Code is run in it without a start of Django each time."""

    @cached_property
    def warm(self) -> Warm:
        return Warm({**self.env, "DJANGO_SETTINGS_MODULE": "cms.project.settings"}, cwd=self.folder)

    def python(self, code: str) -> str:
        done = self.warm.python(code, cwd=self.folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def close(self) -> None:
        if "warm" in vars(self):
            self.warm.close()
        super().close()


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    """An installation that has loaded the faulty plugin and no other."""
    # Not pytest's own folder: the account that PostgreSQL runs under can't reach that.
    here = Path(os.environ["OSTRIV_TEST_RUN"]) / f"faulty-{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"
    elsewhere = here / "elsewhere"
    faulty.install(elsewhere)
    made = Newsroom(
        here / "data",
        servers.Template(Path(os.environ["OSTRIV_TEST_TEMPLATE"])),
        settings={
            "OSTRIV_PLUGINS": faulty.LABEL,
            "OSTRIV_PLUGIN_FAULTS": str(MOST),
            "PYTHONPATH": str(elsewhere),
        },
    )
    try:
        made.run("makemigrations", faulty.LABEL)
        made.run("migrate")
        made.start_all()
        yield made
    finally:
        made.close()


@pytest.fixture(autouse=True)
def _looked_at(newsroom: Stack) -> None:
    """Every test begins with a plugin that works and has no faults."""
    newsroom.sql("UPDATE faulty_trappage SET fails_in = ''")
    newsroom.sql("DELETE FROM registry_pluginfault")
    newsroom.sql("UPDATE registry_pluginstate SET active = true, rested_at = NULL, looked_at = now()")
    poll(lambda: newsroom.get("/api/v1/x/faulty/well/").status == 200, what="a plugin that works")


def publish(newsroom: Stack, *titles: str, kind: str = "TrapPage", **fields: Any) -> None:
    newsroom.python(f"""
from django.db import transaction
from cms.content.models import ArticlePage, FrontPage
from faulty.models import TrapPage
for title in {titles!r}:
    with transaction.atomic():  # as every request of the admin is
        page = {kind}(title=title, live=False, **{fields!r})
        FrontPage.objects.get(slug="uk").add_child(instance=page)
        page.save_revision().publish()
    assert {kind}.objects.get(pk=page.pk).live
""")


def listed(newsroom: Stack, query: str = "") -> list[str]:
    answer = newsroom.get(f"/api/v1/content/?page_size=100{query}")
    assert answer.status == 200, answer.text
    return [each["headline"] for each in answer.json()["results"]]


def noted(newsroom: Stack) -> list[tuple[str, str]]:
    """Hook and error of each fault that stands on the Plugins page."""
    return newsroom.sql("SELECT hook, error FROM registry_pluginfault WHERE label = 'faulty' ORDER BY id")


def blocks(newsroom: Stack, path: str) -> list[str]:
    return [block["type"] for block in newsroom.get(path).json()["body"]]


def soon(what: Callable[[], object]) -> None:
    poll(what, what="what follows from it")


def test_a_failing_teaser_is_replaced_by_the_cores(newsroom: Stack) -> None:
    publish(newsroom, "Без анонсу", fails_in="teaser", lede="Лід лишається")

    (teaser,) = newsroom.get("/api/v1/content/?type=trap&trap=teaser").json()["results"]
    assert (teaser["headline"], teaser["lede"]) == ("Без анонсу", "Лід лишається")
    assert newsroom.get(f"/api/v1/content/trap/{teaser['slug']}/").status == 200
    assert [error for _hook, error in noted(newsroom)] == ["RuntimeError: no teaser today"]


def test_a_page_that_cannot_be_rendered_is_the_only_one_missing(newsroom: Stack) -> None:
    publish(newsroom, "Видно першу", "Видно другу")
    publish(newsroom, "Не видно", fails_in="detail")
    publish(newsroom, "Стаття поруч", kind="ArticlePage")

    assert {"Видно першу", "Видно другу", "Стаття поруч"} <= set(listed(newsroom))
    assert "Не видно" not in listed(newsroom)
    for path in ("/api/v1/front/", "/api/v1/types/", "/feeds/uk/rss.xml", "/sitemap.xml"):
        assert newsroom.get(path).status == 200, path
    ((hook, error),) = noted(newsroom)
    assert "trappage" in hook
    assert error == "RuntimeError: no detail today"


def test_a_draft_that_its_plugin_cannot_render_is_previewed_as_far_as_all_types_are_alike(newsroom: Stack) -> None:
    said = newsroom.python("""
from cms.content import preview
from cms.content.models import FrontPage
from faulty.models import TrapPage
page = TrapPage(title="Чернетка з пасткою", lede="Лід лишається", live=False, fails_in="detail")
FrontPage.objects.get(slug="uk").add_child(instance=page)
print("TOKEN", preview.issue(page))
""")
    shown = newsroom.get(f"/api/v1/preview/{said.split('TOKEN ')[1].strip()}/")

    assert shown.status == 200, shown.text
    assert (shown.json()["headline"], shown.json()["lede"]) == ("Чернетка з пасткою", "Лід лишається")
    assert noted(newsroom) == []  # what is half-written is nobody's fault


def test_a_teaser_of_rubbish_is_replaced_by_the_cores(newsroom: Stack) -> None:
    publish(newsroom, "Сміття в анонсі", fails_in="rubbish")

    for path in ("/api/v1/front/", "/feeds/uk/rss.xml", "/sitemaps/uk-1.xml"):
        assert newsroom.get(path).status == 200, path
    (teaser,) = newsroom.get("/api/v1/content/?trap=rubbish").json()["results"]
    assert teaser["url"].endswith(teaser["path"])
    assert "rating" not in teaser
    assert [error for _hook, error in noted(newsroom)] == ["ValueError: nan is no number of JSON."]


@pytest.mark.parametrize("trap", ["decimal", "moment"])
def test_what_cannot_be_stored_is_missing_alone(newsroom: Stack, trap: str) -> None:
    publish(newsroom, f"Не зберегти {trap}", fails_in=trap)
    publish(newsroom, f"Стаття після {trap}", kind="ArticlePage")

    assert f"Стаття після {trap}" in listed(newsroom)
    assert f"Не зберегти {trap}" not in listed(newsroom)
    newsroom.run("republish", "--all")
    assert f"Стаття після {trap}" in listed(newsroom)


def test_what_readers_had_stays_while_only_something_around_it_changed(newsroom: Stack) -> None:
    publish(newsroom, "Була цілою")
    newsroom.sql("UPDATE faulty_trappage SET fails_in = 'detail'")
    newsroom.run("republish", "--all")

    assert "Була цілою" in listed(newsroom)


def test_a_failing_block_is_left_out_and_its_article_stands(newsroom: Stack) -> None:
    body = '[{"type": "paragraph", "value": "<p>Перед</p>"}, {"type": "faulty_bomb", "value": "x"}]'
    publish(newsroom, "З бомбою", kind="ArticlePage", body=body)

    document = newsroom.get("/api/v1/content/article/z-bomboiu/").json()
    assert [block["type"] for block in document["body"]] == ["paragraph"]
    assert noted(newsroom) == [("block faulty_bomb", "LookupError: no such block")]


def test_a_block_of_rubbish_does_not_keep_an_article_from_being_published(newsroom: Stack) -> None:
    body = '[{"type": "faulty_bomb", "value": "rubbish"}, {"type": "paragraph", "value": "<p>Після</p>"}]'
    publish(newsroom, "Зі сміттям", kind="ArticlePage", body=body)

    document = newsroom.get("/api/v1/content/article/zi-smittiam/").json()
    assert [block["type"] for block in document["body"]] == ["paragraph"]


def test_what_a_receiver_leaves_for_the_commit_is_contained(newsroom: Stack) -> None:
    publish(newsroom, "commit")

    assert "commit" in listed(newsroom)
    core = "SELECT 1 FROM content_outboxevent WHERE name = 'content.published' AND done_at IS NULL"
    soon(lambda: newsroom.sql(core) == [])
    assert noted(newsroom) == [("signal receiver fail_on_publishing, on commit", "ZeroDivisionError: division by zero")]


def test_a_receiver_that_breaks_the_database_does_not_break_the_editors_change(newsroom: Stack) -> None:
    publish(newsroom, "signal")

    assert "signal" in listed(newsroom)
    ((hook, error),) = noted(newsroom)
    assert hook == "signal receiver fail_on_publishing"
    assert "broken" in error


def test_a_failing_handler_is_tried_again_alone(newsroom: Stack) -> None:
    publish(newsroom, "handler")

    soon(lambda: noted(newsroom))
    assert noted(newsroom)[0] == ("handler fail_to_hear of content.published", "RuntimeError: in a handler")
    waiting = newsroom.sql(
        "SELECT name, attempts > 0 FROM content_outboxevent WHERE done_at IS NULL AND last_error <> ''"
    )
    assert waiting == [("outbox.for_plugin", True)]
    assert newsroom.sql(
        "SELECT count(*) FROM content_outboxevent WHERE name = 'content.published' AND done_at IS NULL"
    ) == [(0,)]
    newsroom.sql("DELETE FROM content_outboxevent WHERE name = 'outbox.for_plugin'")


def test_a_handler_that_exits_holds_up_nobody(newsroom: Stack) -> None:
    publish(newsroom, "exit")
    publish(newsroom, "Після виходу", kind="ArticlePage")

    soon(lambda: ("handler fail_to_hear of content.published", "SystemExit: 3") in noted(newsroom))
    core = "SELECT count(*) FROM content_outboxevent WHERE name = 'content.published' AND done_at IS NULL"
    soon(lambda: newsroom.sql(core) == [(0,)])
    newsroom.sql("DELETE FROM content_outboxevent WHERE name = 'outbox.for_plugin'")


def test_a_failing_task_is_named(newsroom: Stack) -> None:
    newsroom.python("import workers.app; from faulty.tasks import boom; boom.delay()")

    soon(lambda: noted(newsroom) == [("task faulty.boom", "RuntimeError: in a task")])


def test_a_failing_gateway_is_not_offered_and_others_go_on(newsroom: Stack) -> None:
    said = newsroom.python(
        "from cms.campaigns.gateways import all_gateways, available_gateways\n"
        "print(sorted(all_gateways()), sorted(available_gateways()))"
    )

    assert said.strip() == "['broken'] []"
    assert noted(newsroom) == [("gateway broken, available", "RuntimeError: in a gateway")]


def test_a_failing_route_answers_for_itself_alone(newsroom: Stack) -> None:
    answer = newsroom.get("/api/v1/x/faulty/boom/")

    assert (answer.status, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "ZeroDivisionError" not in answer.text
    assert newsroom.get("/api/v1/x/faulty/well/").status == 200
    assert newsroom.get("/api/v1/content/").status == 200
    assert noted(newsroom) == [("GET /api/v1/x/faulty/boom/", "ZeroDivisionError: in a route")]
    assert "Fault of plugin faulty in GET /api/v1/x/faulty/boom/" in newsroom.log("web")


def test_one_fault_too_many_puts_the_plugin_to_rest_until_somebody_has_looked(newsroom: Stack) -> None:
    publish(newsroom, "Лишається видимою")
    for _ in range(MOST):
        newsroom.get("/api/v1/x/faulty/boom/")

    soon(lambda: {newsroom.get("/api/v1/x/faulty/well/").status for _ in range(20)} == {503})  # in every process
    assert newsroom.get("/api/v1/x/faulty/well/").headers["retry-after"]
    assert "Лишається видимою" in listed(newsroom, "&type=trap")
    newsroom.run("plugin", "enable", faulty.LABEL)
    soon(lambda: newsroom.get("/api/v1/x/faulty/well/").status == 200)


def test_switching_off_and_on_is_seen_by_every_process_and_loses_nothing(newsroom: Stack) -> None:
    publish(newsroom, "Сховається і вернеться")
    body = '[{"type": "paragraph", "value": "<p>Перед</p>"}, {"type": "faulty_bomb", "value": "works"}]'
    publish(newsroom, "Стаття лишається", kind="ArticlePage", body=body)
    shown = "/api/v1/content/article/stattia-lyshaietsia/"
    assert blocks(newsroom, shown) == ["paragraph", "faulty_bomb"]

    newsroom.run("plugin", "disable", faulty.LABEL)
    soon(lambda: all("Сховається і вернеться" not in listed(newsroom) for _ in range(20)))
    soon(lambda: blocks(newsroom, shown) == ["paragraph"])

    assert "Стаття лишається" in listed(newsroom)
    assert newsroom.get("/api/v1/content/?type=trap").status == 400
    assert newsroom.get("/api/v1/x/faulty/well/").status == 404
    assert "trap" not in [each["type"] for each in newsroom.get("/api/v1/types/").json()["results"]]
    newsroom.run("plugin", "enable", faulty.LABEL)
    soon(lambda: all("Сховається і вернеться" in listed(newsroom, "&type=trap") for _ in range(20)))
    # By the worker, whose states are no older than the event of the switch.
    soon(lambda: blocks(newsroom, shown) == ["paragraph", "faulty_bomb"])
