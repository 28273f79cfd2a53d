"""PostgreSQL and Redis of a test run, and databases that are migrated once.

Migrating takes half a minute and its result is the same until a migration or a dependency changes, so the migrated
cluster (and the gathered static files) are kept in a cache folder, keyed by all they are made from. Everything that
runs is a copy of it: one server for the run, and one for each whole installation.
"""

import fcntl
import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from cms import embedded
from cms.embedded import accounts, binaries
from cms.embedded.postgres import Postgres
from cms.registry.discovery import ENTRY_POINT_GROUP, bundled_labels, found_plugins
from cms.up import plan

_KEPT = 10
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


def template(cache: Path) -> Template:
    """The migrated template of the code as it is, made now if need be. ``cache`` is the folder that keeps them.

    Raises RuntimeError, with what the migration said, if it can't be made.
    """
    wanted = os.environ.get("OSTRIV_PLUGINS", "*")
    labels = bundled_labels() if wanted == "*" else [label.strip() for label in wanted.split(",")]
    return _template(cache, [label for label in labels if label])


def _template(cache: Path, labels: list[str]) -> Template:
    """One with these plugins, made from one without any: that takes most of the time, and all choices share it."""
    folder = cache / _fingerprint(labels)
    cache.mkdir(parents=True, exist_ok=True)
    (cache / ".gitignore").write_text("*\n")
    with _only_one(cache / f"{folder.name}.lock"):
        if not folder.exists():
            _make_template(folder, labels, _template(cache, []) if labels else None)
    os.utime(folder)
    _forget_old(cache)
    return Template(folder)


def _make_template(folder: Path, labels: list[str], like: Template | None) -> None:
    sys.stderr.write("Migrating the tests' template database (once until a migration changes)...\n")
    data = make_run_folder()
    try:
        if like:
            like.install(data)
            _own_static_files(data)
        servers = embedded.ensure_running(data, durable=False)
        try:
            env = plan.environment(
                data,
                port=8000,
                database_url=servers.database_url,
                redis_url=servers.redis_url,
                base={**clean_environment(), "OSTRIV_PLUGINS": ",".join(labels)},
            )
            done = subprocess.run(
                [sys.executable, "-m", "cms.up.prepare"],
                env=env,
                cwd=plan.PROJECT,
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
        half = folder.with_name(f"{folder.name}.{os.getpid()}")
        half.mkdir()
        shutil.copytree(Postgres(data, data / "log").folder, half / "postgres", symlinks=True)
        for name in ("postgres.password", "static.stamp"):
            shutil.copy2(data / name, half / name)
        shutil.copytree(data / "static", half / "static")
        half.rename(folder)
    finally:
        remove_run_folder(data)


def _own_static_files(data: Path) -> None:
    """Copies in the place of a template's: what is gathered here must not change them."""
    for name in ("static", "static.stamp"):
        path = data / name
        kept = path.resolve()
        path.unlink()
        (shutil.copytree if kept.is_dir() else shutil.copy2)(kept, path)


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    """Runs beside each other that need the same template: one makes it, the others wait for it."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _forget_old(cache: Path) -> None:
    """Some are kept: other choices of plugins, and runs beside this one that still read theirs."""
    folders = sorted((each for each in cache.iterdir() if each.is_dir()), key=lambda path: path.stat().st_mtime)
    for old in folders[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
        cache.joinpath(f"{old.name}.lock").unlink(missing_ok=True)


def make_run_folder() -> Path:
    """A folder of its own for a run. PostgreSQL may run under another account, which must be able to walk in."""
    folder = Path(tempfile.mkdtemp(prefix="ostriv-tests-"))
    folder.chmod(0o711)
    return folder


def remove_run_folder(folder: Path) -> None:
    """Stop what runs in this folder, and remove it."""
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
    """The address of another of the server's numbered databases."""
    return _with_path(redis_url, str(index))


def _with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))


def _fingerprint(labels: list[str]) -> str:
    """Of all that a migrated database is made from: the rooms, the plugins, what is installed, PostgreSQL itself."""
    digest = hashlib.sha256()
    for package in ("cms", "api", "workers", *_plugin_packages(labels)):
        for folder in find_spec(package).submodule_search_locations or []:
            for pattern in _MADE_FROM:
                for path in sorted(Path(folder).rglob(pattern)):
                    if path.is_file():
                        digest.update(f"{package}/{path.relative_to(folder)}\0".encode() + path.read_bytes())
    for found in sorted(importlib.metadata.distributions(), key=lambda each: each.name):
        # Of plugins those count that are enabled, by their files.
        if not found.entry_points.select(group=ENTRY_POINT_GROUP):
            digest.update(f"{found.name}=={found.version}\0".encode())
    digest.update(f"{','.join(labels)}\0{binaries.choose_postgres(None).version}".encode())
    return digest.hexdigest()[:20]


def _plugin_packages(labels: list[str]) -> list[str]:
    found = found_plugins()
    return [found[label].package for label in labels if label in found]


def _give(folder: Path, account: accounts.Account) -> None:
    account.own(folder)
    for path in folder.rglob("*"):
        account.own(path)
