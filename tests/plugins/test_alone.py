"""Each bundled plugin is whole without the others, and the core without any."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cms.registry.discovery import bundled_labels

ROOT = Path(__file__).resolve().parents[2]
_LOOK = """
import django, io
django.setup()
from django.core.management import call_command
call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
call_command("check", fail_level="WARNING")
call_command("spectacular", lang="en", validate=True, fail_on_warn=True, stdout=io.StringIO())
from cms.content.types import content_types
from cms.registry.owners import owner_of
print(sorted({owner_of(model) for model in content_types().values()} - {""}))
"""


def look(labels: str) -> str:
    """What a process says that loads these plugins and looks at itself."""
    done = subprocess.run(
        [sys.executable, "-c", _LOOK],
        cwd=ROOT,
        env={**os.environ, "OSTRIV_PLUGINS": labels},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("label", bundled_labels())
def test_a_plugin_needs_no_other(label: str) -> None:
    assert look(label) in (f"['{label}']", "[]")


def test_the_core_needs_no_plugin() -> None:
    assert look("") == "[]"
