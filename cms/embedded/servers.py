"""Starting, finding and stopping the pair of servers of one data folder."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cms.embedded import postgres, redis_server
from cms.embedded.processes import Process, let_go
from cms.embedded.state import State

_LOG_LIMIT = 8 * 1024 * 1024


@dataclass(frozen=True)
class Servers:
    """Where the private servers are. `started` says whether this call started one (or both found running)."""

    database_url: str
    redis_url: str
    started: bool = False


def ensure_running(
    data_dir: str | Path, *, durable: bool = True, report: Callable[[str], None] | None = None, attach: bool = True
) -> Servers:
    """Start what does not run yet and note the calling process as a user of the servers.

    `durable=False` trades safety against power loss for speed; it is for tests. `report` gets a sentence before each
    long step. With `attach=False` the caller is not noted: it must know of another user. Raises `EmbeddedError`.
    """
    data = Path(data_dir).resolve()
    state = State(data)
    with state.locked():
        log = data / "log"
        database, broker = postgres.Postgres(data, log), redis_server.Redis(data, log)
        running_database, running_broker = database.find(), broker.find()
        started = not (running_database and running_broker)
        for server in (database, broker):
            _shorten(server.log)
        # Redis comes up while PostgreSQL does: most of both is waiting.
        faults: list[BaseException] = []

        def start_broker() -> None:
            nonlocal running_broker
            try:
                running_broker = broker.start(durable=durable)
            except BaseException as error:
                faults.append(error)

        beside = threading.Thread(target=start_broker)
        if not running_broker:
            beside.start()
        try:
            if not running_database:
                if report and not (database.folder / "PG_VERSION").exists():
                    report("Making the embedded database")
                running_database = database.start(durable=durable)
            if beside.ident:
                beside.join()
            if faults:
                raise faults[0]
        except BaseException:
            if beside.ident:
                beside.join()
            stop_if_unused(data, state)
            raise
        assert running_database and running_broker
        servers = Servers(running_database.url, running_broker.url, started)
        state.write(database_url=servers.database_url, redis_url=servers.redis_url)
        if attach:
            state.add_user(Process.current())
        _watch(data, state)
        return servers


def running_servers(data_dir: str | Path) -> Servers | None:
    """The servers of this folder if somebody uses them now; starts nothing and takes no lock."""
    state = State(Path(data_dir).resolve())
    noted = state.read()
    if "database_url" not in noted or not state.users():
        return None
    return Servers(noted["database_url"], noted["redis_url"])


def release(data_dir: str | Path) -> bool:
    """The calling process needs the servers no more. Stops them if nobody else does, and says whether it did."""
    data = Path(data_dir).resolve()
    state = State(data)
    with state.locked():
        state.drop_user(Process.current())
        return stop_if_unused(data, state)


def stop(data_dir: str | Path) -> None:
    """Stop both servers whoever uses them, in an orderly way. Nothing is lost."""
    data = Path(data_dir).resolve()
    state = State(data)
    with state.locked():
        _stop(data, state)


def remove(data_dir: str | Path) -> None:
    """Stop both servers and delete what they stored. For data that belongs to a test."""
    data = Path(data_dir).resolve()
    state = State(data)
    with state.locked():
        _stop(data, state)
        postgres.Postgres(data, data / "log").remove()
        redis_server.Redis(data, data / "log").remove()


def stop_if_unused(data: Path, state: State) -> bool:
    """Inside the lock: stop the servers unless a living process uses them."""
    if state.users():
        return False
    _stop(data, state)
    return True


def _stop(data: Path, state: State) -> None:
    redis_server.Redis(data, data / "log").stop()
    postgres.Postgres(data, data / "log").stop()
    state.clear()


def _watch(data: Path, state: State) -> None:
    """Leave a tiny process behind that stops the servers when the last user is gone, also after `kill -9`."""
    noted = state.read().get("watcher")
    if noted and Process(int(noted[0]), str(noted[1])).alive():
        return
    child = subprocess.Popen(
        [sys.executable, "-m", "cms.embedded.watch", str(data)],
        cwd=Path(__file__).resolve().parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    let_go(child)
    if process := Process.of(child.pid):
        state.write(watcher=[process.pid, process.started])


def _shorten(log: Path) -> None:
    try:
        if log.stat().st_size > _LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
    except OSError:
        pass
