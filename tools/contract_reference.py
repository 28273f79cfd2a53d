"""Write docs/plugins/reference.md from the contract's own docstrings: `make reference`.

Every name of the three contracts with its exact signature, so that the page can't say anything else than the code.
"""

import dataclasses
import inspect
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import django

PAGE = Path(__file__).resolve().parents[1] / "docs" / "plugins" / "reference.md"
CONTRACTS = ("cms.contract", "api.contract", "workers.contract")
_HEAD = """# The contract, name by name

Contract version {version}. Written by `make reference` from the docstrings. [hooks.md](hooks.md) says what a plugin's
modules may hold; this page, what that is made of.
"""


def main() -> None:
    django.setup()
    text = page()
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text() == text else "docs/plugins/reference.md is out of date. Run: make reference")
    PAGE.write_text(text)


def page() -> str:
    """The whole page."""
    from cms.contract import CONTRACT_VERSION

    parts = [_HEAD.format(version=CONTRACT_VERSION)]
    for name in CONTRACTS:
        parts += section(import_module(name))
    return "\n".join(parts)


def section(contract: ModuleType) -> Iterator[str]:
    yield f"\n## `{contract.__name__}`\n"
    yield f"{prose(contract.__doc__)}\n"
    for name in contract.__all__:
        yield from entry(contract.__name__, name, getattr(contract, name))


def entry(home: str, name: str, thing: Any) -> Iterator[str]:
    yield f"\n### `{name}`\n"
    if inspect.isclass(thing):
        yield f"```python\nfrom {home} import {name}\n{class_head(name, thing)}\n```\n"
        yield f"{prose(own_doc(thing))}\n"
        for method, function in public_methods(thing):
            yield f"- `{method}{signature(function)}`: {' '.join(prose(function.__doc__).split())}"
    elif inspect.ismodule(thing):
        yield f"```python\nfrom {home} import {name}\n```\n"
        yield f"{prose(thing.__doc__)}\n"
        for function_name, function in inspect.getmembers(thing, inspect.isfunction):
            if function.__module__ == thing.__name__ and not function_name.startswith("_"):
                yield f"- `{name}.{function_name}{signature(function)}`: {' '.join(prose(function.__doc__).split())}"
    elif callable(thing):
        yield f"```python\nfrom {home} import {name}\n{name}{signature(thing)}\n```\n"
        yield f"{prose(thing.__doc__)}\n"
    else:
        yield f"```python\nfrom {home} import {name}\n{name} = {thing!r}\n```\n"


def class_head(name: str, cls: type) -> str:
    """How it is made: its fields for a dataclass, its bases for what is subclassed."""
    if dataclasses.is_dataclass(cls):
        return f"{name}{signature(cls)}"
    bases = ", ".join(base.__name__ for base in cls.__bases__ if base is not object)
    return f"class {name}({bases})" if bases else f"class {name}"


def public_methods(cls: type) -> Iterator[tuple[str, Any]]:
    """The methods that a class of ours documents itself, in the order of its source."""
    if cls.__module__.partition(".")[0] not in ("cms", "api", "workers"):
        return
    for name, member in vars(cls).items():
        function = getattr(member, "__func__", member)
        if inspect.isfunction(function) and not name.startswith("_") and function.__doc__:
            yield name, function


def own_doc(cls: type) -> str:
    """The class's docstring; not the one that a dataclass makes of its fields, nor an inherited one."""
    doc = cls.__dict__.get("__doc__") or ""
    return "" if doc.startswith(f"{cls.__name__}(") else doc or f"See `{cls.__module__}.{cls.__name__}`."


def signature(function: Any) -> str:
    try:
        return re.sub(r"\b(?:[a-z_0-9]+\.)+(?=[A-Za-z])", "", str(inspect.signature(function)))
    except (TypeError, ValueError):
        return "(...)"


def prose(doc: str | None) -> str:
    """A docstring as Markdown: its double back-quotes are single there."""
    text = inspect.cleandoc(doc or "").replace("``", "`")
    return re.sub(r":(class|meth|data|func):", "", text)


if __name__ == "__main__":
    main()
