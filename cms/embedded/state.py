"""Who uses the servers of a data folder: a lock, and a note that every terminal can read.

The servers outlive whoever started them as long as somebody else uses them: `ostriv shell` may find those that
`ostriv up` started, and the other way round. Each user is noted as a process; dead ones drop out by themselves.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cms.embedded.processes import Process


class State:
    """`servers.json` of one data folder. Change it only inside `locked()`."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.path = data / "servers.json"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "servers.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)  # released by the system however this process ends
            yield

    def read(self) -> dict[str, Any]:
        try:
            found = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, **values: Any) -> None:
        """Merge values in, whole or not at all: readers take no lock."""
        half = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            json.dump({**self.read(), **values}, handle, indent=1)
        half.replace(self.path)

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)

    def users(self) -> list[Process]:
        """Living processes that use the servers."""
        noted = [Process(int(pid), str(started)) for pid, started in self.read().get("users", [])]
        return [process for process in noted if process.alive()]

    def add_user(self, process: Process) -> None:
        self._write_users({*self.users(), process})

    def drop_user(self, process: Process) -> None:
        self._write_users(set(self.users()) - {process})

    def _write_users(self, users: set[Process]) -> None:
        self.write(users=sorted([user.pid, user.started] for user in users))
