"""docs/operator/settings.md says what settings.py reads: every variable, and no other."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def variables_that_settings_read() -> set[str]:
    source = (PROJECT / "cms" / "project" / "settings.py").read_text()
    return set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))


def variables_that_the_page_names() -> set[str]:
    page = (PROJECT / "docs" / "operator" / "settings.md").read_text()
    return set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))


def test_every_variable_is_documented() -> None:
    assert variables_that_settings_read() - variables_that_the_page_names() == set()


def test_no_variable_is_documented_that_nothing_reads() -> None:
    assert variables_that_the_page_names() - variables_that_settings_read() == set()
