"""The private PostgreSQL: made once, started on a free loopback port, recognised again after a crash."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from cms.embedded import accounts, binaries
from cms.embedded.errors import EmbeddedError
from cms.embedded.processes import Process, free_port, let_go, wait_until

NAME = "ostriv"
START_SECONDS = 60.0
_OPTIONS = {
    # Loopback with a password works on every system; socket paths are limited to about a hundred characters.
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "150",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "1GB",
    "jit": "off",
}
#: Only for databases that live as long as a test run: a crash of the machine would lose them.
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "5min"}


@dataclass(frozen=True)
class Running:
    process: Process
    port: int
    url: str


class Postgres:
    """The server of one data folder. Callers hold the folder's lock while they start or stop it."""

    def __init__(self, data: Path, log: Path) -> None:
        self.account = accounts.for_postgres()
        self.folder = accounts.cluster_folder(data / "postgres", self.account)
        self.password_file = data / "postgres.password"
        self.port_file = data / "postgres.port"
        self.log = log / "postgres.log"

    def url(self, port: int) -> str:
        return f"postgres://{NAME}:{self.password_file.read_text().strip()}@127.0.0.1:{port}/{NAME}"

    def find(self) -> Running | None:
        """The server that already runs on this data, also one that a killed parent left behind."""
        noted = self._noted()
        if noted is None:
            return None
        process, port = noted
        url = self.url(port)
        # It may be starting, or finishing a shutdown: in both cases a moment decides.
        wait_until(lambda: _answers(url) or not process.alive(), 10.0)
        return Running(process, port, url) if process.alive() and _answers(url) else None

    def start(self, *, durable: bool = True) -> Running:
        if running := self.find():
            return running
        self._clear_leftovers()
        chosen = binaries.choose_postgres(self._data_major(), lambda found: accounts.usable(found, self.account))
        programs = accounts.reachable_programs(chosen, self.account)
        if self._data_major() is None:
            self._create(programs)
        for attempt in range(6):
            # A port may be snatched away; backends of a killed server need a moment to notice and to end.
            time.sleep(0.1 * (2**attempt - 1))
            if running := self._launch(programs, self._port(attempt), durable):
                self.port_file.write_text(f"{running.port}\n")
                return running
        raise EmbeddedError(f"PostgreSQL did not start; its own words are in {self.log}:\n{_tail(self.log)}")

    def stop(self) -> None:
        if noted := self._noted():
            # SIGINT is PostgreSQL's fast shutdown: sessions are ended, everything is written.
            noted[0].end(signal.SIGINT, patience=30.0)

    def remove(self) -> None:
        """Delete the cluster, wherever it lies. For tests and for whoever throws a data folder away."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _launch(self, programs: binaries.PostgresPrograms, port: int, durable: bool) -> Running | None:
        options = {**_OPTIONS, "port": str(port), **({} if durable else _NOT_DURABLE)}
        command = [str(programs.postgres), "-D", str(self.folder)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=_clean_environment(),
                **self.account.switch,
            )
        url = self.url(port)
        wait_until(lambda: child.poll() is not None or _answers(url), START_SECONDS, pause=0.05)
        process = Process.of(child.pid)
        if child.poll() is None and process and _answers(url):
            let_go(child)
            return Running(process, port, url)
        if child.poll() is None:
            child.kill()
            child.wait()
        return None

    def _create(self, programs: binaries.PostgresPrograms) -> None:
        if self.folder.exists() and any(self.folder.iterdir()):
            # An initdb that was killed: PG_VERSION is written early, so this is rubbish, but not ours to delete.
            self.folder.rename(self.folder.with_name(f"{self.folder.name}.unfinished-{secrets.token_hex(3)}"))
        password = secrets.token_urlsafe(24)
        _write_private(self.password_file, password)
        # It is made beside its place and renamed when it is whole, so a kill half-way leaves no broken cluster.
        half = self.folder.with_name(f"{self.folder.name}.new")
        refused = ""
        for locale in _locales(programs):
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir(mode=0o700)
            password_copy = half.with_name(f"{half.name}.password")
            _write_private(password_copy, password)
            self.account.own(half)
            self.account.own(password_copy)
            try:
                made = subprocess.run(
                    [
                        str(programs.initdb),
                        "-D",
                        str(half),
                        "-U",
                        NAME,
                        "-A",
                        "scram-sha-256",
                        "-E",
                        "UTF8",
                        f"--pwfile={password_copy}",
                        *locale,
                    ],
                    cwd="/",
                    capture_output=True,
                    text=True,
                    check=False,
                    env=_clean_environment(),
                    **self.account.switch,
                )
            finally:
                password_copy.unlink(missing_ok=True)
            if made.returncode == 0:
                self._create_database(programs, half)
                half.rename(self.folder)
                return
            refused = made.stderr.strip() or made.stdout.strip()
        shutil.rmtree(half, ignore_errors=True)
        raise EmbeddedError(f"PostgreSQL's initdb could not make a cluster in {half.parent}: {refused}")

    def _create_database(self, programs: binaries.PostgresPrograms, cluster: Path) -> None:
        # The single-user server makes the database without a port, a password or a race.
        subprocess.run(
            [str(programs.postgres), "--single", "-D", str(cluster), "template1"],
            input=f"CREATE DATABASE {NAME}\n",
            cwd="/",
            capture_output=True,
            text=True,
            check=True,
            env=_clean_environment(),
            **self.account.switch,
        )

    def _port(self, attempt: int) -> int:
        """The port of last time, so that whoever still knows it finds the server again; then any free one."""
        try:
            return int(self.port_file.read_text()) if attempt == 0 else free_port()
        except (OSError, ValueError):
            return free_port()

    def _data_major(self) -> int | None:
        try:
            return int((self.folder / "PG_VERSION").read_text().strip())
        except FileNotFoundError:
            return None
        except PermissionError as error:
            owner = self.folder.stat().st_uid
            raise EmbeddedError(
                f"The embedded database in {self.folder} belongs to user id {owner}, not to you. Run Ostriv as whoever "
                "made it, or set OSTRIV_DATA to another folder."
            ) from error

    def _noted(self) -> tuple[Process, int] | None:
        """What postmaster.pid says, if the process it names is really a PostgreSQL of this folder."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
            pid, port = int(lines[0]), int(lines[3])
        except (OSError, ValueError, IndexError):
            return None
        process = Process.of(pid)
        if process is None or str(self.folder) not in process.command():
            return None
        return process, port

    def _clear_leftovers(self) -> None:
        if noted := self._noted():
            noted[0].end(signal.SIGINT, patience=10.0)
            return
        pid_file = self.folder / "postmaster.pid"
        try:
            _, rest = pid_file.read_text().split("\n", 1)
        except (OSError, ValueError):
            return
        # PostgreSQL sees through a stale file, but not if its number is now a stranger's, or a zombie's that nobody
        # reaps (containers without an init). A file that names the parent of the new server counts as stale, and
        # the check that no old backend is still attached to the data, further down in the file, keeps working.
        pid_file.write_text(f"{os.getpid()}\n{rest}")


def _locales(programs: binaries.PostgresPrograms) -> list[list[str]]:
    """Locale settings to try, best first. Lower-casing must know Cyrillic (searches rely on it); the order of sorting
    must not change when the system's libraries do, so code points it is."""
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    choices = [["--locale=C.UTF-8"], ["--locale=en_US.UTF-8"]]
    if programs.major >= 17:
        choices = [["--locale=C.UTF-8", *builtin], ["--locale=C", *builtin]]
    elif programs.major >= 15:
        choices.append(["--locale=C", "--locale-provider=icu", "--icu-locale=und"])
    return choices


def _answers(url: str) -> bool:
    import psycopg  # slow to import, and most callers only look

    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _clean_environment() -> dict[str, str]:
    # PGDATA, PGPORT and friends of the user's own server must not reach this one.
    return {key: value for key, value in os.environ.items() if key in ("PATH", "TMPDIR", "LD_LIBRARY_PATH")}


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)


def _tail(path: Path, lines: int = 8) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
