"""Plugins: found is not loaded, and what can't be loaded says why."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from cms.registry import discovery
from cms.registry.discovery import RESERVED_LABELS, Plugin, PluginError, enabled_plugins, found_plugins
from cms.registry.version import CONTRACT_VERSION

Install = Callable[..., str]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Make a package outside of the tree and announce it as an installed distribution would."""
    monkeypatch.syspath_prepend(str(tmp_path))
    entries: list[EntryPoint] = []
    monkeypatch.setattr(discovery, "entry_points", lambda group: [each for each in entries if each.group == group])

    def make(label: str, package: str = "", **modules: str) -> str:
        package = package or f"elsewhere_{label}"
        folder = tmp_path / package
        folder.mkdir()
        for name, source in {"__init__": "", **modules}.items():
            (folder / f"{name}.py").write_text(source)
        entries.append(EntryPoint(name=label, value=package, group=discovery.ENTRY_POINT_GROUP))
        return package

    yield make
    for name in [name for name in sys.modules if name.startswith("elsewhere_")]:
        del sys.modules[name]


def test_a_plugin_of_another_distribution_is_found_and_loaded_only_when_listed(install: Install) -> None:
    install("horoscope")

    assert found_plugins()["horoscope"] == Plugin("horoscope", "elsewhere_horoscope")
    assert "horoscope" not in [plugin.label for plugin in enabled_plugins(None)]
    assert enabled_plugins(["horoscope"]) == [Plugin("horoscope", "elsewhere_horoscope")]


def test_nothing_is_loaded_where_nothing_is_listed() -> None:
    assert enabled_plugins([]) == []


def test_the_order_of_the_list_is_kept_and_a_label_counts_once(install: Install) -> None:
    install("b")
    install("a")

    assert [plugin.label for plugin in enabled_plugins(["b", "a", "b"])] == ["b", "a"]


def test_the_bundled_plugins_are_the_folders_of_the_tree() -> None:
    root = Path(discovery.__file__).parents[2] / discovery.IN_TREE_PACKAGE
    folders = {path.parent.name for path in root.glob("*/__init__.py")}

    assert set(discovery.bundled_labels()) == folders
    assert {plugin.label for plugin in enabled_plugins(None)} == folders


def test_an_unknown_label_is_named_with_those_that_are_known(install: Install) -> None:
    install("horoscope")

    with pytest.raises(PluginError, match=r"'horrorscope', which is not installed\. Installed: .*horoscope"):
        enabled_plugins(["horrorscope"])


def test_two_plugins_of_one_label_are_both_named(install: Install) -> None:
    install("twin", "elsewhere_one")
    install("twin", "elsewhere_two")

    with pytest.raises(PluginError, match="'twin': elsewhere_one and elsewhere_two"):
        found_plugins()


CONTRACT = "from cms.registry.discovery import PluginInfo\nplugin = PluginInfo(name='X', contract={!r})\n"


@pytest.mark.parametrize("contract", [f"=={CONTRACT_VERSION}", ">=0.1,<99", ""])
def test_a_plugin_made_for_this_contract_is_loaded(install: Install, contract: str) -> None:
    install("fitting", plugin=CONTRACT.format(contract))

    assert [plugin.label for plugin in enabled_plugins(["fitting"])] == ["fitting"]


def test_a_plugin_made_for_another_contract_names_both(install: Install) -> None:
    install("future", plugin=CONTRACT.format(">=99"))

    with pytest.raises(PluginError) as told:
        enabled_plugins(["future"])

    for word in ("future", ">=99", CONTRACT_VERSION):
        assert word in str(told.value)


def test_a_contract_that_is_no_specifier_is_the_plugins_error(install: Install) -> None:
    install("careless", plugin=CONTRACT.format("newest"))

    with pytest.raises(PluginError, match=r"careless.*'newest'"):
        enabled_plugins(["careless"])


def test_a_plugin_that_is_not_listed_is_not_even_imported(install: Install) -> None:
    package = install("broken", plugin="raise RuntimeError('loaded')")

    enabled_plugins(None)

    assert f"{package}.plugin" not in sys.modules


def test_a_missing_optional_module_is_skipped(install: Install) -> None:
    install("small")
    (plugin,) = enabled_plugins(["small"])

    assert not plugin.has("api")
    assert plugin.submodule("api") is None
    assert plugin.info.name == "small"


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import a_module_that_nobody_has", ModuleNotFoundError),
        ("from elsewhere_faulty import api_of_old", ImportError),
        ("1 / 0", ZeroDivisionError),
        ("def (", SyntaxError),
    ],
)
def test_a_module_that_is_there_and_broken_is_never_taken_for_missing(
    install: Install, source: str, error: type[Exception]
) -> None:
    install("faulty", api=source)
    (plugin,) = enabled_plugins(["faulty"])

    assert plugin.has("api")
    with pytest.raises(PluginError, match=r"Plugin 'faulty': its module 'api' can't be imported") as told:
        plugin.submodule("api")
    assert type(told.value.__cause__) is error


def test_a_package_that_is_gone_says_so(install: Install) -> None:
    gone = Plugin("ghost", "elsewhere_that_never_was")

    assert gone.queue == "plugin.ghost"
    with pytest.raises(PluginError, match=r"Plugin 'ghost': its package 'elsewhere_that_never_was' is not there\. Ins"):
        gone.has("api")


@pytest.mark.parametrize("source", ["1 / 0", "import a_module_that_nobody_has", "def ("])
def test_a_package_that_cannot_be_imported_is_named(install: Install, source: str) -> None:
    install("sick", __init__=source)

    with pytest.raises(PluginError, match=r"Plugin 'sick': its package 'elsewhere_sick' can't be imported: .*OSTRIV_"):
        enabled_plugins(["sick"])


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("{'name': 'X'}", "`plugin` must be a PluginInfo"),
        ("None", "`plugin` must be a PluginInfo"),
        ("PluginInfo(requires='icalendar')", "`requires` must be a tuple of texts, not 'icalendar'"),
        ("PluginInfo(needs=(1,))", "`needs` must be a tuple of texts"),
        ("PluginInfo(contract=1)", "`contract` must be a text, not 1"),
        ("PluginInfo(settings=dict)", "`settings` must be a dataclass"),
    ],
)
def test_what_it_says_of_itself_in_another_form_is_its_error(install: Install, said: str, words: str) -> None:
    install("talker", plugin=f"from cms.registry.discovery import PluginInfo\nplugin = {said}\n")

    with pytest.raises(PluginError, match=r"Plugin 'talker': in elsewhere_talker\.plugin") as told:
        enabled_plugins(["talker"])

    assert words in str(told.value)


# --- labels that are Ostriv's own -----------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["mail", "content", "donation", "item", "uk", "front", "wagtailcore", "campaigns"])
def test_a_label_that_would_be_taken_for_something_of_the_core_is_refused(install: Install, label: str) -> None:
    install(label, f"elsewhere_{label}_plugin")

    with pytest.raises(PluginError, match=rf"Plugin '{label}' \(elsewhere_{label}_plugin\).*Choose another label"):
        enabled_plugins([label])


def test_every_app_queue_event_and_language_of_the_core_is_reserved() -> None:
    from workers.app import QUEUES

    plugins = {plugin.label for plugin in settings.OSTRIV_PLUGINS}
    labels = {config.label for config in apps.get_app_configs()} - plugins
    languages = {code for code, _name in settings.LANGUAGES}
    events = {name.partition(".")[0] for name in recorded_events()}

    assert {"content", "webhook", "outbox"} <= events
    assert sorted({*labels, *QUEUES, *languages, *events} - RESERVED_LABELS) == []


def test_no_bundled_plugin_has_a_reserved_label() -> None:
    assert set(discovery.bundled_labels()) & RESERVED_LABELS == set()


def recorded_events() -> set[str]:
    """Every text that reads like the name of an event, in the modules of the core that write to the outbox."""
    root = Path(discovery.__file__).parents[2]
    found = set()
    for room in ("cms", "api", "workers"):
        for path in (root / room).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            if "import" in source and re.search(r"\brecord(_many)?\(", source):
                found |= {
                    node.value
                    for node in ast.walk(ast.parse(source))
                    if isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and re.fullmatch(r"[a-z_]+\.[a-z_]+", node.value)
                }
    return found
