"""Drives a server with wrk and reads its figures."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("drive.lua")
MISSING = "wrk is not installed; it drives the servers. On Debian and Ubuntu: apt-get install wrk"
_LONGEST_ANSWER = 30


class NotMeasuredError(RuntimeError):
    """What was answered can't be counted: errors, time-outs, or nothing."""


class NothingAnsweredError(NotMeasuredError):
    """The time was too short for a single answer."""


@dataclass(frozen=True)
class Figures:
    """One run: answers a second, the median and the 99th percentile of their times in milliseconds."""

    rate: float
    p50: float
    p99: float


def is_installed() -> bool:
    return shutil.which("wrk") is not None


def command(url: str, paths: Path, *, seconds: int, connections: int, threads: int = 2) -> list[str]:
    """The call that asks this server for the paths that the file lists, one after the other, over and over."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise NotMeasuredError(MISSING)
    return [
        wrk,
        f"-t{min(threads, connections)}",
        f"-c{connections}",
        f"-d{seconds}s",
        f"--timeout={_LONGEST_ANSWER}s",
        "--latency",
        "-s",
        str(SCRIPT),
        url,
        "--",
        str(paths),
    ]


def measure(url: str, paths: Path, *, seconds: int, connections: int) -> Figures:
    """Raises NotMeasuredError if any answer was none: an error that comes fast must not count."""
    call = command(url, paths, seconds=seconds, connections=connections)
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    found = [line for line in done.stderr.splitlines() if line.startswith("{")]
    if done.returncode or not found:
        raise NotMeasuredError(f"wrk said: {done.stdout[-500:]} {done.stderr[-500:]}")
    figures = json.loads(found[-1])
    wrong = {kind: number for kind, number in figures["errors"].items() if number}
    if not wrong and not figures["answers"]:
        raise NothingAnsweredError(f"No answer from {url} in {seconds} s")
    if wrong:
        raise NotMeasuredError(f"{figures['answers']} answers from {url}, among them {wrong}")
    return Figures(
        rate=figures["answers"] / figures["microseconds"] * 1e6,
        p50=figures["p50"] / 1000,
        p99=figures["p99"] / 1000,
    )


def write_paths(file: Path, paths: Sequence[str]) -> Path:
    """A file that lists these paths, for ``measure``."""
    file.write_text("".join(f"{path}\n" for path in paths))
    return file
