"""Unapplies a plugin's migrations, and drops what they leave behind."""

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.recorder import MigrationRecorder

from cms.lifecycle.purge.belongings import relations_of

_DROP = {"r": "TABLE", "p": "TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW", "S": "SEQUENCE", "i": "INDEX"}


def dependent_apps(label: str) -> list[str]:
    """Other apps whose applied migrations depend on the plugin's: they would be unapplied with it."""
    return sorted({migration.app_label for migration in _plan(MigrationExecutor(connection), label)} - {label})


def remove(label: str) -> str:
    """Take the plugin's tables away, inside the caller's transaction.

    Returns why its migrations were not unapplied but its tables dropped; empty if they were.
    """
    with connection.cursor() as cursor:
        # PostgreSQL alters no table that a deferred constraint still has to look at.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    said = _unapply(label)
    _drop(label)
    MigrationRecorder(connection).migration_qs.filter(app=label).delete()
    return said


def _unapply(label: str) -> str:
    executor = MigrationExecutor(connection)
    plan = _plan(executor, label)
    if obstacle := next(filter(None, map(_obstacle, plan)), ""):
        return obstacle
    try:
        with transaction.atomic():
            executor.migrate([(label, None)], plan=[(migration, True) for migration in plan])
    except Exception as error:  # the plugin's own code may raise anything, and the tables can go without it
        return f"its migrations could not be unapplied ({type(error).__name__}: {error})"
    return ""


def _plan(executor: MigrationExecutor, label: str) -> list[Migration]:
    if label not in executor.loader.migrated_apps:
        return []
    return [migration for migration, _backwards in executor.migration_plan([(label, None)])]


def _obstacle(migration: Migration) -> str:
    if not migration.atomic:
        return f"its migration {migration.name} does not run in a transaction"
    if not all(operation.reversible for operation in migration.operations):
        return f"its migration {migration.name} can't be undone"
    return ""


def _drop(label: str) -> None:
    """Drop what is still there. Tables in one statement, because they may refer to each other."""
    left = relations_of(label)
    with connection.cursor() as cursor:
        for kinds in (["v"], ["m"], ["r", "p"], ["S"], ["i"]):
            if names := [connection.ops.quote_name(name) for name, kind in left if kind in kinds]:
                cursor.execute(f"DROP {_DROP[kinds[0]]} IF EXISTS {', '.join(names)}")
