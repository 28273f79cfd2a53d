"""The repository itself: locks without addresses, templates that compile, modules of a readable size."""

import re

import pytest
from django.template import engines

from cms.up.plan import PROJECT

ROOMS = ("cms", "api", "workers", "plugins")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-uv.lock"])
def test_a_lock_is_hashed_and_names_no_address(name: str) -> None:
    text = (PROJECT / name).read_text()
    assert not re.search(r"https?://|file:|--index|--find-links|^/|@ ", text, re.M)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,-]+\])?==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_runtime_lock_is_part_of_the_developers() -> None:
    def versions(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9._-]+==[^\s;]+", (PROJECT / name).read_text(), re.M))

    assert versions("requirements.lock") <= versions("requirements-dev.lock")


def test_every_template_compiles() -> None:
    paths = [path for room in ROOMS for path in (PROJECT / room).glob("**/templates/**/*") if path.is_file()]
    assert paths
    for path in paths:
        engines["django"].from_string(path.read_text())


def test_modules_stay_readable() -> None:
    long = [
        str(path.relative_to(PROJECT))
        for room in ROOMS
        for path in (PROJECT / room).rglob("*.py")
        if "migrations" not in path.parts and len(path.read_text().splitlines()) > 400
    ]
    assert not long
