"""The tutorial for authors of plugins, followed literally: its files written, its commands run, its addresses asked."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ostriv.testing import servers
from tests.support.scratch import keep_templates
from tests.support.stack import Stack

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = (ROOT / "docs" / "plugins" / "tutorial.md").read_text()
#: A block of code that begins with the name of the file that it is.
_FILE = re.compile(r"```python\n# (plugins/\S+)\n(.*?)```", re.DOTALL)
_SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_PARTS = re.split(r"^## ", TUTORIAL, flags=re.MULTILINE)


def part(number: str) -> str:
    return next(each for each in _PARTS if each.startswith(f"{number}."))


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Stack]:
    """A checkout of its own: the tutorial writes into it."""
    here = Path(os.environ["OSTRIV_TEST_RUN"]) / f"tutorial-{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"
    checkout = here / "ostriv"
    for room in ("cms", "api", "workers", "plugins", "ostriv", "examples", "tests"):
        shutil.copytree(ROOT / room, checkout / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", checkout)
    keep_templates(checkout)
    made = Stack(
        here / "data",
        servers.Template(Path(os.environ["OSTRIV_TEST_TEMPLATE"])),
        settings={"PYTHONPATH": str(checkout)},
        folder=checkout,
    )
    yield made
    made.close()


def write_files(newsroom: Stack, number: str) -> None:
    for name, source in _FILE.findall(part(number)):
        (newsroom.folder / name).write_text(source)


def ostriv(newsroom: Stack, number: str, *, answer: str = "") -> str:
    """Run the commands of `ostriv` of this part as they stand there."""
    commands = [
        line.split()[1:]
        for block in _SHELL.findall(part(number))
        for line in block.splitlines()
        if line.startswith(".venv/bin/ostriv ")
    ]
    assert commands
    return "".join(newsroom.run(*words, input=answer).stdout for words in commands)


def curl(newsroom: Stack, number: str) -> list[str]:
    """The headlines that the address of this part's `curl` answers."""
    (address,) = re.findall(r"curl '(http\S+)'", part(number))
    parts = urlsplit(address)
    answer = newsroom.get(f"{parts.path}?{parts.query}")
    assert answer.status == 200, answer.text
    return [each["headline"] for each in answer.json()["results"]]


def test_the_tutorial_holds_from_the_first_command_to_the_last(newsroom: Stack) -> None:
    ostriv(newsroom, "1")
    assert (newsroom.folder / "plugins/recipes/models.py").exists()

    write_files(newsroom, "2")
    ostriv(newsroom, "2")
    newsroom.run("migrate")
    newsroom.start_all()
    newsroom.python("""
from cms.content.models import FrontPage
from plugins.recipes.models import Ingredient, RecipesPage
for title, diet in (("Борщ із квасолею", "vegan"), ("Сирники", "vegetarian")):
    page = RecipesPage(title=title, diet=diet, live=False)
    page.ingredients = [Ingredient(name="Буряк", amount="2")]
    FrontPage.objects.get(slug="uk").add_child(instance=page)
    page.save_revision().publish()
""")
    assert set(curl(newsroom, "2")) == {"Борщ із квасолею", "Сирники"}

    write_files(newsroom, "3")
    newsroom.restart("web")
    ostriv(newsroom, "3")
    assert curl(newsroom, "3") == ["Борщ із квасолею"]
    document = newsroom.get("/api/v1/content/recipes/borshch-iz-kvasoleiu/").json()
    assert document["ingredients"] == [{"name": "Буряк", "amount": "2"}]
    assert document["json_ld"]["@type"] == "Recipe"

    write_files(newsroom, "4")
    newsroom.restart("web")
    newsroom.python("""
import json
from cms.content.models import ArticlePage, FrontPage
from plugins.recipes.models import RecipesPage
recipe = RecipesPage.objects.get(title="Сирники")
body = json.dumps([{"type": "recipes_box", "value": {"recipe": recipe.pk}}])
page = ArticlePage(title="Сніданок", live=False, body=body)
FrontPage.objects.get(slug="uk").add_child(instance=page)
page.save_revision().publish()
""")
    (box,) = newsroom.get("/api/v1/content/article/snidanok/").json()["body"]
    assert box["value"]["recipe"]["headline"] == "Сирники"

    assert "keeps to the contract" in ostriv(newsroom, "5")
    suite = subprocess.run(
        [newsroom.python_path, "-m", "pytest", "-q", "-p", "no:cacheprovider",
         "tests/plugins/test_conformance.py", "-k", "recipes"],
        cwd=newsroom.folder,
        env={**servers.clean_environment(), "PYTHONPATH": str(newsroom.folder), "OSTRIV_PLUGINS": "recipes"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert suite.returncode == 0, suite.stdout[-4000:]
    assert " passed" in suite.stdout

    said = ostriv(newsroom, "6", answer="recipes\n")
    assert "recipes is purged" in said
    assert newsroom.sql("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'recipes%%'") == [(0,)]
