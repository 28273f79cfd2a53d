"""What the enabled plugins bring along for the demo: a ``demo.jsonl`` in the import format, beside their models."""

from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from cms.demo.loader.articles import import_all


def load() -> dict[str, int]:
    """Import what there is. Returns the number of items by the label of the plugin."""
    return {
        plugin.label: import_all(file)
        for plugin in settings.OSTRIV_PLUGINS
        if (file := _demo_of(plugin.package)) is not None
    }


def _demo_of(package: str) -> Path | None:
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (file := Path(folder) / "demo.jsonl").is_file():
            return file
    return None
