"""A plugin of blocks made for the tests: a package outside of the tree, announced as an installed distribution is."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from cms.up import plan
from tests.support.stack import Stack

LABEL = "wharf"
PACKAGE = "elsewhere_wharf"
NAME = "Причали"

_PLUGIN = f"""
from cms.contract import PluginInfo

plugin = PluginInfo(name="{NAME}", version="1.0", contract=">=1.0,<2")
"""

_BLOCKS = '''
from wagtail import blocks as fields
from wagtail.images.blocks import ImageChooserBlock

from cms.contract import MailPart, PluginBlock


class TideBlock(fields.StructBlock):
    station = fields.CharBlock()
    image = ImageChooserBlock(required=False)
    pages = fields.ListBlock(fields.PageChooserBlock(), default=[])


class BrittleBlock(fields.CharBlock):
    """Does what its value says."""

    def to_python(self, value):
        if value == "fail in reading":
            raise ValueError("brittle: reading")
        return super().to_python(value)

    def get_default(self):
        if FAILING_FORM:
            raise ValueError("brittle: form")
        return super().get_default()

    def clean(self, value):
        if value == "fail in checking":
            raise ValueError("brittle: checking")
        return super().clean(value)


FAILING_FORM = False


def tide_in_mail(value, language):
    ids = tuple(page.pk for page in value["pages"])
    html = f"<p onclick='x()'>Вода на <b>{value['station']}</b> ({language})</p><script>x()</script>"
    return MailPart(heading="Припливи", html=html, page_ids=ids)


def tide_as_html(value, language):
    return f"<p onclick='x()'>Вода на <b>{value['station']}</b> ({language})</p><script>x()</script>"


def fail(value, language):
    raise ValueError("brittle: rendering")


def brittle_as_html(value, language):
    if value == "fail in HTML":
        raise ValueError("brittle: HTML")
    return f"<p>{value}</p>"


def stay_silent(value, language):
    return None


blocks = [
    PluginBlock(
        name="wharf_tide",
        block=TideBlock(),
        places=("body", "edition"),
        api=lambda value: {"station": value["station"]},
        mail=tide_in_mail,
        html=tide_as_html,
    ),
    PluginBlock(
        name="wharf_brittle",
        block=BrittleBlock(),
        places=("body", "edition"),
        mail=fail,
        html=brittle_as_html,
    ),
    PluginBlock(name="wharf_note", block=fields.TextBlock()),
    PluginBlock(name="wharf_silent", block=fields.CharBlock(), places=("edition",), mail=stay_silent),
]
'''


def write(folder: Path, **modules: str) -> Path:
    """Make the package, with more modules if need be, in this folder, which is to be on ``sys.path``; returns it."""
    package, distribution = folder / PACKAGE, folder / f"{PACKAGE}-1.0.dist-info"
    for made in (package, distribution):
        made.mkdir(parents=True)
    for name, source in {"__init__": "", "plugin": _PLUGIN, "blocks": _BLOCKS, **modules}.items():
        (package / f"{name}.py").write_text(source)
    (distribution / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 1.0\n")
    (distribution / "entry_points.txt").write_text(f"[ostriv.plugins]\n{LABEL} = {PACKAGE}\n")
    return folder


def start(
    stack: Stack, folder: Path, code: str, *arguments: str, loaded: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own on the stack's database, with the plugin in this folder or without it."""
    labels = [plugin.label for plugin in settings.OSTRIV_PLUGINS]
    steered = {
        "DJANGO_SETTINGS_MODULE": "cms.project.settings",
        "OSTRIV_PLUGINS": ",".join([*labels, LABEL] if loaded else labels),
        "PYTHONPATH": f"{folder}{os.pathsep}{plan.PROJECT}",
    }
    return subprocess.run(
        [sys.executable, "-c", f"import json, sys, django\ndjango.setup()\n{code}", *arguments],
        env={**stack.env, **steered},
        cwd=plan.PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def run(stack: Stack, folder: Path, code: str, *arguments: str, loaded: bool = True) -> Any:
    """As :func:`start`; answers the JSON that it printed last."""
    done = start(stack, folder, code, *arguments, loaded=loaded)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
