"""What a plugin says of itself, read without running a line of it: one that isn't enabled is never imported."""

import ast
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from cms.registry.discovery import Plugin


@dataclass(frozen=True)
class About:
    """The words of a ``plugin.py``. ``problem`` says why they can't be read."""

    name: str = ""
    version: str = ""
    description: str = ""
    contract: str = ""
    problem: str = ""


def about_loaded(plugin: Plugin) -> About:
    """Of an enabled plugin, whose ``plugin.py`` has been read already."""
    info = plugin.info
    return About(str(info.name or plugin.label), info.version, str(info.description), info.contract)


def about_found(plugin: Plugin) -> About:
    """Of one that isn't enabled: the plain texts that its ``plugin.py`` hands to ``PluginInfo``."""
    folder = folder_of(plugin)
    if folder is None:
        return About(name=plugin.label, problem=f"its package {plugin.package} is not there")
    return about_folder(folder, plugin.label)


def about_folder(folder: Path, label: str) -> About:
    """Of the plugin whose package is this folder."""
    source = folder / "plugin.py"
    if not source.is_file():
        return About(name=label)
    try:
        texts = _texts(ast.parse(source.read_text(encoding="utf-8")))
    except (OSError, SyntaxError, ValueError) as error:
        return About(name=label, problem=f"plugin.py can't be read: {error}")
    known = {name: texts.get(name, "") for name in ("name", "version", "description", "contract")}
    return About(**{**known, "name": known["name"] or label})


def folder_of(plugin: Plugin) -> Path | None:
    """The folder of a plugin's package; None if it is gone or broken."""
    try:
        spec = importlib.util.find_spec(plugin.package)
    except (ImportError, ValueError):
        return None
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) if places else None


def _texts(tree: ast.Module) -> dict[str, str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "PluginInfo":
            return {word.arg: text for word in node.keywords if word.arg and (text := _text(word.value)) is not None}
    return {}


def _text(node: ast.expr) -> str | None:
    # `_("Recipes")` is a text too: its first argument.
    if isinstance(node, ast.Call) and node.args:
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
