"""The `ostriv` command's own manners: wrong words get one sentence and exit code 2."""

import subprocess
import sys
from pathlib import Path

import pytest

from cms import cli
from cms.up.plan import PROJECT


def exit_code(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(list(words))
    return int(ended.value.code or 0)


def run(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "cms.cli", *words],
        env={**os.environ, **env}, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eighty", "8000x", ""])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("up", f"--port={port}") == 2
    assert "a port is a number from 1 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("up", "now"), ("up", "--demo=1"), ("doctor", "--quick")])
def test_unknown_arguments_are_refused(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(*words) == 2
    assert "usage: ostriv" in capsys.readouterr().err


def test_without_a_command_the_outline_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code() == 2
    assert exit_code("--help") == 0
    assert "ostriv COMMAND" in capsys.readouterr().out


def test_an_unknown_command_is_named_with_a_near_one() -> None:
    done = run("migrat")
    assert done.returncode == 2
    assert done.stderr.strip() == (
        "ostriv: There is no command 'migrat'. `ostriv help` lists all. Did you mean 'migrate'?"
    )


def test_a_data_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("check", OSTRIV_DATA=str(tmp_path / "file" / "var"), DATABASE_URL="", REDIS_URL="", SECRET_KEY="")
    assert done.returncode == 1
    assert done.stderr.startswith("ostriv: The data folder")
    assert "Traceback" not in done.stderr


def test_the_doctor_names_each_fault_and_what_to_do() -> None:
    done = run("doctor", EMAIL_URL="smtp://127.0.0.1:9")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert any(line.startswith("ok    Database: PostgreSQL") for line in lines)
    assert "ok    Migrations: all applied" in lines
    assert "ok    Notifications: arrive" in lines
    assert "FAIL  Worker: no worker seen yet" in lines
    assert any(line.startswith("warn  Mail: ") for line in lines)
    assert any("celery -A workers.app worker" in line for line in lines)


def test_the_doctor_survives_a_missing_database() -> None:
    done = run("doctor", DATABASE_URL="postgres://nobody@127.0.0.1:9/none", REDIS_URL="redis://127.0.0.1:9/0")
    assert done.returncode == 1
    assert "FAIL  Database" in done.stdout
    assert "FAIL  Redis" in done.stdout
    assert "Traceback" not in done.stderr
