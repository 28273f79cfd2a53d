"""`ostriv doctor`: what this installation needs and whether it has it, each fault with what to do."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_OLDEST_PYTHON = (3, 11)
_LEAST_FREE = 512 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One line of the report. `remedy` is empty when all is well."""

    name: str
    said: str
    remedy: str = ""
    warning: bool = False


def main() -> int:
    """Print the report; the exit code is 1 if anything fails, 0 if there are warnings at most."""
    import django

    django.setup()
    failed = 0
    for finding in findings():
        mark = "ok  " if not finding.remedy else "warn" if finding.warning else "FAIL"
        sys.stdout.write(f"{mark}  {finding.name}: {finding.said}\n")
        if finding.remedy:
            sys.stdout.write(f"      {finding.remedy}\n")
            failed += not finding.warning
    sys.stdout.write(f"\n{failed} of the checks failed.\n" if failed else "\nAll is well.\n")
    return 1 if failed else 0


def findings() -> Iterator[Finding]:
    for check in (_python, _database, _notifications, _migrations, _redis, _worker, _storage, _static, _mail):
        yield check()
    yield from _plugins()
    yield from _settings()


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= _OLDEST_PYTHON:
        return Finding("Python", version)
    return Finding("Python", version, "Install Python 3.11 or later.")


def _database() -> Finding:
    from django.db import connection

    def ask() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            row = cursor.fetchone()
        return f"PostgreSQL {row[0] if row else '?'}"

    return _tried("Database", ask, "Start PostgreSQL, and check DATABASE_URL (unset, Ostriv uses a server of its own).")


def _notifications() -> Finding:
    """Whether what one connection says reaches another that listens: a pooler in transaction mode passes nothing on."""
    import psycopg
    from django.db import connection

    def ask() -> str:
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as listener:
            listener.execute("LISTEN ostriv_doctor")
            with connection.cursor() as cursor:
                cursor.execute("NOTIFY ostriv_doctor")
            if not list(listener.notifies(timeout=3, stop_after=1)):
                raise LookupError("do not arrive")
        return "arrive"

    return _tried(
        "Notifications",
        ask,
        "Let DATABASE_URL name PostgreSQL itself, or a pooler in session mode: locks and caches need one too.",
    )


def _migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    def ask() -> str:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            raise LookupError(f"{len(waiting)} are not applied")
        return "all applied"

    return _tried("Migrations", ask, "Run: ostriv migrate")


def _plugins() -> Iterator[Finding]:
    """What each enabled plugin says and lacks."""
    try:
        health = importlib.import_module("cms.lifecycle.health")
        for found in list(health.plugin_findings()):
            yield Finding(f"Plugin {found.label}", found.said, found.remedy, found.warning)
    except Exception as error:  # without a database nothing is known of them, and that has its own line
        yield Finding("Plugins", _first_line(error), "Start PostgreSQL and run: ostriv migrate", warning=True)


def _redis() -> Finding:
    import redis
    from django.conf import settings

    def ask() -> str:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3) as client:
            info = client.info("server")
        return f"Redis {info['redis_version']}" if isinstance(info, dict) else "reachable"

    return _tried("Redis", ask, "Start Redis, and check REDIS_URL (unset, Ostriv uses a server of its own).")


def _worker() -> Finding:
    from cms.project.views.health import check

    said = check()["worker"]
    if said == "ok":
        return Finding("Worker", "seen a moment ago")
    return Finding("Worker", said, "Start one: celery -A workers.app worker (make up starts everything).")


def _storage() -> Finding:
    from django.conf import settings

    folder = Path(settings.MEDIA_ROOT)

    def ask() -> str:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder) as probe:
            probe.write(b"ostriv")
        free = shutil.disk_usage(folder).free
        if free < _LEAST_FREE:
            raise OSError(f"only {free // 1024**2} MB are free")
        return f"{folder} is writable, {free // 1024**3} GB free"

    return _tried("Storage", ask, f"Make {folder} writable for this user and its disk roomy, or set OSTRIV_DATA.")


def _static() -> Finding:
    from django.conf import settings

    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists():
        return Finding("Static files", "gathered")
    return Finding(
        "Static files", "not gathered: the admin would have no styles", "Run: ostriv collectstatic --noinput"
    )


def _mail() -> Finding:
    import smtplib

    from django.conf import settings

    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"

    def ask() -> str:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=5) as client:
            client.noop()
        return f"{where} answers"

    # EMAIL_URL may name a server with implicit TLS, which greets nobody in the clear.
    if getattr(settings, "EMAIL_USE_SSL", False):
        return Finding("Mail", f"{where} (TLS from the start; not asked)")
    found = _tried(
        "Mail", ask, "Set EMAIL_URL to your mail server, such as smtp+tls://name:password@mail.example.org:587"
    )
    return Finding(found.name, found.said, found.remedy, warning=True)


def _settings() -> Iterator[Finding]:
    from django.conf import settings

    if settings.DEBUG:
        yield Finding("Settings", "OSTRIV_DEBUG is on", "Turn it off where readers come: it shows code.", warning=True)
    if not settings.BASE_URL.startswith("https://") and "localhost" not in settings.BASE_URL:
        yield Finding("Settings", f"{settings.BASE_URL} is not HTTPS", "Put a proxy with TLS in front.", warning=True)
    if len(settings.SECRET_KEY) < 40:
        yield Finding("Settings", "SECRET_KEY is short", "Set it to 50 random characters or more.")
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding("Settings", "ALLOWED_HOSTS allows every host", "List the names of this site.", warning=True)
    if settings.DEV_MAIL_DIR and not os.environ.get("OSTRIV_BASE_URL", "http://localhost").startswith(
        "http://localhost"
    ):
        yield Finding("Settings", "OSTRIV_DEV_MAIL shows all mail to everybody", "Unset it where readers come.")


def _tried(name: str, ask: Callable[[], str], remedy: str) -> Finding:
    try:
        return Finding(name, ask())
    except Exception as error:  # a doctor reports every fault and dies of none
        return Finding(name, _first_line(error), remedy)


def _first_line(error: Exception) -> str:
    words = str(error).strip().splitlines()
    return words[0] if words else type(error).__name__
