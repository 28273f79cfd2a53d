"""Child processes: each in a session of its own, logged to a file, restarted when it dies, found after a crash."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from cms.embedded.processes import Process, die_with_parent, group_members, wait_until
from cms.up.plan import Definition

_LOG_LIMIT = 8 * 1024 * 1024
#: A child that lived this long (seconds) has recovered: its earlier deaths no longer count.
_STEADY = 60.0
_MOST_DEATHS = 5


class Child:
    """One supervised process. Use it from the main thread: Linux ties a child's life to the thread that made it."""

    def __init__(self, definition: Definition, *, env: Mapping[str, str], log_dir: Path, cwd: Path) -> None:
        self.definition = definition
        self.env, self.cwd = dict(env), cwd
        self.log = log_dir / f"{definition.name}.log"
        self.deaths = 0
        self._popen: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._not_before = 0.0

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def pid(self) -> int | None:
        return self._popen.pid if self._popen and self._popen.poll() is None else None

    @property
    def exit_code(self) -> int | None:
        return self._popen.poll() if self._popen else None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(
                self.definition.command,
                env=self.env,
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        self._started = time.monotonic()

    def tend(self) -> str | None:
        """Restart the process if it died and its pause is over. Answers a sentence when there is something to say.

        Raises `ChildKeepsDying` when restarting has not helped.
        """
        if self._popen is None:
            if time.monotonic() >= self._not_before:
                self.start()
            return None
        code = self._popen.poll()
        if code is None:
            return None
        lived = time.monotonic() - self._started
        self.deaths = 1 if lived > _STEADY else self.deaths + 1
        _kill_group(self._popen.pid)  # its own children would hold its port or its work
        self._popen = None
        if self.deaths >= _MOST_DEATHS:
            raise ChildKeepsDying(self)
        pause = 0.5 * 2 ** (self.deaths - 1)
        self._not_before = time.monotonic() + pause
        return f"{self.name} ended ({_reason(code)}) and is started again; see {self.log}"

    def stop(self, patience: float | None = None) -> None:
        """End it in an orderly way, then for good; its whole group is gone afterwards."""
        self.ask_to_stop()
        self.wait_stopped(patience)

    def ask_to_stop(self) -> None:
        if self._popen and self._popen.poll() is None:
            self._popen.terminate()

    def wait_stopped(self, patience: float | None = None) -> None:
        if self._popen is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(self.definition.patience if patience is None else patience)
        _kill_group(self._popen.pid)
        self._popen.wait()
        self._popen = None

    def kill(self) -> None:
        """`kill -9` of the process and everything it started."""
        self.wait_stopped(patience=0)


class ChildKeepsDying(RuntimeError):
    def __init__(self, child: Child) -> None:
        super().__init__(f"{child.name} ended {child.deaths} times in a row; what it said is in {child.log}")


def note(path: Path, children: list[Child]) -> None:
    """Write down who runs, for a start after `kill -9`."""
    running = [process for child in children if child.pid and (process := Process.of(child.pid))]
    half = path.with_suffix(".tmp")
    half.write_text(json.dumps([[process.pid, process.started] for process in running]))
    half.replace(path)


def recover(path: Path, data: Path) -> int:
    """End what an earlier supervisor left behind: groups noted in `path` whose processes are still ours. How many."""
    try:
        noted = json.loads(path.read_text())
    except (OSError, ValueError):
        return 0
    ended = 0
    for pid, _ in noted:
        # The leader may be gone and its id even be somebody else's by now. Ours is who carries our data folder.
        members = [process for process in group_members(int(pid)) if _is_ours(process, data)]
        _end_all(members)
        ended += len(members)
    path.unlink(missing_ok=True)
    return ended


def _end_all(members: list[Process]) -> None:
    for number, patience in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)):
        for process in members:
            process.send(number)
        if wait_until(lambda: not any(process.alive() for process in members), patience):
            return


def _is_ours(process: Process, data: Path) -> bool:
    try:
        environment = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
    except OSError:  # no /proc: its command must do
        command = process.command()
        return any(word in command for word in ("granian", "celery", "cms.project"))
    return f"OSTRIV_DATA={data}".encode() in environment


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
