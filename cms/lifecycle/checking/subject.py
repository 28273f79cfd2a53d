"""Which plugin is to be checked: one that is installed, by its label, or one in a folder."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from cms.lifecycle.about import folder_of
from cms.lifecycle.facts import nearest
from cms.registry.discovery import ENTRY_POINT_GROUP, Plugin, found_plugins


class NoSuchPlugin(Exception):  # noqa: N818  (an answer, not a fault)
    """There is no plugin of this label, or in this folder; the message says what there is."""


@dataclass(frozen=True)
class Subject:
    """The plugin, the folder of its package, and whether this installation finds it by itself."""

    plugin: Plugin
    folder: Path
    installed: bool


def subject_of(words: str) -> Subject:
    """The plugin with this label or at this path. Raises NoSuchPlugin."""
    found = found_plugins()
    if words in found:
        folder = folder_of(found[words])
        if folder is None:
            raise NoSuchPlugin(f"The package {found[words].package} of the plugin {words!r} is not there.")
        return Subject(found[words], folder, installed=True)
    path = Path(words)
    if path.is_dir():
        return _at(path.resolve(), found)
    raise NoSuchPlugin(f"There is no plugin {words!r}, and no folder of this name. {nearest(words, list(found))}")


def _at(path: Path, found: dict[str, Plugin]) -> Subject:
    label, folder = _announced_at(path) or (path.name, path)
    if not (folder / "__init__.py").is_file() or not any(folder.glob("*.py")):
        raise NoSuchPlugin(
            f"{path} is neither the repository of a plugin (its pyproject.toml announces no "
            f"{ENTRY_POINT_GROUP!r}) nor a package (it has no __init__.py)."
        )
    for plugin in found.values():
        if (other := folder_of(plugin)) and other.resolve() == folder:
            return Subject(plugin, folder, installed=True)
    return Subject(Plugin(label, folder.name), folder, installed=False)


def _announced_at(path: Path) -> tuple[str, Path] | None:
    """The label and the package that a pyproject.toml here, or just above the package, announces."""
    for root in (path, path.parent, path.parent.parent):
        try:
            project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
        except (OSError, tomllib.TOMLDecodeError):
            continue
        for label, package in project.get("entry-points", {}).get(ENTRY_POINT_GROUP, {}).items():
            for folder in (root / package.replace(".", "/"), root / "src" / package.replace(".", "/")):
                if folder.is_dir() and path in (root, folder):
                    return label, folder
    return None
