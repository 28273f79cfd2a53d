"""Ostriv in a process of its own with other plugins: what isn't enabled is loaded there, and never here."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cms.registry.discovery import ENTRY_POINT_GROUP, Plugin

#: Where ``ostriv plugin check`` finds what OSTRIV_PLUGINS was: it runs without plugins itself, so that it runs at all.
BESIDE = "OSTRIV_CHECK_BESIDE"


def environment(labels: Sequence[str], paths: Sequence[Path] = ()) -> dict[str, str]:
    """This process's environment with these plugins enabled, and with these folders to import from first."""
    # `python -m` looks in the current folder first; a child does so only if this process does.
    here = [path for path in sys.path[:1] if path in ("", str(Path.cwd()))]
    before = [*map(str, paths), *(str(Path.cwd()) for _ in here), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.project.settings",
        "OSTRIV_PLUGINS": ",".join(labels),
        "PYTHONPATH": os.pathsep.join(filter(None, before)),
        # What is written for an author is what an author writes, without Python's own leavings.
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def run(module: str, *arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a module of Ostriv, and take what it says."""
    return subprocess.run(  # noqa: S603  (our own interpreter, our own module)
        [sys.executable, "-P", "-m", module, *arguments], env=env, capture_output=True, text=True, check=False
    )


@contextmanager
def announced(plugin: Plugin, folder: Path) -> Iterator[list[Path]]:
    """Folders to import from, with which this plugin is found as if it were installed.

    ``folder`` is that of its package; a distribution that announces it is put beside, in a temporary folder.
    """
    with tempfile.TemporaryDirectory(prefix="ostriv-plugin-") as made:
        about = Path(made) / f"ostriv_announced_{plugin.label}-0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: ostriv-announced-{plugin.label}\nVersion: 0\n", encoding="utf-8"
        )
        (about / "entry_points.txt").write_text(
            f"[{ENTRY_POINT_GROUP}]\n{plugin.label} = {plugin.package}\n", encoding="utf-8"
        )
        yield [Path(made), folder.resolve().parent]
