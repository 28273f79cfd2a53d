"""Writes a new plugin: one file and its migration, or a whole repository around it."""

import keyword
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from string import Template

from django.conf import settings

from cms.lifecycle import subprocesses
from cms.registry.claims import claimed
from cms.registry.discovery import IN_TREE_PACKAGE, RESERVED_LABELS, Plugin, found_plugins
from cms.registry.version import CONTRACT_VERSION

SKELETONS = Path(__file__).parent / "skeletons"
#: Longer labels would make names of tables that PostgreSQL cuts.
LONGEST = 30
_LABEL = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class NotMade(Exception):  # noqa: N818  (an answer, not a fault)
    """Nothing was written; the message says why, and what to do."""


@dataclass(frozen=True)
class Made:
    """What was written. ``found`` says whether this installation finds the plugin where it is."""

    label: str
    folder: Path
    files: tuple[Path, ...]
    found: bool


def new_plugin(label: str, *, package: bool = False, into: Path | None = None) -> Made:
    """Write the plugin and its first migration. Raises NotMade; then nothing is left behind."""
    _check_label(label)
    in_tree = _in_tree()
    parent = (into or (Path.cwd() if package else in_tree)).resolve()
    folder = parent / (f"ostriv-{label.replace('_', '-')}" if package else label)
    if folder.exists():
        raise NotMade(f"{folder} is there already. Take another label, or write elsewhere: --into DIR.")
    if not parent.is_dir():
        raise NotMade(f"There is no folder {parent}.")
    name = f"ostriv_{label}" if package else label
    found = not package and parent == in_tree
    plugin = Plugin(label, f"{IN_TREE_PACKAGE}.{label}" if found else name)
    try:
        for path, text in _files("package" if package else "one_file", label, name):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        _make_migration(plugin, folder / name if package else folder, found)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise NotMade(f"{error.filename or folder} can't be written: {error.strerror}.") from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    files = tuple(sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file()))
    return Made(label, folder, files, found)


def _check_label(label: str) -> None:
    if not _LABEL.fullmatch(label) or keyword.iskeyword(label) or keyword.issoftkeyword(label):
        raise NotMade(
            f"{label!r} can't be a label. It is made of small Latin letters and digits, with single underscores "
            "between words, begins with a letter, and is no word of Python: recipes, press_review."
        )
    if len(label) > LONGEST:
        raise NotMade(f"{label!r} is too long for a label: at most {LONGEST} letters.")
    if (other := found_plugins().get(label)) is not None:
        raise NotMade(f"The label {label!r} is taken by the plugin in {other.package}. Choose another.")
    if label in RESERVED_LABELS:
        raise NotMade(f"The label {label!r} is taken by a part of Ostriv itself. Choose another.")
    type_name = _class_name(label).lower()
    if (owner := claimed("content type").get(type_name)) is not None:
        raise NotMade(
            f"The content type {type_name!r} is {f'of the plugin {owner}' if owner else 'one of Ostriv itself'}. "
            "Choose another label."
        )


def _in_tree() -> Path:
    return Path(import_module(IN_TREE_PACKAGE).__path__[0]).resolve()


def _class_name(label: str) -> str:
    return "".join(word.capitalize() for word in label.split("_"))


def _files(skeleton: str, label: str, package: str) -> Iterator[tuple[Path, str]]:
    """The files of a skeleton. A template's name is its path with ``--`` for a slash and ``DOT`` for a leading dot."""
    major = int(CONTRACT_VERSION.partition(".")[0])
    words = {
        "label": label,
        "package": package,
        "dist": f"ostriv-{label.replace('_', '-')}",
        "name": label.replace("_", " ").capitalize(),
        "words": label.replace("_", " "),
        "type": _class_name(label).lower(),
        "page": f"{_class_name(label)}Page",
        "contract": f">={CONTRACT_VERSION},<{major + 1}",
    }
    for template in sorted((SKELETONS / skeleton).glob("*.txt")):
        path = template.name.removesuffix(".txt").replace("--", "/").replace("PACKAGE", package)
        path = f".{path.removeprefix('DOT')}" if path.startswith("DOT") else path
        yield Path(path), Template(template.read_text(encoding="utf-8")).substitute(words)


def _make_migration(plugin: Plugin, folder: Path, found: bool) -> None:
    (folder / "migrations").mkdir()
    (folder / "migrations" / "__init__.py").touch()
    with subprocesses.announced(plugin, folder) as paths:
        labels = [*(each.label for each in settings.OSTRIV_PLUGINS), plugin.label]
        env = subprocesses.environment(labels, [] if found else paths)
        done = subprocesses.run("django", "makemigrations", plugin.label, "--name", "initial", env=env)
    if done.returncode or not (folder / "migrations" / "0001_initial.py").exists():
        last = (done.stderr or done.stdout).strip().rpartition("\n")[2]
        raise NotMade(f"The migration could not be made: {last}")
