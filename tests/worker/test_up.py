"""`ostriv up` as a person at a terminal meets it: started, refused, killed, started again, stopped."""

import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from cms import embedded
from cms.embedded.processes import Process, free_port
from cms.up.plan import PROJECT
from ostriv.testing.hooks import run_template
from ostriv.testing.servers import clean_environment, make_run_folder, remove_run_folder
from tests.support.waiting import poll

#: What a killed parent may leave running: the servers are taken over by the next start.
SERVERS = ("postgres", "redis-server", "valkey-server", "cms.embedded.watch")
started: list["Up"] = []


class Up:
    """One `ostriv up` on a data folder."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.said = data.parent / "up.out"
        started.append(self)
        with self.said.open("wb") as out:
            self.process = subprocess.Popen(command(port), env=environment(data), cwd=PROJECT, stdout=out, stderr=out)

    def text(self) -> str:
        return self.said.read_text()

    def wait_ready(self) -> None:
        def ready() -> bool:
            if self.process.poll() is not None:
                raise RuntimeError(f"up ended with {self.process.returncode}:\n{self.text()}")
            return "Ready" in self.text()

        poll(ready, deadline=120, what="up's readiness")

    def children(self) -> list[Process]:
        """Every living process of this installation, servers included."""
        mark = f"OSTRIV_DATA={self.data}".encode()
        found = [process for entry in Path("/proc").iterdir() if (process := carrying(entry, mark))]
        return [process for process in found if process.pid != self.process.pid]


def carrying(entry: Path, mark: bytes) -> Process | None:
    try:
        environ = (entry / "environ").read_bytes().split(b"\0") if entry.name.isdigit() else []
    except OSError:
        return None
    return Process.of(int(entry.name)) if mark in environ else None


def command(port: int) -> list[str]:
    return [sys.executable, "-m", "cms.cli", "up", "--no-demo", "--port", str(port)]


def environment(data: Path) -> dict[str, str]:
    env = {**clean_environment(), "OSTRIV_DATA": str(data)}
    del env["SECRET_KEY"]  # `up` makes one
    return env


def refused(data: Path, port: int) -> str:
    done = subprocess.run(
        command(port), env=environment(data), cwd=PROJECT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.fixture
def data() -> Iterator[Path]:
    folder = make_run_folder()
    run_template().install(folder / "var")
    yield folder / "var"
    for up in started:
        if up.process.poll() is None:
            up.process.terminate()
            up.process.wait(timeout=90)
    started.clear()
    remove_run_folder(folder)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes through /proc")
def test_a_newsroom_starts_is_killed_starts_again_and_stops(data: Path) -> None:
    first = Up(data, free_port())
    first.wait_ready()
    assert f"http://localhost:{first.port}/admin/" in first.text()
    with urllib.request.urlopen(f"http://127.0.0.1:{first.port}/healthz", timeout=10) as answer:
        assert answer.status == 200
    assert (data / "secret_key").stat().st_mode & 0o077 == 0

    # A second one on the same data, and one of another checkout on the same port, are refused in a sentence.
    said = refused(data, free_port())
    assert "runs already" in said
    assert f"http://localhost:{first.port}" in said
    assert f"make up PORT={first.port + 1}" in refused(data.parent / "other", first.port)

    # A child that dies comes back.
    worker = next(process for process in first.children() if "celery -A workers.app worker" in process.command())
    worker.send(signal.SIGKILL)
    poll(lambda: "worker ended (signal SIGKILL) and is started again" in first.text())

    # The parent is killed: its children go by themselves, and the next start finds order.
    children = first.children()
    assert len(children) > 4
    first.process.kill()
    first.process.wait()
    second = Up(data, first.port)
    second.wait_ready()
    left = [process.command() for process in children if process.alive()]
    assert not [command for command in left if not any(name in command for name in SERVERS)], left

    children = second.children()
    second.process.terminate()
    assert second.process.wait(timeout=90) == 0
    assert "Everything is kept" in second.text()
    poll(lambda: not any(process.alive() for process in children), what="the end of every process")
    assert embedded.running_servers(data) is None


def test_a_taken_port_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = refused(tmp_path / "var", taken.getsockname()[1])
    assert "is taken by another program" in said
    assert not (tmp_path / "var" / "log").exists()
