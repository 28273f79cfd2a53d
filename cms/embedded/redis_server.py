"""The private Redis: password, free loopback port, append-only file, recognised again after a crash."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cms.embedded import binaries
from cms.embedded.errors import EmbeddedError
from cms.embedded.processes import Process, free_port, let_go, wait_until

START_SECONDS = 30.0


@dataclass(frozen=True)
class Running:
    process: Process
    port: int
    url: str


class Redis:
    """The server of one data folder. Callers hold the folder's lock while they start or stop it."""

    def __init__(self, data: Path, log: Path) -> None:
        self.folder = data / "redis"
        self.config = self.folder / "redis.conf"
        self.log = log / "redis.log"

    def find(self) -> Running | None:
        noted = self._noted()
        if noted is None:
            return None
        process, port, password = noted
        url = _url(port, password)
        wait_until(lambda: _answers(url) or not process.alive(), 10.0)
        return Running(process, port, url) if process.alive() and _answers(url) else None

    def start(self, *, durable: bool = True) -> Running:
        if running := self.find():
            return running
        self.stop()
        program = binaries.redis_program()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        # The address of last time first, so that whoever still knows it finds the server again.
        before, password = self._configured() or (None, secrets.token_urlsafe(24))
        for attempt in range(5):
            port = before if before and attempt == 0 else free_port()
            if running := self._launch(program, port, password, durable):
                return running
        raise EmbeddedError(f"Redis did not start; its own words are in {self.log}:\n{_tail(self.log)}")

    def stop(self) -> None:
        if noted := self._noted():
            noted[0].end(signal.SIGTERM, patience=20.0)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _launch(self, program: Path, port: int, password: str, durable: bool) -> Running | None:
        # The password goes through a private file: a command line can be read by everybody on the machine.
        settings = {
            "bind": "127.0.0.1",
            "port": str(port),
            "protected-mode": "yes",
            "requirepass": password,
            "dir": f'"{self.folder}"',
            "pidfile": f'"{self.folder / "redis.pid"}"',
            "daemonize": "no",
            "databases": "64",
            "save": '""',
            "appendonly": "yes" if durable else "no",
            "appendfsync": "everysec",
        }
        self.config.unlink(missing_ok=True)
        with os.fdopen(os.open(self.config, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.writelines(f"{name} {value}\n" for name, value in settings.items())
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                [str(program), str(self.config)],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        url = _url(port, password)
        wait_until(lambda: child.poll() is not None or _answers(url), START_SECONDS)
        process = Process.of(child.pid)
        if child.poll() is None and process and _answers(url):
            let_go(child)
            return Running(process, port, url)
        if child.poll() is None:
            child.kill()
            child.wait()
        return None

    def _noted(self) -> tuple[Process, int, str] | None:
        """What the pid file and the configuration say, if a Redis really is behind the number."""
        try:
            pid = int((self.folder / "redis.pid").read_text())
        except (OSError, ValueError):
            return None
        configured, process = self._configured(), Process.of(pid)
        if configured is None or process is None or f":{configured[0]}" not in process.command():
            return None  # Redis shows its address in its command line ("redis-server 127.0.0.1:6379")
        return process, *configured

    def _configured(self) -> tuple[int, str] | None:
        """Port and password that the configuration names."""
        try:
            settings = dict(line.split(" ", 1) for line in self.config.read_text().splitlines())
            return int(settings["port"]), settings["requirepass"]
        except (OSError, ValueError, KeyError):
            return None


def _url(port: int, password: str) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/0"


def _answers(url: str) -> bool:
    import redis  # slow to import, and most callers only look

    client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)
    try:
        return bool(client.ping())
    except redis.RedisError:  # also while it still loads its file
        return False
    finally:
        client.close()


def _tail(path: Path, lines: int = 8) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
