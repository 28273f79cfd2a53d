"""`ostriv plugin new`: a type in one command, or a repository whose tests pass as they are written."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cms.embedded.processes import free_port
from cms.up.plan import PROJECT
from ostriv.testing.servers import clean_environment, make_run_folder, remove_run_folder
from tests.plugins.herbs import Installation
from tests.support.scratch import keep_templates

pytestmark = pytest.mark.django_db


@pytest.fixture
def installation(desk: Installation) -> Installation:
    """One without a plugin of its own."""
    return desk


def new(installation: Installation, *words: str) -> subprocess.CompletedProcess[str]:
    return installation.ostriv("plugin", "new", *words, with_herbs=False)


@pytest.fixture
def tree() -> Iterator[Path]:
    """A copy of the repository without plugins, to be written into."""
    folder = make_run_folder()
    for room in ("cms", "api", "workers"):
        shutil.copytree(PROJECT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "plugins").mkdir()
    (folder / "plugins" / "__init__.py").touch()
    try:
        yield folder
    finally:
        remove_run_folder(folder)


def test_a_new_type_is_in_the_editor_and_in_the_api_without_another_line(
    tree: Path, poll: Callable[..., object]
) -> None:
    env = {**clean_environment(), "OSTRIV_DATA": str(tree / "var"), "PYTHONPATH": str(tree)}
    env.pop("OSTRIV_PLUGINS", None)
    ostriv, port = [sys.executable, "-m", "cms.cli"], free_port()

    made = subprocess.run(
        [*ostriv, "plugin", "new", "recipes"], env=env, cwd=tree, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "Next: ostriv up." in made.stdout
    written = (tree / "plugins" / "recipes" / "models.py").read_text().splitlines()
    assert len(written) <= 40

    said = tree / "up.out"
    with said.open("wb") as out:
        up = subprocess.Popen(
            [*ostriv, "up", "--no-demo", "--port", str(port)], env=env, cwd=tree, stdout=out, stderr=out
        )
    try:
        poll(lambda: up.poll() is not None or "Ready" in said.read_text(), deadline=180, what="up's readiness")
        assert up.poll() is None, said.read_text()
        published = subprocess.run(
            [sys.executable, "-c", _PUBLISH], env={**env, "DJANGO_SETTINGS_MODULE": "cms.project.settings"},
            cwd=tree, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert published.returncode == 0, published.stderr
        with urllib.request.urlopen(f"http://localhost:{port}/api/v1/content/recipes/borshch/") as answer:
            document: dict[str, Any] = json.load(answer)
        assert (document["type"], document["headline"], document["note"]) == ("recipes", "Борщ", "на обід")
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(60)


_PUBLISH = """
import django
django.setup()
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

editor = Client(SERVER_NAME="localhost")
editor.force_login(User.objects.create_superuser("cook"))
parent = Page.objects.get(slug="uk")
address = reverse("wagtailadmin_pages:add", args=["recipes", "recipespage", parent.pk])
assert 'name="note"' in editor.get(address).content.decode()
lists = {name: inline_formset([]) for name in ("bylines", "related_items", "corrections", "comments")}
empty = {name: "" for name in ("lede", "section", "source_name", "source_url", "image", "tags", "published_at",
                               "seo_title", "search_description")}
words = {"title": "Борщ", "slug": "borshch", "note": "на обід", "body": streamfield([]), "action-publish": "on"}
data = nested_form_data({**lists, **empty, **words})
response = editor.post(address, data)
assert response.status_code == 302, response.content.decode()[:3000]
"""


def test_a_repository_of_its_own_passes_its_tests_as_written(installation: Installation, tmp_path: Path) -> None:
    made = new(installation, "garden_tools", "--package", "--into", str(tmp_path))
    assert made.returncode == 0, made.stdout + made.stderr
    root = tmp_path / "ostriv-garden-tools"
    files = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert files == {
        ".github/workflows/test.yml",
        ".gitignore",
        "README.md",
        "ostriv_garden_tools/__init__.py",
        "ostriv_garden_tools/examples.py",
        "ostriv_garden_tools/migrations/0001_initial.py",
        "ostriv_garden_tools/migrations/__init__.py",
        "ostriv_garden_tools/models.py",
        "ostriv_garden_tools/plugin.py",
        "pyproject.toml",
        "tests/test_conformance.py",
    }
    assert "garden_tools keeps to the contract." in installation.done("plugin", "check", str(root), with_herbs=False)

    # As `pip install -e` would announce it; a test of the wheel itself is that of a stranger's plugin.
    about = tmp_path / "site" / "ostriv_garden_tools-0.1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: ostriv-garden-tools\nVersion: 0.1.0\n")
    (about / "entry_points.txt").write_text("[ostriv.plugins]\ngarden_tools = ostriv_garden_tools\n")
    env = {**clean_environment(), "PYTHONPATH": os.pathsep.join([str(about.parent), str(root)])}
    keep_templates(root)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        env=env, cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("content", "taken by a part of Ostriv itself"),
        ("ostriv", "taken by a part of Ostriv itself"),
        ("article", "The content type 'article' is one of Ostriv itself"),
        ("Recipes", "can't be a label"),
        ("class", "can't be a label"),
        ("2nd", "can't be a label"),
        ("two__words", "can't be a label"),
        ("рецепти", "can't be a label"),
        ("x" * 31, "too long"),
    ],
)
def test_a_label_that_cannot_be_is_refused_and_nothing_is_written(tmp_path: Path, label: str, said: str) -> None:
    from cms.lifecycle import scaffold

    with pytest.raises(scaffold.NotMade, match=said):
        scaffold.new_plugin(label, into=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    from cms.lifecycle import scaffold

    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "models.py").write_text("mine")

    with pytest.raises(scaffold.NotMade, match="is there already"):
        scaffold.new_plugin("recipes", into=tmp_path)
    with pytest.raises(scaffold.NotMade, match="There is no folder"):
        scaffold.new_plugin("recipes", into=tmp_path / "nowhere")

    assert (tmp_path / "recipes" / "models.py").read_text() == "mine"


def test_a_migration_that_cannot_be_made_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cms.lifecycle import scaffold

    monkeypatch.setenv("DATABASE_URL", "nonsense://")

    with pytest.raises(scaffold.NotMade, match="The migration could not be made"):
        scaffold.new_plugin("recipes", into=tmp_path)

    assert list(tmp_path.iterdir()) == []
