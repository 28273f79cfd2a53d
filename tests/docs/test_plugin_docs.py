"""The pages for authors of plugins say what the code says."""

import ast
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "plugins"
#: Files of a plugin that are no Python modules, or no hooks of the core's.
_LOADED_BY_DJANGO = {"models"}


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("contract_reference", ROOT / "tools" / "contract_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_docstrings_say(generator: ModuleType) -> None:
    assert (DOCS / "reference.md").read_text() == generator.page(), "run: make reference"


def test_every_name_of_the_contract_explains_itself(generator: ModuleType) -> None:
    silent = []
    for contract in map(importlib.import_module, generator.CONTRACTS):
        for name in contract.__all__:
            thing = getattr(contract, name)
            ours = getattr(thing, "__module__", "").partition(".")[0] in ("cms", "api", "workers")
            if ours and not (thing.__doc__ or "").strip():
                silent.append(f"{contract.__name__}.{name}")

    assert silent == []


def _modules_that_core_loads() -> set[str]:
    """Every name in a call of ``submodule("…")`` or ``has("…")`` in the rooms' own code."""
    names = set()
    for room in ("cms", "api", "workers", "ostriv"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                if is_call and node.func.attr in ("submodule", "has") and node.args:
                    argument = node.args[0]
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        names.add(argument.value)
    return names


def test_every_module_that_is_loaded_has_a_section() -> None:
    text = (DOCS / "hooks.md").read_text()
    undocumented = {name for name in _modules_that_core_loads() if f"\n## `{name}.py`" not in text}

    assert undocumented == set()


def test_no_section_is_about_a_module_that_nobody_loads() -> None:
    headings = {
        line.split("`")[1].removesuffix(".py")
        for line in (DOCS / "hooks.md").read_text().splitlines()
        if line.startswith("## `") and ".py`" in line
    }

    assert headings - _LOADED_BY_DJANGO == _modules_that_core_loads()


#: What the core takes from each module, as a call that stands in its code: getattr(<module>, "<attribute>"...).
_ATTRIBUTE = re.compile(r'getattr\((?:plugin\.submodule\("\w+"\)|module), "(\w+)"')


def test_every_attribute_that_is_read_from_a_module_is_described() -> None:
    text = (DOCS / "hooks.md").read_text()
    read = {
        name
        for room in ("cms", "api", "workers", "ostriv")
        for path in (ROOT / room).rglob("*.py")
        for name in _ATTRIBUTE.findall(path.read_text())
    }

    assert {"blocks", "filters", "gateways", "teasers", "urlpatterns"} <= read
    assert {name for name in read if not re.search(rf"^{name}: ", text, re.MULTILINE)} == set()
