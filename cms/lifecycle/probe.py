"""``python -m cms.lifecycle.probe LABEL``: load the plugin, beside the others that are enabled, and look.

A process of its own, so that nothing of a plugin that isn't enabled ever runs in another. It prints its findings as
JSON.
"""

import dataclasses
import json
import sys
from collections.abc import Iterator
from typing import Any

from cms.lifecycle.findings import Finding

#: The modules that the contract knows.
MODULES = (
    "models", "plugin", "blocks", "api", "feeds", "newsletters", "gateways", "tasks", "schedule", "admin", "examples",
)  # fmt: skip


def main() -> None:
    label = sys.argv[1]
    # What Django or the plugin print is not for who reads the findings.
    out, sys.stdout = sys.stdout, sys.stderr
    json.dump([dataclasses.asdict(finding) for finding in probe(label)], out)
    # At the end Python flushes only what is sys.stdout by then.
    out.flush()


def probe(label: str) -> list[Finding]:
    """Everything that is wrong with the plugin once it is loaded."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        return [Finding(label, str(error))]
    except Exception as error:  # whatever its modules raise when they are imported
        return [_unimportable(label, "models", error)]
    return [*_modules(label), *_urls(label), *_migrations(label), *_fields(label)]


def _unimportable(label: str, module: str, error: BaseException) -> Finding:
    place = ""
    frame = error.__traceback__
    while frame is not None:
        place, frame = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}", frame.tb_next
    return Finding(f"{label}.{module}", f"can't be imported: {type(error).__name__}: {error} ({place}).", "Repair it.")


def _plugin(label: str) -> Any:
    from cms.registry.owners import enabled

    return enabled(label)


def _modules(label: str) -> Iterator[Finding]:
    from cms.registry.discovery import PluginError

    plugin = _plugin(label)
    for name in MODULES:
        try:
            plugin.submodule(name)
        except PluginError as error:
            yield Finding(f"{label}.{name}", str(error))


def _urls(label: str) -> Iterator[Finding]:
    """Every name is claimed when the addresses are loaded; one that is taken, or a broken address, shows here."""
    from django.core.exceptions import ImproperlyConfigured
    from django.urls import NoReverseMatch, get_resolver

    from cms.lifecycle.admin.menu import menu_items

    try:
        resolver = get_resolver()
        _ = resolver.url_patterns, resolver.reverse_dict
        for item in menu_items():
            if item.owner == label:
                item.address()
    except ImproperlyConfigured as error:
        yield Finding(label, str(error))
    except NoReverseMatch as error:
        yield Finding(f"{label}.admin", f"a menu item leads nowhere: {error}", "Name an address of its urlpatterns.")
    except Exception as error:  # a plugin's addresses may raise anything
        yield _unimportable(label, "urlpatterns", error)


def _migrations(label: str) -> Iterator[Finding]:
    from django.db.migrations.loader import MigrationLoader

    from cms.lifecycle import boot

    if unmade := boot.without_migration([label]):
        yield Finding(
            f"{label}.migrations", f"missing: {', '.join(unmade[label])}.", f"Run: ostriv makemigrations {label}"
        )
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app == label:
            yield from _migration(f"{label}.migrations.{name}", migration)


def _migration(where: str, migration: Any) -> Iterator[Finding]:
    if not migration.atomic:
        yield Finding(
            where, "does not run in a transaction.", "Leave atomic as it is: a purge must be able to undo it."
        )
    for operation in migration.operations:
        if not operation.reversible:
            yield Finding(
                where,
                f"can't be undone: {operation.describe()}.",
                "Give it a way back (reverse_code, reverse_sql); RunPython.noop if there is nothing to undo.",
            )
        if (app := getattr(operation, "app_label", "")) and app != migration.app_label:
            yield Finding(where, f"changes the app {app!r}.", "A plugin changes its own tables only.")


def _fields(label: str) -> Iterator[Finding]:
    from django.apps import apps

    from cms.content.models import ContentPage

    for model in apps.get_app_config(label).get_models():
        for name in ("api_fields", "import_fields"):
            # What a page inherits is the core's.
            if name not in model.__dict__ and issubclass(model, ContentPage):
                continue
            for field in getattr(model, name, []):
                field_name = getattr(field, "name", field)
                if not _is_there(model, str(field_name)):
                    yield Finding(
                        f"{label}.{model.__name__}.{name}",
                        f"{field_name!r} is neither a field nor an attribute.",
                        "Name a field of the model, one of its relations, or a property.",
                    )


def _is_there(model: Any, name: str) -> bool:
    from django.core.exceptions import FieldDoesNotExist

    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return hasattr(model, name)
    return True


if __name__ == "__main__":
    main()
