"""A stranger's plugin: a wheel from elsewhere comes, works, goes, and has never been there."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from wagtail.test.utils.form_data import inline_formset, rich_text, streamfield

from api.search.morphology import is_little
from cms.embedded.processes import free_port
from cms.registry.version import CONTRACT_VERSION
from ostriv.testing import hooks, servers
from tests.support import tables
from tests.support.content import page_form
from tests.support.scratch import Scratch, keep_templates
from tests.support.stack import Stack
from tests.support.waiting import poll

SOURCE = Path(__file__).parent / "stranger"
LABEL, PACKAGE = "kitchen", "ostriv-kitchen"
#: What an editor's visit leaves whatever plugins there are: the session, and Wagtail's profile of the user. What tells
#: caches and mirrors of it. And what search has learned of the language: how much was published when, and words that
#: only hold others together (the test says that there are no others).
OF_THE_VISIT = {"django_session", "wagtailusers_userprofile", "api_searchword", "api_searchspan", *tables.PASSING}


def enabled(*more: str) -> dict[str, str]:
    """The choice of plugins of this test run, and these."""
    return {"OSTRIV_PLUGINS": ",".join([*(plugin.label for plugin in settings.OSTRIV_PLUGINS), *more])}


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    return Scratch(tmp_path / "environment")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The stranger's repository, to be changed at will."""
    return Path(shutil.copytree(SOURCE, tmp_path / "repository", ignore=shutil.ignore_patterns("__pycache__")))


@pytest.fixture
def newsroom(scratch: Scratch) -> Iterator[Stack]:
    """An installation whose processes run in the scratch environment; none is started yet."""
    folder = servers.make_run_folder()
    made = Stack(folder / "newsroom", hooks.run_template(), python=scratch.python, settings=enabled(LABEL))
    try:
        yield made
    finally:
        made.close()
        servers.remove_run_folder(folder)


class Editor:
    """A person at the admin, over HTTP."""

    def __init__(self, browser: httpx.Client) -> None:
        self.browser = browser

    def log_in(self, name: str, password: str) -> None:
        self.browser.get("/admin/login/").raise_for_status()
        answer = self.post("/admin/login/", {"username": name, "password": password})
        assert answer.status_code == 302, answer.text[:2000]

    def post(self, address: str, data: dict[str, Any]) -> httpx.Response:
        token = self.browser.cookies["csrftoken"]
        headers = {"X-CSRFToken": token, "Referer": str(self.browser.base_url)}
        return self.browser.post(address, data=data, headers=headers)


@pytest.fixture
def editor() -> Iterator[Editor]:
    with httpx.Client(follow_redirects=False, timeout=60, trust_env=False) as browser:
        yield Editor(browser)


def recipe(title: str, **fields: Any) -> dict[str, Any]:
    tip = [("paragraph", rich_text("<p>Мити, чистити, різати.</p>")), ("kitchen_tip", {"tip": "Не солити."})]
    return page_form(
        title,
        lede="Для тих, хто вертається з моря",
        minutes=45,
        diet="vegan",
        ingredients=inline_formset([{"name": "Гарбуз", "amount": "1 кг"}, {"name": "Часник", "amount": ""}]),
        body=streamfield(tip),
        **fields,
    )


def test_it_comes_works_and_goes_without_a_trace(scratch: Scratch, newsroom: Stack, editor: Editor) -> None:
    newsroom.add_user("olena", "таємниця для тесту", superuser=True)
    schema, counts = tables.schema(newsroom.sql), tables.counts(newsroom.sql, OF_THE_VISIT)
    shelves = tables.shelves(newsroom.sql)

    # It comes.
    scratch.install(scratch.build_wheel(SOURCE))
    newsroom.run("migrate")
    assert tables.schema(newsroom.sql) != schema
    newsroom.start_all()
    editor.browser.base_url = newsroom.url
    editor.log_in("olena", "таємниця для тесту")
    ((front, place),) = newsroom.sql("SELECT id, path FROM wagtailcore_page WHERE slug = 'uk' AND depth = 2")
    address = f"/admin/pages/add/{LABEL}/recipepage/{front}/"
    form = editor.browser.get(address)
    assert "ingredients-TOTAL_FORMS" in form.text

    # It works.
    assert editor.post(address, recipe("Юшка")).status_code == 302
    assert editor.post(address, recipe("Таємний борщ", action="")).status_code == 302
    ((page, _path),) = newsroom.sql("SELECT id, path FROM wagtailcore_page WHERE title = 'Юшка' AND live")
    listed = newsroom.get("/api/v1/content/?type=recipe").json()["results"]
    assert [each["headline"] for each in listed] == ["Юшка"]
    detail = newsroom.get("/api/v1/content/recipe/yushka/").json()
    assert (detail["minutes"], [each["name"] for each in detail["ingredients"]]) == (45, ["Гарбуз", "Часник"])
    assert [block["type"] for block in detail["body"]] == ["paragraph", "kitchen_tip"]
    assert [each["id"] for each in newsroom.get("/api/v1/content/?diet=vegan").json()["results"]] == [page]
    assert newsroom.get("/api/v1/content/?diet=meat").json()["results"] == []
    assert newsroom.get("/api/v1/content/?diet=stone").status == 400
    assert newsroom.get("/api/v1/x/kitchen/shopping/").json() == {"ingredients": ["Гарбуз", "Часник"]}
    assert newsroom.get("/feeds/kitchen/menu.txt").text == "Юшка"
    assert "/uk/yushka/" in newsroom.get("/feeds/uk/type/recipe/rss.xml").text
    poll(lambda: newsroom.sql("SELECT 1 FROM kitchen_tasting"), what="the plugin's handler, in the worker")
    poll(lambda: newsroom.sql("SELECT 1 FROM api_searchword WHERE form = 'юшка'"), what="its words being learned")
    assert "kitchen" in newsroom.run("plugin", "list").stdout

    # It is switched off, in every process.
    newsroom.run("plugin", "disable", LABEL)
    for gone in ("/api/v1/content/recipe/yushka/", "/api/v1/x/kitchen/shopping/", "/feeds/kitchen/menu.txt"):
        poll(lambda gone=gone: newsroom.get(gone).status == 404, what=f"the end of {gone}")
    assert newsroom.sql("SELECT count(*) FROM kitchen_recipepage") == [(2,)]

    # It goes.
    newsroom.stop_all()
    told = newsroom.run("plugin", "purge", LABEL, "--yes").stdout
    assert "recipe" in told
    newsroom.with_plugins(enabled()["OSTRIV_PLUGINS"])
    scratch.uninstall(PACKAGE)
    newsroom.start_all()
    assert newsroom.get("/api/v1/content/?type=recipe").status == 400
    known = "SELECT form FROM api_searchword"
    poll(lambda: all(is_little(form) for (form,) in newsroom.sql(known)), what="its words being forgotten")
    newsroom.stop_all()

    # It has never been there.
    for kind, before in schema.items():
        now = tables.schema(newsroom.sql)[kind]
        assert (now - before, before - now) == (set(), set()), f"{kind}: what is new, and what is gone"
    assert tables.counts(newsroom.sql, OF_THE_VISIT) == counts
    assert tables.shelves(newsroom.sql) == shelves
    told = newsroom.sql("SELECT name, payload FROM content_outboxevent")
    assert not [event for event in told if LABEL in str(event)], told
    assert newsroom.sql("SELECT path FROM wagtailcore_page WHERE slug = 'uk' AND depth = 2") == [(place,)]


class Author:
    """The stranger, who has installed the plugin and runs its tests in its own repository."""

    def __init__(self, scratch: Scratch, repository: Path) -> None:
        self.scratch, self.repository = scratch, repository
        keep_templates(repository)
        tests = repository / "tests"
        tests.mkdir()
        (tests / "test_conformance.py").write_text("from ostriv.testing.conformance import *  # noqa: F403\n")

    def run(self, *arguments: str) -> str:
        """What pytest says; nothing of this test run steers it."""
        env = {name: value for name, value in servers.clean_environment().items() if name != "OSTRIV_PLUGINS"}
        command = [str(self.scratch.python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
        done = subprocess.run(
            command, cwd=self.repository, env=env, capture_output=True, text=True, check=False, timeout=600
        )
        return done.stdout + done.stderr


def test_its_author_runs_the_suite_elsewhere_and_is_told_of_a_leak(scratch: Scratch, source: Path) -> None:
    scratch.install(scratch.build_wheel(source))
    author = Author(scratch, source)

    said = author.run("-k", "not browser")

    assert re.search(r"^\d+ passed", said, re.MULTILINE) and "failed" not in said, said
    assert "test_a_draft_is_shown_nowhere[recipe]" in author.run("--collect-only")

    _change(
        source / "ostriv_kitchen" / "api.py",
        "        recipes = published_details",
        "        names = {line.name for page in RecipePage.objects.all() for line in page.ingredients.all()}\n"
        '        return respond(request, {"ingredients": sorted(names)})\n'
        "        recipes = published_details",
    )
    said = author.run("-k", "draft_is_shown or expired")

    assert "2 failed" in said, said
    assert "is told of at /api/v1/x/kitchen/shopping/" in said
    assert "api.contract" in said


def _asks_for_another_contract(package: Path) -> None:
    _change(package / "plugin.py", 'contract=">=1.0,<2"', 'contract=">=7"')


def _misses_a_dependency(package: Path) -> None:
    _change(package / "plugin.py", '"lxml>=4"', '"a-package-that-nobody-has>=2"')


def _claims_a_taken_name(package: Path) -> None:
    _change(package / "models.py", '"""A recipe."""', 'type_name = "article"')


def _lacks_a_migration(package: Path) -> None:
    _change(package / "models.py", "    cooked =", "    salted = models.BooleanField(default=False)\n    cooked =")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_asks_for_another_contract, [">=7", CONTRACT_VERSION]),
        (_misses_a_dependency, ["a-package-that-nobody-has>=2", "pip install"]),
        (_claims_a_taken_name, ["article", "Ostriv itself"]),
        (_lacks_a_migration, ["salted", "migration"]),
    ],
)
def test_one_that_does_not_fit_stops_the_start_in_a_sentence(
    scratch: Scratch, source: Path, newsroom: Stack, spoil: Any, words: list[str]
) -> None:
    spoil(source / "ostriv_kitchen")
    scratch.install(scratch.build_wheel(source))

    done = newsroom.run("up", "--no-demo", "--port", str(free_port()), check=False, timeout=120)

    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    for word in (f"'{LABEL}'", *words):
        assert word in said, f"{word!r} is not in: {said}"


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(re.sub(re.escape(old), lambda _match: new, text, count=1))
