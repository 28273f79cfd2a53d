"""A small plugin with one of everything, made outside of the tree, and an installation of its own to live in."""

import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg.sql import Literal

from cms.up import plan
from ostriv.testing import hooks, servers
from tests.support import tables
from tests.support.warm import Warm

LABEL = "herbs"
_numbers = itertools.count(1)

_MODULES = {
    "__init__": "",
    "plugin": """
from dataclasses import dataclass

from cms.contract import PluginInfo, setting


@dataclass(frozen=True)
class HerbSettings:
    season: str = setting("spring", label="Season", help="When", choices=[("spring", "Spring"), ("fall", "Fall")])
    number: int = setting(3, label="Number", minimum=1, maximum=9)
    shown: bool = setting(True, label="Shown")
    motto: str = setting("", label="Motto", maximum=20, multiline=True)

    def __post_init__(self):
        if self.motto == "refuse":
            raise ValueError("No such motto.")
        if self.motto == "break":
            raise RuntimeError("the settings are broken")


plugin = PluginInfo(name="Трави", version="1.2.0", description="Herbs", contract=">=1.0,<2", settings=HerbSettings)
""",
    "models": """
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from cms.contract import APIField, ContentPage


class HerbPage(ContentPage):
    smell = models.CharField(max_length=100, blank=True)
    sheet = models.FileField(upload_to="herbs", blank=True)

    content_panels = [*ContentPage.content_panels, FieldPanel("smell"), InlinePanel("uses")]
    api_fields = [APIField("smell")]


class Use(Orderable):
    page = ParentalKey(HerbPage, on_delete=models.CASCADE, related_name="uses")
    name = models.CharField(max_length=100)
    panels = [FieldPanel("name")]


class Shelf(models.Model):
    name = models.CharField(max_length=100)
    herbs = models.ManyToManyField(HerbPage)

    class Meta:
        permissions = [("open_shelf", "Can open shelves")]
""",
    "blocks": """
from wagtail import blocks as fields

from cms.contract import PluginBlock


class TipBlock(fields.StructBlock):
    text = fields.CharBlock()


blocks = [PluginBlock(name="herbs_tip", block=TipBlock(), places=("body", "edition"))]
""",
    "admin": """
from django.http import HttpResponse
from django.template import Template
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.urls import path
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.model import ModelViewSet

from cms.contract import MenuItem
from herbs.models import Shelf


def beds(request):
    return HttpResponse("beds of herbs")


def broken(request):
    Shelf.objects.create(name="half-done")
    raise RuntimeError("no herbs today")


def wilted(request):
    return TemplateResponse(request, "herbs/there-is-none.html")


class Fresh(Component):
    order = 5

    def render_html(self, parent_context=None):
        return "<p>fresh herbs</p>"


class Rotten(Component):
    def render_html(self, parent_context=None):
        raise RuntimeError("rotten")


class ShelfViewSet(ModelViewSet):
    model = Shelf
    name = "shelves"
    menu_label = "Shelves"
    form_fields = ["name"]
    add_to_admin_menu = True


urlpatterns = [path("beds/", beds, name="beds"), path("broken/", broken, name="broken"), path("wilted/", wilted)]
menu_items = [
    MenuItem(label="Herb beds", url_name="beds"),
    MenuItem(label="Herb cellar", url_name="broken", permission="herbs.open_shelf"),
    MenuItem(label="Herb nowhere", url_name="nowhere"),
]
home_panels = [Fresh(), Rotten()]
viewsets = [ShelfViewSet()]
""",
}


def write(folder: Path, **modules: str) -> Path:
    """Make the package, with these modules in place of its own, and announce it as an installed distribution would."""
    package, distribution = folder / LABEL, folder / f"{LABEL}-1.2.dist-info"
    for made in (package, package / "migrations", distribution):
        made.mkdir(parents=True, exist_ok=True)
    for name, source in {**_MODULES, **modules}.items():
        (package / f"{name}.py").write_text(source)
    (package / "migrations" / "__init__.py").touch()
    (distribution / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {LABEL}\nVersion: 1.2\n")
    (distribution / "entry_points.txt").write_text(f"[ostriv.plugins]\n{LABEL} = {LABEL}\n")
    return package


class Installation:
    """A database and a folder of data of its own; every command and every script is a process of its own."""

    def __init__(self, folder: Path, like: "Installation | None" = None) -> None:
        """A migrated one, or a copy of another: of its database, its files and its plugin."""
        self.folder = folder
        self.loaded = [plugin.label for plugin in settings.OSTRIV_PLUGINS]
        self._warm: dict[str, tuple[str, Warm]] = {}
        worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
        self._name = f"life_{worker}_{next(_numbers)}"
        self.database_url = self._copy_database(like.database_url if like else hooks.migrated_database_url())
        self.env = plan.environment(
            folder / "data",
            port=8000,
            database_url=self.database_url,
            redis_url=os.environ["REDIS_URL"],
            base=servers.clean_environment(),
        )
        if like:
            shutil.copytree(like.folder, folder, symlinks=True, dirs_exist_ok=True)
        else:
            (folder / "data").mkdir(parents=True)
            (folder / "data" / "static").symlink_to(hooks.run_template().folder / "static")

    def become(self, like: "Installation") -> None:
        """Be a copy of another from now on, whatever has happened here."""
        self._copy_database(like.database_url)
        shutil.rmtree(self.folder)
        shutil.copytree(like.folder, self.folder, symlinks=True)

    def _copy_database(self, of: str) -> str:
        from django.core.cache import cache

        cache.clear()  # the tests of one worker share a Redis: what another newsroom purged is no matter here
        return servers.copy_database(of, self._name)

    def close(self) -> None:
        for _code, warm in self._warm.values():
            warm.close()
        self._warm.clear()

    def environment(self, with_herbs: bool = True) -> dict[str, str]:
        labels = [*self.loaded, LABEL] if with_herbs else self.loaded
        paths = os.pathsep.join([str(self.folder), str(plan.PROJECT)])
        return {
            **self.env,
            "OSTRIV_PLUGINS": ",".join(labels),
            "PYTHONPATH": paths,
            "DJANGO_SETTINGS_MODULE": "cms.project.settings",
            "OSTRIV_LOG_LEVEL": "CRITICAL",
        }

    def ostriv(
        self, *words: str, with_herbs: bool = True, says: str = "", from_scratch: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """`ostriv <words>`, with these words at its terminal; ``from_scratch`` where its start is what is tested."""
        env = self.environment(with_herbs)
        # The command that checks a plugin sets Django up without any, and then lets another process load it.
        loads = "" if words[:2] == ("plugin", "check") else env["OSTRIV_PLUGINS"]
        if not from_scratch and (warm := self._warm_process(loads)):
            changed = {"OSTRIV_PLUGINS": env["OSTRIV_PLUGINS"]}
            return warm.ostriv(*words, cwd=self.folder, says=says, env=changed)
        return subprocess.run(
            [sys.executable, "-m", "cms.cli", *words],
            env=env, cwd=self.folder, input=says, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def done(self, *words: str, **options: Any) -> str:
        """What a command that has to succeed says."""
        done = self.ostriv(*words, **options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, *words: str, **options: Any) -> str:
        """What a command that has to fail says."""
        done = self.ostriv(*words, **options)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    def python(self, code: str, *, with_herbs: bool = True) -> Any:
        """Run code with Django set up; answers the JSON that it prints last, if any."""
        begin = "import json, django\ndjango.setup()\nfrom django.test.utils import setup_test_environment\n"
        code = f"{begin}setup_test_environment()\n{code}"
        env = self.environment(with_herbs)
        if warm := self._warm_process(env["OSTRIV_PLUGINS"]):
            done = warm.python(code, cwd=plan.PROJECT)
        else:
            done = subprocess.run(
                [sys.executable, "-c", code],
                env=env, cwd=plan.PROJECT, capture_output=True, text=True, check=False,
            )  # fmt: skip
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        return json.loads(lines[-1]) if lines else None

    def _warm_process(self, labels: str) -> Warm | None:
        """One that has loaded these plugins, herbs as it is written now; None if they keep processes from starting."""
        written, warm = self._warm.get(labels, ("", None))
        now = _print_of(self.folder) if labels else ""
        if warm is None or written != now:
            if warm:
                warm.close()
            warm = Warm({**self.environment(), "OSTRIV_PLUGINS": labels}, cwd=plan.PROJECT)
            self._warm[labels] = now, warm
        return warm if warm.is_ready else None

    def install(self, **modules: str) -> Path:
        """Write the plugin and its migration, and migrate."""
        package = write(self.folder, **modules)
        self.done("makemigrations", LABEL, "--name", "initial")
        self.done("migrate", "-v0")
        return package

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(query, parameters)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    # --- the whole database -----------------------------------------------------------------------------------------

    def schema(self) -> set[tuple[Any, ...]]:
        """Every column, index, constraint and sequence."""
        return {
            *self.sql(
                "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
                " WHERE table_schema = 'public'"
            ),
            *self.sql("SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"),
            *self.sql("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype <> 'n'"),
            *self.sql("SELECT 'sequence', sequencename FROM pg_sequences WHERE schemaname = 'public'"),
        }

    def tables(self) -> list[str]:
        return [name for (name,) in self.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]

    def counts(self) -> dict[str, int]:
        """The number of rows of each table; of those that say what happened, and not what is, nothing."""
        return tables.counts(self.sql, {*tables.PASSING, "django_session"})

    def shelves(self) -> dict[str, int]:
        """How many publications stand on each shelf of lists."""
        return tables.shelves(self.sql)

    def mentions(self, word: str) -> dict[str, int]:
        """The tables with rows in which this word stands, whatever the column."""
        counted = tables.counts(self.sql, where=f"strpos(lower(t::text), {Literal(word.lower()).as_string()}) > 0")
        return {name: number for name, number in counted.items() if number}


def _print_of(folder: Path) -> str:
    """Of all code in this folder: it is another when any of it is."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and inside.parts[0] != "data" and "__pycache__" not in inside.parts:
            digest.update(f"{inside}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()
