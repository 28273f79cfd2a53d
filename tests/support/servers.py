"""PostgreSQL and Redis of a test run, and databases that are migrated once.

Migrating takes half a minute and its result is the same until a migration or a dependency changes, so the migrated
cluster (and the gathered static files) are kept in `.cache/tests`, keyed by all they are made from. Everything that
runs is a copy of it: one server for the run, and one for each whole installation (`stack`).
"""

import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from cms import embedded
from cms.embedded import accounts, binaries
from cms.embedded.postgres import Postgres
from cms.up import plan

PROJECT = Path(__file__).resolve().parents[2]
CACHE = PROJECT / ".cache" / "tests"
_KEPT = 4
SECRET_KEY = "not-secret-only-for-tests-of-this-repository-0123456789"
_MADE_FROM = ("migrations/*.py", "models/*.py", "models.py", "apps.py", "plugin.py", "static/**/*")


@dataclass(frozen=True)
class Template:
    """A migrated installation that nobody runs on."""

    folder: Path

    def install(self, data: Path) -> None:
        """Make `data` the folder of a migrated installation of its own."""
        data.mkdir(parents=True, exist_ok=True)
        account = accounts.for_postgres()
        shutil.copytree(self.folder / "postgres", data / "postgres", symlinks=True)
        _give(data / "postgres", account)
        shutil.copy2(self.folder / "postgres.password", data / "postgres.password")
        for name in ("static", "static.stamp"):
            (data / name).symlink_to(self.folder / name)


def clean_environment() -> dict[str, str]:
    """The caller's environment without what would steer an installation; the choice of plugins stays."""
    steering = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "ALLOWED_HOSTS", "PORT")
    return {
        name: value
        for name, value in os.environ.items()
        if name == "OSTRIV_PLUGINS"
        or not (name in steering or name.startswith(("OSTRIV_", "DJANGO_", "PYTEST_", "PG")))
    } | {"SECRET_KEY": SECRET_KEY}


def template() -> Template:
    """The migrated template of the code as it is, made now if need be."""
    folder = CACHE / _fingerprint()
    if folder.exists():
        return Template(folder)
    sys.stderr.write("Migrating the tests' template database (once until a migration changes)...\n")
    CACHE.mkdir(parents=True, exist_ok=True)
    # A few are kept: other choices of plugins, and runs beside this one that still read theirs.
    for old in sorted(CACHE.iterdir(), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    data = make_run_folder()
    try:
        servers = embedded.ensure_running(data, durable=False)
        try:
            env = plan.environment(
                data,
                port=8000,
                database_url=servers.database_url,
                redis_url=servers.redis_url,
                base=clean_environment(),
            )
            done = subprocess.run(
                [sys.executable, "-m", "cms.up.prepare"],
                env=env,
                cwd=PROJECT,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise RuntimeError(
                    f"The tests' database could not be migrated:\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
                )
        finally:
            embedded.stop(data)
        half = CACHE / f"{folder.name}.{os.getpid()}"
        half.mkdir()
        shutil.copytree(Postgres(data, data / "log").folder, half / "postgres", symlinks=True)
        for name in ("postgres.password", "static.stamp"):
            shutil.copy2(data / name, half / name)
        shutil.copytree(data / "static", half / "static")
        try:
            half.rename(folder)
        except OSError:  # a run beside this one was quicker
            shutil.rmtree(half, ignore_errors=True)
    finally:
        remove_run_folder(data)
    return Template(folder)


def make_run_folder() -> Path:
    """A folder of its own for a run. PostgreSQL may run under another account, which must be able to walk in."""
    folder = Path(tempfile.mkdtemp(prefix="ostriv-tests-"))
    folder.chmod(0o711)
    return folder


def remove_run_folder(folder: Path) -> None:
    for state in [folder / "servers.lock", *folder.glob("**/servers.lock")]:
        if state.exists():
            embedded.remove(state.parent)
    shutil.rmtree(folder, ignore_errors=True)


def copy_database(database_url: str, name: str) -> str:
    """Make (again) a database that is a copy of the migrated one; returns its address."""
    source = urlsplit(database_url).path.lstrip("/")
    with psycopg.connect(_with_path(database_url, "postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    return _with_path(database_url, name)


def with_redis_index(redis_url: str, index: int) -> str:
    return _with_path(redis_url, str(index))


def _with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for room in ("cms", "api", "workers", "plugins"):
        for pattern in _MADE_FROM:
            for path in sorted((PROJECT / room).rglob(pattern)):
                if path.is_file():
                    digest.update(f"{path.relative_to(PROJECT)}\0".encode() + path.read_bytes())
    for name in sorted(f"{found.name}=={found.version}" for found in importlib.metadata.distributions()):
        digest.update(name.encode())
    digest.update(f"{os.environ.get('OSTRIV_PLUGINS', '<bundled>')}\0{binaries.choose_postgres(None).version}".encode())
    return digest.hexdigest()[:20]


def _give(folder: Path, account: accounts.Account) -> None:
    account.own(folder)
    for path in folder.rglob("*"):
        account.own(path)
