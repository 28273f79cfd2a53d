"""docker-compose.yml and the Dockerfile, as far as they can be proved without a Docker engine."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from cms.embedded.processes import free_port
from cms.up import plan
from cms.up.plan import PROJECT
from tests.support.waiting import poll

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
PINNED = re.compile(r"[\w./-]+:\d+\.\d+(\.\d+)?(-[\w.-]+)?")
BIN = Path(sys.executable).parent


def local(command: list[str]) -> list[str]:
    """The command as it starts on this machine: the same program from this environment."""
    return [str(BIN / command[0]), *command[1:]]


def test_the_services_are_those_of_an_installation() -> None:
    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "postgres", "redis"}
    for name in set(SERVICES) - {"migrate"}:
        assert SERVICES[name]["healthcheck"]["test"], name
        assert SERVICES[name]["restart"] == "unless-stopped", name


def test_images_are_pinned() -> None:
    images = [service["image"] for service in SERVICES.values()] + re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)
    assert len(images) == 8
    assert all(PINNED.fullmatch(image) for image in images), images


def test_every_variable_is_one_that_settings_read() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (PROJECT / "cms/project/settings.py").read_text()))
    for name, service in OURS.items():
        assert set(service["environment"]) <= read, name
    set_by_image = set(re.findall(r"(\w+)=\S+", " ".join(re.findall(r"^ENV (.+)$", DOCKERFILE, re.M))))
    interpreter = {"PATH", "PYTHONPATH", "PYTHONUNBUFFERED", "DJANGO_SETTINGS_MODULE"}
    pip = {"PIP_DISABLE_PIP_VERSION_CHECK", "PIP_NO_CACHE_DIR"}
    assert set_by_image - interpreter - pip <= read


def test_every_documented_setting_can_be_passed_in() -> None:
    page = (PROJECT / "docs" / "operator" / "settings.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.M))
    for_development = {"OSTRIV_DEBUG", "OSTRIV_DEV_MAIL", "OSTRIV_FRONTEND_DIR"}
    for name, service in OURS.items():
        assert documented - for_development - set(service["environment"]) == set(), name


def test_secrets_have_no_default() -> None:
    text = (PROJECT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"):
        assert set(re.findall(rf"\${{{name}(:.)", text)) == {":?"}, name


def test_every_volume_and_port_is_used() -> None:
    mounted = {mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}
    assert mounted == set(COMPOSE["volumes"])
    for service in OURS.values():
        assert service["environment"]["OSTRIV_DATA"] in {mount.split(":")[1] for mount in service["volumes"]}
    published = SERVICES["web"]["ports"][0].rsplit(":", 1)[1]
    command = SERVICES["web"]["command"]
    assert command[command.index("--port") + 1] == published
    assert f"EXPOSE {published}" in DOCKERFILE
    assert f":{published}/" in SERVICES["web"]["healthcheck"]["test"][-1]
    environment = SERVICES["web"]["environment"]
    assert "@postgres:5432/" in environment["DATABASE_URL"]
    assert "@redis:6379/" in environment["REDIS_URL"]


def test_processes_are_those_of_ostriv_up() -> None:
    """The programs and applications are the same here and there; addresses and paths may differ."""
    up = {definition.name: definition.command for definition in plan.processes(Path("data"), port=8000)}
    for name in ("worker", "beat"):
        assert SERVICES[name]["command"][:4] == ["celery", *up[name][3:6]], name
    assert Path(up["web"][0]).name == SERVICES["web"]["command"][0]
    assert up["web"][-1] == SERVICES["web"]["command"][-1]
    for option in ("--workers", "--blocking-threads"):
        here, there = list(up["web"]), SERVICES["web"]["command"]
        assert here[here.index(option) + 1] == there[there.index(option) + 1]


def test_the_image_holds_what_the_commands_need_and_no_root() -> None:
    copied = {shlex.split(line)[-2] for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.M)}
    for name in copied - {"LICENSE", "pyproject.toml"}:
        assert (PROJECT / name).exists(), name
    assert {"cms", "api", "workers", "plugins"} <= copied
    allowed = {line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied - {"LICENSE"} <= allowed | {"requirements.lock"}
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.M)
    assert users == ["ostriv"]
    assert DOCKERFILE.index("USER ostriv") < DOCKERFILE.index("CMD [")
    for service in OURS.values():
        assert service["read_only"] is True


def test_commands_parse_here_as_written() -> None:
    for command in (SERVICES["worker"]["command"], SERVICES["beat"]["command"], SERVICES["web"]["command"]):
        done = subprocess.run([*local(command), "--help"], capture_output=True, text=True, check=False, cwd=PROJECT)
        assert done.returncode == 0, done.stderr


def test_preparing_starts_here_as_written() -> None:
    done = subprocess.run(
        [sys.executable, *SERVICES["migrate"]["command"][1:]], capture_output=True, text=True, check=False, cwd=PROJECT
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_service_starts_and_is_found_healthy(name: str, tmp_path: Path) -> None:
    """Each command runs as written, but for addresses that belong to the container, until its own check is content."""
    service, port = SERVICES[name], free_port()
    swaps = {"0.0.0.0": "127.0.0.1", "8000": str(port), "worker@ostriv": f"worker@{port}", "ostriv/": "ostriv/"}

    def here(words: list[str]) -> list[str]:
        words = [swaps.get(word, word).replace(":8000/", f":{port}/").replace("/tmp", str(tmp_path)) for word in words]
        return words if words[0].startswith("/") else local(words)

    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            here(service["command"]), cwd=PROJECT, stdout=out, stderr=out, env={**os.environ}, start_new_session=True
        )
    check = service["healthcheck"]["test"]
    words = ["/bin/sh", "-c", check[1].replace("/tmp", str(tmp_path))] if check[0] == "CMD-SHELL" else here(check[1:])

    def healthy() -> bool:
        assert process.poll() is None, log.read_text()
        return subprocess.run(words, capture_output=True, check=False, cwd=PROJECT, timeout=60).returncode == 0

    try:
        poll(healthy, deadline=90, pause=0.5, what=f"health of {name}")
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
