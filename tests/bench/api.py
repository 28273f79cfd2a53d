"""Ostriv's API beside Wagtail's own over the same pages, and beside a handler that only hands out bytes."""

import argparse
import contextlib
import json
import os
import platform
import random
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.bench import cases, loading, report, visible, wrk
from tests.bench.cases import BARE, COLD, TUNED, V2, V3, WARM, Case
from tests.bench.report import Measured, Visible
from tests.bench.servers import BARE as BARE_APPLICATION
from tests.bench.servers import OSTRIV, PEERS, Answer, Server
from tests.bench.statements import StatementLog
from tests.support.waiting import poll

SIZES = [2_000, 50_000, 500_000]
#: Edits through the admin's form at most: each also loads the editor.
ADMIN_EDITS = 50
#: Seconds of a round for those who need longer for one answer.
_LONG_ROUND = 20
#: A round is over when at so many looks, so many seconds apart, its server was at no statement.
_QUIET, _LOOK = 5, 0.1
_SETTLED_WITHIN = 120.0
_CANCEL = """
SELECT pg_cancel_backend(pid) FROM pg_stat_activity
WHERE application_name = %s AND state = 'active' AND datname = current_database()
"""
#: What the server adds to every answer by itself.
_OF_THE_SERVER = {"date", "server", "connection", "transfer-encoding"}


def run(words: list[str]) -> int:
    """Load, measure and print. Returns the exit code: 2 without wrk."""
    options = _options(words)
    options.load = os.getloadavg()[0]
    if not wrk.is_installed():
        print(wrk.MISSING, file=sys.stderr)
        return 2
    data = Path(os.environ["OSTRIV_DATA"])
    found: list[Measured] = []
    waits: list[Visible] = []
    silent: list[str] = []
    loading.fill(min(options.imported, *options.sizes), report=_say)
    try:
        for size in sorted(options.sizes):
            _say(f"\n{size:,} articles")
            began = time.monotonic()
            loading.grow(os.environ["DATABASE_URL"], size, report=_say)
            _say(f"loaded in {time.monotonic() - began:.0f} s")
            with _Bench(data, options, silent) as bench:
                found.extend(bench.rates(size))
                waits.extend(bench.waits(size))
    finally:  # an hour's figures are not lost with the last of them
        print(_as_text(found, waits, silent, options))
    return 0


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench api", description=__doc__)
    parser.add_argument("--sizes", type=_numbers, default=SIZES, help="articles, comma-separated")
    parser.add_argument("--imported", type=int, default=2_000, help="articles that are imported; the others are copies")
    parser.add_argument("--rounds", type=int, default=5, help="of each system and request, in turn")
    parser.add_argument("--seconds", type=int, default=5, help="of one round")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--only", default="", help="kinds of requests that contain one of these words, comma-separated")
    parser.add_argument("--counted", type=int, default=50, help="requests whose statements are counted, for their mean")
    parser.add_argument("--edits", type=int, default=200, help="published to see when they show; 0 for none")
    parser.add_argument("--load-connections", type=int, default=32, help="of the readers beside those edits")
    parser.add_argument("--markdown", action="store_true", help="print headings as docs/performance.md has them")
    options = parser.parse_args(words)
    options.only = [word.strip() for word in options.only.split(",") if word.strip()]
    return options


def _numbers(text: str) -> list[int]:
    return [int(part.replace("_", "")) for part in text.split(",")]


class _Bench:
    """The servers over a corpus of one size, from their start to their end."""

    def __init__(self, data: Path, options: argparse.Namespace, silent: list[str]) -> None:
        """``silent`` takes what could not be measured, in a sentence each."""
        self.data, self.options, self.silent = data, options, silent
        self.folder = data / "bench"
        self.folder.mkdir(exist_ok=True)
        self.servers: dict[str, Server] = {}
        self.database_url = os.environ["DATABASE_URL"]
        self.log = StatementLog(self.database_url, data / "log" / "postgres.log")

    def __enter__(self) -> "_Bench":
        self.keys = cases.read_keys(self.database_url)
        try:
            self._start("ostriv", OSTRIV, "/healthz", WARM)
            self._start("ostriv-cold", OSTRIV, "/healthz", COLD, OSTRIV_API_CACHE_MB="0")
            peers = {"DJANGO_SETTINGS_MODULE": "tests.bench.peers.settings"}
            self._start("wagtail", PEERS, "/api/v2/pages/?limit=1", V2, TUNED, V3, **peers)
        except BaseException:  # also Ctrl-C: whatever was started by then is stopped
            self.__exit__()
            raise
        return self

    def __exit__(self, *ended: object) -> None:
        for server in set(self.servers.values()):
            server.stop()

    def _start(self, name: str, application: str, path: str, *systems: str, **settings: str) -> None:
        server = Server(
            name,
            application,
            self.data,
            database_url=self.database_url,
            redis_url=os.environ["REDIS_URL"],
            settings=settings,
        )
        self.servers |= dict.fromkeys(systems, server)
        server.start(path)

    # --- rates ---

    def rates(self, size: int) -> Iterator[Measured]:
        """Every kind of request that is wanted, to every system."""
        return (each for case in self._cases() for each in self._measure(size, case))

    def _cases(self) -> list[Case]:
        every = cases.cases(self.keys, self.servers[WARM])
        return [case for case in every if not self.options.only or any(word in case.name for word in self.options.only)]

    def _measure(self, size: int, case: Case) -> list[Measured]:
        case = case if case.cold else self._with_floor(case)
        cases.check(case, lambda system, path: self.servers[system].get(path))
        files = {
            system: wrk.write_paths(self.folder / f"{number}.paths", paths)
            for number, (system, paths) in enumerate(case.paths.items())
        }
        rounds: dict[str, list[wrk.Figures]] = {system: [] for system in files}
        # The first round is to warm up.
        for seconds in [max(1, self.options.seconds // 2), *[self.options.seconds] * self.options.rounds]:
            for system, file in list(files.items()):
                try:
                    rounds[system].append(self._drive(system, file, seconds))
                except wrk.NotMeasuredError as error:
                    # At half a million pages some of the others take longer for one list than a round does.
                    del files[system]
                    self.silent.append(f"{size:,} articles, {case.name}: {system} could not be measured. {error}")
                    _say(self.silent[-1])
        rounds = {system: figures[1:] for system, figures in rounds.items()}
        measured = []
        for system in files:
            each = Measured(size, case.name, system, rounds[system], self._statements(case, system))
            _say(f"{each.case}, {each.system}: {each.rate:,.1f} req/s, p99 {each.p99:.1f} ms, {each.statements} SQL")
            measured.append(each)
        return measured

    def _drive(self, system: str, paths: Path, seconds: int) -> wrk.Figures:
        """One round; a long one where not one answer came in it."""
        url, connections = self.servers[system].url, self.options.connections
        try:
            return wrk.measure(url, paths, seconds=seconds, connections=connections)
        except wrk.NothingAnsweredError:
            return wrk.measure(url, paths, seconds=max(_LONG_ROUND, seconds), connections=connections)
        finally:
            self._settle(system)

    def _settle(self, system: str) -> None:
        """Let nothing of this round go on in the next: what was asked is worked on although nobody waits for it."""
        name, looks = self.servers[system].name, deque[bool](maxlen=_QUIET)
        with psycopg.connect(self.database_url, autocommit=True) as connection:

            def is_quiet() -> bool:
                looks.append(bool(connection.execute(_CANCEL, [name]).fetchall()))
                return len(looks) == _QUIET and not any(looks)

            poll(is_quiet, deadline=_SETTLED_WITHIN, pause=_LOOK, what=f"{name} at rest")

    def _statements(self, case: Case, system: str) -> float | None:
        if system == BARE:
            return None
        server, paths = self.servers[system], case.paths[system]
        chosen = [paths[number % len(paths)] for number in range(self.options.counted)]
        count = self.log.count(server.name, lambda: _all_good([server.get(path) for path in chosen]))
        return count / len(chosen)

    def _with_floor(self, case: Case) -> Case:
        """The case with a handler beside it that gives out the same bytes."""
        (path,) = case.paths[WARM]
        answer = self.servers[WARM].get(path)
        name = "".join(letter for letter in case.name if letter.isalnum())
        self._prepare(name, answer)
        return Case(case.name, {**case.paths, BARE: [f"/{name}"]}, cold=False)

    def _prepare(self, name: str, answer: Answer) -> None:
        """Give the bare handler this answer, and start it again with it."""
        folder = self.folder / "prepared"
        folder.mkdir(exist_ok=True)
        headers = [header for header in answer.headers if header[0].lower() not in _OF_THE_SERVER]
        (folder / name).write_bytes(json.dumps(headers).encode() + b"\n\n" + answer.body)
        if BARE in self.servers:
            self.servers.pop(BARE).stop()
        self._start("bare", BARE_APPLICATION, f"/{name}", BARE, BENCH_PREPARED=str(folder))

    # --- publish to visible ---

    def waits(self, size: int) -> list[Visible]:
        """How long edits take to show: idle and beside readers, from a process and from the admin's form."""
        if not self.options.edits or (self.options.only and "visible" not in self.options.only):
            return []
        server = self.servers[WARM]
        articles = random.Random(8).sample(self.keys.articles, min(self.options.edits, len(self.keys.articles)))
        reads = self._reads()
        found = []
        for loaded in (False, True):
            beside = f", {self.options.load_connections} connections reading" if loaded else ", idle"
            with self._readers(reads) if loaded else contextlib.nullcontext():
                process = visible.by_process(server, articles)
                admin = visible.by_admin(server, self.database_url, articles[:ADMIN_EDITS])
            found.append(Visible(size, f"save_revision().publish(){beside}", process.written, process.shown))
            found.append(Visible(size, f"the admin's form{beside}", admin.written, admin.shown))
        return found

    def _readers(self, reads: Path) -> contextlib.AbstractContextManager[None]:
        return visible.read_load(self.servers[WARM], reads, connections=self.options.load_connections)

    def _reads(self) -> Path:
        """What readers ask for meanwhile: mostly the same few pages and lists, every fifth time another page."""
        few = [cases.detail_path(slug) for _, slug in self.keys.articles[:20]] + ["/api/v1/content/?locale=uk"]
        paths: list[str] = []
        for number, (_, slug) in enumerate(self.keys.articles):
            paths += [*(few[(4 * number + offset) % len(few)] for offset in range(4)), cases.detail_path(slug)]
        return wrk.write_paths(self.folder / "reads.paths", paths)


def _all_good(answers: list[Answer]) -> None:
    if wrong := [answer.status for answer in answers if answer.status != 200]:
        raise RuntimeError(f"Answers with {wrong} while their statements were counted.")


def _as_text(found: list[Measured], waits: list[Visible], silent: list[str], options: argparse.Namespace) -> str:
    parts = [("", _conditions(options))]
    if found:
        parts.append(("Requests", "\n\n".join([report.rates(found), *silent])))
    if waits:
        parts.append(("From publishing to the reader", report.waits(waits)))
    parts.append(("What was asked for", report.verdicts(found, waits)))
    heading = "### {}\n\n" if options.markdown else "{}\n"
    return "\n\n".join((heading.format(title) if title else "") + words for title, words in parts)


def _conditions(options: argparse.Namespace) -> str:
    from importlib.metadata import version

    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        server = connection.info.server_version
    packages = ", ".join(f"{name} {version(name.lower())}" for name in ("Granian", "Django", "Wagtail", "psycopg"))
    return (
        f"{time.strftime('%Y-%m-%d')}: {os.cpu_count()} cores ({_processor()}) shared by the servers, PostgreSQL and "
        f"wrk; load average before {options.load:.1f}. Python {platform.python_version()}, {packages}, PostgreSQL "
        f"{server // 10000}.{server % 100}, 2 workers a server, {options.connections} connections, "
        f"{options.rounds} rounds of {options.seconds} s in turn; medians of the rounds."
    )


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
