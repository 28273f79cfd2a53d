"""The course of `ostriv up`: refuse early, prepare, start, wait until ready, watch, stop."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import IO, Any

from cms import embedded
from cms.embedded.processes import die_with_parent, free_port
from cms.up import children, plan
from cms.up.children import Child, ChildKeepsDying
from cms.up.terminal import Terminal

READY_SECONDS = 90.0


class CannotStart(Exception):
    """Why `up` cannot begin, in one sentence for the person at the terminal."""


class Stopped(Exception):
    """A signal asked for the end."""


def up(data: Path, *, port: int, demo: bool = True) -> int:
    """Run the installation of this data folder until a signal; the exit code of the command."""
    terminal = Terminal()
    try:
        return Up(data.resolve(), port, demo, terminal).run()
    except (CannotStart, ChildKeepsDying, embedded.EmbeddedError) as error:
        terminal.fault(str(error))
        return 1


class Up:
    def __init__(self, data: Path, port: int, demo: bool, terminal: Terminal) -> None:
        self.data, self.port, self.demo, self.terminal = data, port, demo, terminal
        self.note = data / "up.json"
        self.children: list[Child] = []
        self.own_servers = False

    def run(self) -> int:
        try:
            self.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotStart(f"The data folder {self.data} cannot be made: {error.strerror}.") from error
        with self._only_one(), _signals_raise():
            self._recover()
            self._need_port()
            try:
                self._start()
                self._watch()
            except Stopped:
                pass
            finally:
                self._stop()
        self.terminal.plain("Stopped. Everything is kept in " + str(self.data))
        return 0

    # --- before anything slow -------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _only_one(self) -> Iterator[None]:
        # The lock ends with this process, however it ends; children do not inherit it.
        with (self.data / "up.lock").open("a") as handle:
            told = False
            while not _lock(handle):
                other = _read(self.note)
                if not other.get("stopping"):
                    where = f", at {other['url']}" if "url" in other else ""
                    raise CannotStart(
                        f"Ostriv runs already on {self.data}{where}. "
                        "Stop it with Ctrl-C where it runs, or set OSTRIV_DATA to another folder."
                    )
                if not told:
                    self.terminal.step("Waiting for the earlier Ostriv to stop")
                    told = True
                time.sleep(0.2)
            yield

    def _recover(self) -> None:
        ended = children.recover(self.data / "children.json", self.data)
        if ended:
            self.terminal.step(f"Ended {ended} processes that an earlier start had left behind")

    def _need_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((plan.HOST, self.port))
                probe.listen()
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    other = self.port + 1 if self.port < 65535 else 8000
                    raise CannotStart(
                        f"Port {self.port} is taken by another program. Choose one: make up PORT={other} "
                        f"(or ostriv up --port {other})."
                    ) from error
                raise CannotStart(f"Port {self.port} cannot be used: {error.strerror}.") from error

    # --- start ----------------------------------------------------------------------------------------------

    def _start(self) -> None:
        secret_key(self.data)
        before = _read(self.note)
        database_url, redis_url = self._servers()
        smtp_port = None if os.environ.get("EMAIL_URL") else free_port()
        self.env = plan.environment(
            self.data, port=self.port, database_url=database_url, redis_url=redis_url, smtp_port=smtp_port
        )
        self.url = self.env["OSTRIV_BASE_URL"]
        moved = bool(before) and before.get("prepared_for") != self.url
        before.pop("stopping", None)
        _write(self.note, {**before, "url": self.url})
        self._prepare(republish=moved)
        _write(self.note, {"url": self.url, "prepared_for": self.url})
        self.children = [
            Child(definition, env=self.env, log_dir=self.data / "log", cwd=plan.PROJECT)
            for definition in plan.processes(self.data, port=self.port, smtp_port=smtp_port)
        ]
        self.terminal.step("Starting " + ", ".join(child.name for child in self.children))
        for child in self.children:
            child.start()
        children.note(self.data / "children.json", self.children)
        self._wait_ready()
        self._welcome(smtp_port is not None)

    def _servers(self) -> tuple[str, str]:
        database_url, redis_url = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
        if not (database_url and redis_url):
            self.terminal.step("Starting PostgreSQL and Redis")
            servers = embedded.ensure_running(self.data, report=self.terminal.step)
            self.own_servers = True
            database_url, redis_url = database_url or servers.database_url, redis_url or servers.redis_url
        return database_url, redis_url

    def _prepare(self, *, republish: bool) -> None:
        command = [sys.executable, "-m", "cms.up.prepare"]
        command += ["--demo"] * self.demo + ["--republish"] * republish
        log_path = self.data / "log" / "prepare.log"
        log_path.parent.mkdir(parents=True, exist_ok=True)
        with log_path.open("ab") as log:
            child = subprocess.Popen(
                command,
                env=self.env,
                cwd=plan.PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
            try:
                assert child.stdout is not None
                self._relay(child.stdout, log)
                code = child.wait()
            except BaseException:
                child.kill()
                child.wait()
                raise
        if code:
            last = log_path.read_text(errors="replace").strip().rpartition("\n")[2]
            raise CannotStart(f"Preparing the database failed; nothing is lost. {last}\nWhat happened is in {log_path}")

    def _relay(self, said: IO[bytes], log: IO[bytes]) -> None:
        for line in said:
            if line.startswith(b"> "):
                self.terminal.step(line[2:].decode(errors="replace").strip())
            log.write(line)
            log.flush()

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        told = time.monotonic()
        while True:
            waiting_for = not_ready(self.port)
            if not waiting_for:
                return
            self._tend()
            now = time.monotonic()
            if now >= deadline:
                raise CannotStart(
                    f"Not ready after {READY_SECONDS:.0f} seconds: {waiting_for}. The logs are in {self.data / 'log'}"
                )
            if now - told > 5:
                told = now
                self.terminal.step(f"Waiting for {waiting_for}")
            time.sleep(0.1)

    def _welcome(self, mail: bool) -> None:
        say = self.terminal.plain
        self.terminal.step("Ready")
        say()
        say(f"  Newsroom site   {self.url}/")
        say(f"  Editors         {self.url}/admin/")
        for line in self._logins():
            say(f"                  {line}")
        say(f"  Content API     {self.url}/api/v1/docs/")
        if mail:
            say(f"  Mail sent       {self.url}/dev/mail/")
        say(f"  Data and logs   {self.data}")
        say()
        say("  Ctrl-C stops everything and keeps the data.")
        say()

    def _logins(self) -> list[str]:
        """The demo's logins, which its loader left in the data folder; without the demo, how to make one."""
        try:
            logins = json.loads((self.data / "demo-logins.json").read_text())
            return [f"{login['username']} / {login['password']}" for login in logins]
        except (OSError, ValueError, KeyError, TypeError):
            return ["make a login with: .venv/bin/ostriv createsuperuser"]

    # --- watch and stop -------------------------------------------------------------------------------------

    def _watch(self) -> None:
        checked = time.monotonic()
        while True:
            time.sleep(0.25)
            self._tend()
            if self.own_servers and time.monotonic() - checked > 3:
                checked = time.monotonic()
                # Costs a ping when all is well. A server that died comes back where it was: same port, same password.
                if embedded.ensure_running(self.data).started:
                    self.terminal.step("A server had ended and was started again; see " + str(self.data / "log"))

    def _tend(self) -> None:
        for child in self.children:
            if said := child.tend():
                self.terminal.step(said)
        children.note(self.data / "children.json", self.children)

    def _stop(self) -> None:
        if self.children or self.own_servers:
            self.terminal.step("Stopping")
            _write(self.note, {**_read(self.note), "stopping": True})
        # The second signal means: now.
        patience: float | None = None
        # First what takes in work, then what does it, then what it needs.
        for names in (("web", "beat"), ("worker",), ("mail",)):
            group = [child for child in self.children if child.name in names]
            for child in group:
                child.ask_to_stop()
            for child in group:
                try:
                    child.wait_stopped(patience)
                except Stopped:
                    patience = 0
                    child.wait_stopped(patience)
        (self.data / "children.json").unlink(missing_ok=True)
        if self.own_servers:
            with contextlib.suppress(Stopped):
                embedded.release(self.data)


def _lock(handle: IO[str]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def secret_key(data: Path) -> None:
    """Make the installation's secret key, once."""
    path = data / "secret_key"
    if os.environ.get("SECRET_KEY") or path.exists():
        return
    data.mkdir(parents=True, exist_ok=True)
    half = data / f"secret_key.{os.getpid()}"
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(secrets.token_urlsafe(50))
    half.replace(path)


def not_ready(port: int) -> str:
    """What /readyz still waits for, "" when it is green."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{plan.HOST}:{port}/readyz", timeout=5):
            return ""
    except urllib.error.HTTPError as error:
        with error:
            parts = _parse(error.read())
        return ", ".join(name for name, value in parts.items() if value not in ("ok", "ready", "waiting")) or "web"
    except OSError:
        return "web"


@contextlib.contextmanager
def _signals_raise() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _parse(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _read(path: Path) -> dict[str, Any]:
    try:
        return _parse(path.read_bytes())
    except OSError:
        return {}


def _write(path: Path, values: dict[str, Any]) -> None:
    half = path.with_suffix(".tmp")
    half.write_text(json.dumps(values))
    half.replace(path)
