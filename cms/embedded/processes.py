"""Looking at, recognising and ending processes of this machine.

A process id alone proves nothing: after a crash or a reboot the same number may belong to somebody else. A process
is therefore always named by its id *and* the moment it started, and nothing is signalled unless both agree.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_LINUX = sys.platform.startswith("linux")
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Process:
    """One process: its id and an opaque token of when it started (never reused together)."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> Process | None:
        """The living process with this id, or None. A zombie counts as dead."""
        started = _start_token(pid)
        return cls(pid, started) if started else None

    @classmethod
    def current(cls) -> Process:
        found = cls.of(os.getpid())
        assert found is not None, "a process always finds itself"
        return found

    def alive(self) -> bool:
        return _start_token(self.pid) == self.started

    def command(self) -> str:
        """Its command line, "" when it is gone or not ours to read."""
        return _command(self.pid)

    def send(self, number: int) -> bool:
        """Send a signal if this very process still lives; says whether it was sent."""
        if not self.alive():
            return False
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return False
        return True

    def end(self, first: int = signal.SIGTERM, patience: float = 15.0) -> None:
        """Ask it to stop, wait `patience` seconds, then kill it."""
        if self.send(first) and not wait_until(lambda: not self.alive(), patience):
            self.send(signal.SIGKILL)
            wait_until(lambda: not self.alive(), 5.0)


def _start_token(pid: int) -> str | None:
    if pid <= 0:
        return None
    if _LINUX:
        try:
            stat = (_PROC / str(pid) / "stat").read_text(errors="replace")
        except OSError:
            return None
        # The second field (the name) may hold spaces and brackets: fields are counted from its last bracket.
        fields = stat.rpartition(")")[2].split()
        return None if fields[0] in "ZX" else f"{fields[19]}@{_boot_id()}"
    listed = _ps("-o", "stat=,lstart=", "-p", str(pid)).strip()
    return None if not listed or listed.startswith("Z") else " ".join(listed.split()[1:])


def _boot_id() -> str:
    # Start times in /proc count from boot, so they say nothing across a reboot without this.
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text().strip()[:8]
    except OSError:
        return "-"


def _command(pid: int) -> str:
    if _LINUX:
        try:
            return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    return _ps("-o", "command=", "-p", str(pid)).strip()


def _ps(*arguments: str) -> str:
    return subprocess.run(["ps", *arguments], capture_output=True, text=True, check=False).stdout


def group_members(pgid: int) -> Iterator[Process]:
    """Living processes of a process group; after a crash its leader may be gone while members stay."""
    if _LINUX:
        for entry in _PROC.iterdir():
            if not entry.name.isdigit():
                continue
            try:
                fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == pgid and (process := Process.of(int(entry.name))):
                yield process
    else:
        for line in _ps("-axo", "pid=,pgid=").splitlines():
            pid, group = line.split()
            if int(group) == pgid and (process := Process.of(int(pid))):
                yield process


def die_with_parent(number: int = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn` that asks Linux to signal the child when its parent is gone, however it went.

    Elsewhere it does nothing: what a killed parent leaves behind is then found by the next start.
    """
    if not _LINUX:
        return lambda: None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)

    return ask


def let_go(child: subprocess.Popen[bytes]) -> None:
    """Let a child outlive the code that started it. It is known by its `Process` from here on; a `Popen` that nobody
    waits for would be reported as forgotten (ResourceWarning)."""
    child.returncode = 0


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Ask until the condition holds or the seconds are over; says whether it held."""
    deadline = time.monotonic() + seconds
    while True:
        if condition():
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port that was free a moment ago. Whoever takes it must be ready to try another."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
