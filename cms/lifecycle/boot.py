"""What is looked at before a process begins to serve: can the plugins be loaded, and are their tables what their
models say?

``check()`` needs no database and a third of a second. ``waiting()`` asks the database.
"""

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ProjectState
from django.urls import get_resolver
from django.utils import translation

from cms.registry.discovery import PluginError


def check() -> None:
    """Refuse to start with a plugin whose tasks can't be imported, or whose models were changed without a migration.

    Called by every process that serves, once Django is set up. Raises PluginError.
    """
    for plugin in settings.OSTRIV_PLUGINS:
        plugin.submodule("tasks")  # read by workers only, and no reason for the others to serve what they can't do
    if unmade := without_migration([plugin.label for plugin in settings.OSTRIV_PLUGINS]):
        raise PluginError(" ".join(sentence(label, models) for label, models in unmade.items()))


def check_addresses() -> None:
    """Refuse to start with a plugin whose addresses, screens or names in the admin can't be. Raises PluginError."""
    _ = get_resolver().url_patterns


def sentence(label: str, models: list[str]) -> str:
    """What is wrong with this plugin, and what to do."""
    return (
        f"Plugin {label!r}: its models have changes without a migration ({', '.join(models)}). "
        f"Its author runs `ostriv makemigrations {label}`; or install a version that brings its migrations, "
        f"or take {label!r} out of OSTRIV_PLUGINS."
    )


def without_migration(labels: list[str]) -> dict[str, list[str]]:
    """What ``makemigrations`` would write for these plugins: the operations in words, by label."""
    concerned = {label for label in labels if list(apps.get_app_config(label).get_models())}
    if not concerned:
        return {}
    # Migrations hold the names of fields as they stand in the source; in another language all of them have changed.
    with translation.override(None):
        loader = MigrationLoader(None, ignore_no_migrations=True)
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps), MigrationQuestioner())
        changes = detector.changes(
            loader.graph, trim_to_apps=concerned, convert_apps=concerned - loader.migrated_apps or None
        )
    return {
        label: [operation.describe() for migration in migrations for operation in migration.operations]
        for label, migrations in changes.items()
        if label in concerned
    }


def waiting() -> dict[str, list[str]]:
    """The migrations of enabled plugins that are not applied yet, by label."""
    labels = {plugin.label for plugin in settings.OSTRIV_PLUGINS}
    executor = MigrationExecutor(connection)
    found: dict[str, list[str]] = {}
    for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        if migration.app_label in labels:
            found.setdefault(migration.app_label, []).append(migration.name)
    return found
