"""`python -m cms.up.prepare`: bring database, static files and demo up to date, saying what it does.

A process of its own, so that the supervisor needs no Django. Each line of standard output that begins with `>` is for
the person at the terminal; the rest belongs in the log.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import io
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    parser = argparse.ArgumentParser(prog="cms.up.prepare")
    parser.add_argument("--demo", action="store_true", help="load the demo newsroom once")
    parser.add_argument(
        "--republish", action="store_true", help="publications hold absolute addresses: write them anew"
    )
    arguments = parser.parse_args()

    load_plugins()
    migrate()
    remember_plugins()
    collect_static()
    if arguments.demo:
        load_demo()
    if arguments.republish:
        say("Writing publications for the new address")
        run("republish", "--all")


def say(sentence: str) -> None:
    print(f"> {sentence}", flush=True)  # noqa: T201 - this is how it speaks to its parent


def run(command: str, *arguments: str, **options: Any) -> str:
    from django.core.management import call_command

    said = io.StringIO()
    call_command(command, *arguments, stdout=said, **options)
    sys.stdout.write(said.getvalue())
    sys.stdout.flush()
    return said.getvalue()


def load_plugins() -> None:
    """Set Django up. Refuse a plugin that can't be loaded, or whose tables would not be what its models say."""
    import django

    from cms.registry.discovery import PluginError

    try:
        django.setup()
        from cms.lifecycle import boot

        boot.check()
        boot.check_addresses()
    except PluginError as error:
        sys.exit(str(error))


def remember_plugins() -> None:
    """Keep what the plugins declare, also where no migration was waiting; forget those that were purged."""
    from cms.lifecycle import tombstones
    from cms.registry import declared

    tombstones.clear()
    declared.remember()


def migrate() -> None:
    """Apply what is not applied, counting aloud."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not waiting:
        return
    say(f"Preparing the database: {waiting} migrations")
    call_command("migrate", interactive=False, verbosity=1, stdout=_Counting(waiting))
    # The front pages that a migration makes are live, and publications are written where pages change.
    run("republish")


class _Counting(io.TextIOBase):
    """Passes the command's words on and says a line now and then."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.told = total, 0, 0

    def write(self, text: str) -> int:
        sys.stdout.write(text)
        self.done += text.count(" OK")
        if self.done * 4 // self.total > self.told:
            self.told = self.done * 4 // self.total
            say(f"Preparing the database: {self.done} of {self.total}")
        return len(text)

    def flush(self) -> None:
        sys.stdout.flush()


class _Saying(io.TextIOBase):
    """Says every line that a command writes."""

    def __init__(self, before: str) -> None:
        self.before = before

    def write(self, text: str) -> int:
        for line in filter(None, map(str.strip, text.splitlines())):
            say(self.before + line)
        return len(text)


def collect_static() -> None:
    """Gather the admin's files if any has changed since the last time."""
    from django.conf import settings

    root = Path(settings.STATIC_ROOT)
    stamp, now = root.with_name("static.stamp"), static_fingerprint()
    if (root / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == now:
        return
    say("Gathering static files")
    run("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(now)


def static_fingerprint() -> str:
    """What the static files are made of: a digest of the files' paths, sizes and times, and of what is installed."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    for name in ("django", "wagtail", "whitenoise"):
        digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    return digest.hexdigest()


def load_demo() -> None:
    """The demo newsroom, once per data folder: what editors changed or deleted in it is not put back."""
    from django.conf import settings

    loaded = Path(settings.DATA_DIR) / "demo.loaded"
    if loaded.exists():
        return
    from django.core.management import call_command

    say("Loading the demo newsroom")
    call_command("load_demo", stdout=_Saying("Demo: "))
    loaded.write_text("The demo newsroom is loaded once. Delete this file to load it again.\n")


if __name__ == "__main__":
    main()
