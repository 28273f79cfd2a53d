"""Processes without the second that each start of Django takes: forked from one that has set it up and waits.

What is forked has memory, connections and standard streams of its own, and ends. It knows nothing of the one before it.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_READY = b"ready"
_LARGEST = 1 << 18  # bytes of a message, and so of a script


class Warm:
    """A process that has set Django up in this environment, and nothing else."""

    def __init__(self, env: Mapping[str, str], *, cwd: Path) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # It lives as long as the other end of its socket is open.
            self._process = subprocess.Popen(
                [sys.executable, "-c", f"from tests.support.warm import serve; serve({theirs.fileno()})"],
                env=dict(env), cwd=cwd, pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        #: False if Django can't be set up in this environment: then every process has to fail by itself.
        self.is_ready = self._ours.recv(_LARGEST) == _READY

    def ostriv(
        self, *words: str, cwd: Path, says: str = "", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """`ostriv <words>`, with these words at its terminal, and these variables changed in its environment."""
        return self._fork({"words": words, "env": {**(env or {})}}, cwd, says)

    def python(self, code: str, *, cwd: Path) -> subprocess.CompletedProcess[str]:
        """`python -c <code>`."""
        return self._fork({"code": code}, cwd, "")

    def _fork(self, asked: dict[str, Any], cwd: Path, says: str) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryFile() as terminal, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            terminal.write(says.encode())
            terminal.seek(0)
            message = json.dumps({**asked, "cwd": str(cwd)}).encode()
            socket.send_fds(self._ours, [message], [each.fileno() for each in (terminal, out, err)])
            status = int(self._ours.recv(_LARGEST) or b"-1")
            for each in (out, err):
                each.seek(0)
            return subprocess.CompletedProcess(
                [sys.executable], status, stdout=out.read().decode(), stderr=err.read().decode()
            )

    def close(self) -> None:
        self._ours.close()
        self._process.wait(10)


# --- the other end --------------------------------------------------------------------------------------------------


def serve(number: int) -> None:
    """Set Django up, say so, and fork for whatever is asked on this socket until its other end is closed."""
    with socket.socket(fileno=number) as asked:
        import django

        django.setup()  # where it fails, this process ends with its words, and the other end is told by that
        asked.send(_READY)
        while True:
            message, streams, _flags, _address = socket.recv_fds(asked, _LARGEST, 3)
            if not message:
                return
            child = os.fork()
            if not child:
                asked.close()
                _be(json.loads(message), streams)
            for stream in streams:
                os.close(stream)
            _child, status = os.waitpid(child, 0)
            asked.send(str(os.waitstatus_to_exitcode(status)).encode())


def _be(asked: dict[str, Any], streams: list[int]) -> None:
    """The rest of a child's life."""
    for standard, stream in enumerate(streams):
        os.dup2(stream, standard)
        os.close(stream)
    os.chdir(asked["cwd"])
    status: Any = 0
    try:
        if "code" in asked:
            sys.argv = ["-c"]
            exec(compile(asked["code"], "<string>", "exec"), {"__name__": "__main__"})
        else:
            from cms import cli

            os.environ.update(asked["env"])
            sys.argv = [cli.__file__, *asked["words"]]
            cli.main()
    except SystemExit as end:
        status = end.code or 0
        if not isinstance(status, int):
            print(status, file=sys.stderr)  # as Python itself does
            status = 1
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
