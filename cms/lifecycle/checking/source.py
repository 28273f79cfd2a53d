"""What can be seen in a plugin's source without running it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from cms.lifecycle.findings import Finding

#: The rooms of Ostriv, and the modules of them that are for plugins.
ROOMS = ("cms", "api", "workers", "ostriv", "tests")
CONTRACTS = ("cms.contract", "api.contract", "workers.contract")
#: What a plugin brings for its own tests may be imported there.
_TESTING = "ostriv.testing"
#: Modules that would work past the contract, and what takes their place.
FORBIDDEN_MODULES = {
    "apps.py": "The core makes the app's configuration; what must happen at start belongs where it is declared.",
    "wagtail_hooks.py": "Declare menu items, views and panels in admin.py.",
    "middleware.py": "A plugin adds no middleware.",
    "settings.py": "Settings are a dataclass named by PluginInfo(settings=...).",
}
#: Signals are heard through `cms.contract.receiver`, which contains their faults.
_SIGNALS = ("django.dispatch", "django.core.signals", "django.db.models.signals", "django.test.signals")


def check_source(folder: Path, package: str) -> Iterator[Finding]:
    """Every breach in the files of this package."""
    for name, instead in FORBIDDEN_MODULES.items():
        if (folder / name).exists():
            yield Finding(name, "a plugin has no such module.", instead)
    for path in sorted(folder.rglob("*.py")):
        where = str(path.relative_to(folder))
        if "tests" in path.relative_to(folder).parts[:-1]:
            continue
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        except (SyntaxError, UnicodeDecodeError, ValueError) as error:
            yield Finding(f"{where}:{getattr(error, 'lineno', None) or 1}", f"can't be read: {error}.", "Repair it.")
            continue
        yield from _imports(tree, where, package)
        yield from _receivers(tree, where)
        if path.name == "models.py":
            yield from _words(tree, where)


def _imports(tree: ast.AST, where: str, package: str) -> Iterator[Finding]:
    for node in ast.walk(tree):
        for name in _imported(node):
            if not _allowed(name, package):
                remedy = f"Only {', '.join(CONTRACTS)} are for plugins; ask for what is missing in them."
                if name.startswith("plugins."):
                    remedy = "Talk to another plugin through the API or the outbox, not its code."
                yield Finding(f"{where}:{node.lineno}", f"imports {name}.", remedy)
        if isinstance(node, ast.Call) and (name := _dynamic(node)) and not _allowed(name, package):
            yield Finding(
                f"{where}:{node.lineno}", f"imports {name} by its name.", "Only the contracts are for plugins."
            )


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        if node.module in ROOMS:
            # `from cms import contract` names the module in the second half.
            return [f"{node.module}.{alias.name}" for alias in node.names]
        return [node.module]
    return []


def _dynamic(node: ast.Call) -> str:
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    first = node.args[0] if node.args else None
    if name in ("import_module", "__import__", "import_string") and isinstance(first, ast.Constant):
        return first.value if isinstance(first.value, str) else ""
    return ""


def _allowed(name: str, package: str) -> bool:
    if name == package or name.startswith(f"{package}."):
        return True
    room = name.partition(".")[0]
    if room == "plugins" and package.startswith("plugins."):
        return False
    if name == _TESTING or name.startswith(f"{_TESTING}."):
        return True
    return room not in ROOMS or any(name == each or name.startswith(f"{each}.") for each in CONTRACTS)


def _receivers(tree: ast.AST, where: str) -> Iterator[Finding]:
    """Signal receivers that the core could not contain."""
    signals: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "django.dispatch" and any(alias.name == "receiver" for alias in node.names):
                yield Finding(
                    f"{where}:{node.lineno}", "takes receiver from django.dispatch.", "Use cms.contract.receiver."
                )
            if node.module in _SIGNALS or node.module.endswith(".signals"):
                signals |= {alias.asname or alias.name for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "connect":
            owner = node.func.value
            name = getattr(owner, "id", getattr(owner, "attr", ""))
            if name in signals:
                yield Finding(f"{where}:{node.lineno}", f"connects to {name}.", "Use cms.contract.receiver.")


def _words(tree: ast.AST, where: str) -> Iterator[Finding]:
    """Texts for editors that nobody could translate."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call | ast.Assign):
            continue
        keywords = node.keywords if isinstance(node, ast.Call) else []
        texts = [(word.arg, word.value) for word in keywords if word.arg in ("label", "help_text", "heading")]
        target = getattr(node.targets[0], "id", "") if isinstance(node, ast.Assign) else ""
        if target in ("verbose_name", "verbose_name_plural"):
            texts.append((target, node.value))
        for name, value in texts:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield Finding(
                    f"{where}:{value.lineno}",
                    f"{name} {value.value!r} is not translated.",
                    "Wrap it in _().",
                    hint=True,
                )
