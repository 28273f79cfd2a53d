"""What an installation consists of: environment and processes. One description for `ostriv up` and the tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Definition:
    """One long-running process: its name, its command and how long it may take to stop (seconds)."""

    name: str
    command: tuple[str, ...]
    patience: float = 15.0


def environment(
    data: Path,
    *,
    port: int,
    database_url: str,
    redis_url: str,
    smtp_port: int | None = None,
    base: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The environment of every child. What the caller's environment sets already is kept, except the addresses."""
    env = dict(os.environ if base is None else base)
    env.update(
        DJANGO_SETTINGS_MODULE="cms.project.settings",
        DATABASE_URL=database_url,
        REDIS_URL=redis_url,
        OSTRIV_DATA=str(data),
        PYTHONUNBUFFERED="1",
    )
    env.setdefault("OSTRIV_BASE_URL", f"http://localhost:{port}")
    env.setdefault("OSTRIV_SERVE_MEDIA", "true")
    frontend = PROJECT / "examples" / "frontend"
    if frontend.is_dir():
        env.setdefault("OSTRIV_FRONTEND_DIR", str(frontend))
    if smtp_port is not None:
        env["EMAIL_URL"] = f"smtp://{HOST}:{smtp_port}"
        env["OSTRIV_DEV_MAIL"] = str(data / "mail")
    return env


def processes(data: Path, *, port: int, smtp_port: int | None = None) -> list[Definition]:
    """The processes in the order of starting; they are stopped the other way round."""
    python, bin_folder = sys.executable, Path(sys.executable).parent
    found = []
    if smtp_port is not None:
        found.append(
            Definition("mail", (python, "-m", "cms.project.devmail", "--port", str(smtp_port), str(data / "mail")), 5)
        )
    # A worker may be in the middle of a batch of mail: it gets the time to finish what it holds.
    found.append(
        Definition(
            "worker",
            (
                python,
                "-m",
                "celery",
                "-A",
                "workers.app",
                "worker",
                "--loglevel",
                "info",
                "--concurrency",
                "3",
                "--without-gossip",
                "--without-mingle",
            ),
            patience=40,
        )
    )
    found.append(
        Definition(
            "beat",
            (
                python,
                "-m",
                "celery",
                "-A",
                "workers.app",
                "beat",
                "--loglevel",
                "info",
                "--pidfile",
                "",
                "--schedule",
                str(data / "beat-schedule"),
            ),
        )
    )
    # As many threads a worker as it may have database connections (OSTRIV_DATABASE_POOL).
    threads = os.environ.get("OSTRIV_DATABASE_POOL", "8")
    found.append(
        Definition(
            "web",
            (
                str(bin_folder / "granian"),
                "--interface",
                "wsgi",
                "--host",
                HOST,
                "--port",
                str(port),
                "--workers",
                "2",
                "--blocking-threads",
                threads,
                "--http",
                "1",
                "--http1-buffer-size",
                "65536",
                "--respawn-failed-workers",
                "--workers-kill-timeout",
                "10",
                "cms.project.wsgi:application",
            ),
        )
    )
    return found
