"""An environment of its own beside ours: our packages are seen in it, and what is installed there stays there."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from cms.up.plan import PROJECT


class Scratch:
    """A virtual environment that shares this one's packages, so that no network is needed to make it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        venv.create(folder, with_pip=False, symlinks=True)
        self.python = folder / "bin" / "python"
        paths = {name: str(folder) for name in ("base", "platbase")}
        self.site = Path(sysconfig.get_path("purelib", vars=paths))
        (self.site / "shared.pth").write_text(f"{PROJECT}\n{sysconfig.get_path('purelib')}\n")

    def build_wheel(self, source: Path) -> Path:
        """Build the wheel of a source tree, in a copy of it."""
        copy = self.folder / "build" / source.name
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        wheels = self.folder / "wheels"
        _run(
            sys.executable, "-m", "pip", "wheel", "--no-index", "--no-build-isolation", "--no-deps",
            "--wheel-dir", str(wheels), str(copy),
        )  # fmt: skip
        shutil.rmtree(copy)
        (wheel,) = wheels.glob("*.whl")
        return wheel

    def install(self, wheel: Path) -> None:
        _run(str(self.python), "-m", "pip", "install", "--no-index", "--no-deps", str(wheel))

    def uninstall(self, distribution: str) -> None:
        _run(str(self.python), "-m", "pip", "uninstall", "--yes", distribution)


def keep_templates(repository: Path) -> None:
    """Let the tests of another repository find our migrated databases: the one without plugins is also theirs."""
    (repository / ".cache").mkdir()
    (repository / ".cache" / "tests").symlink_to(PROJECT / ".cache" / "tests")


def _run(*command: str) -> None:
    steering = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    done = subprocess.run(
        command, env={**steering, "PIP_CONFIG_FILE": os.devnull}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
