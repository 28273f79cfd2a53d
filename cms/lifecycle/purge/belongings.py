"""What in the database is a plugin's: told by its models, and by names that begin with its label.

A name may begin with two labels ("live" and "live_blog"): it belongs to the longer one.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from wagtail.fields import StreamField
from wagtail.models import Page, Revision

from cms.registry.claims import claimed
from cms.registry.discovery import PluginError, found_plugins
from cms.registry.models import PluginState


def models_of(label: str) -> list[type[models.Model]]:
    """The models of an enabled plugin, also those that Django makes for many-to-many fields; none if not loaded."""
    try:
        return list(apps.get_app_config(label).get_models(include_auto_created=True))
    except LookupError:
        return []


def pages_of(label: str) -> models.QuerySet[Page]:
    """Every page of the plugin's types, also of a type that it has no more."""
    return Page.objects.filter(content_type__app_label=label)


def content_types_of(label: str) -> models.QuerySet[ContentType]:
    return ContentType.objects.filter(app_label=label)


class Names:
    """Whether a name is this plugin's, judged by how it begins."""

    def __init__(self, label: str) -> None:
        self.label = label
        self._longer = tuple(other for other in _known_labels() if other.startswith(f"{label}_"))
        self._declared = set(declared_names(label, "block"))
        self._others_blocks = _blocks_of_others(label)

    def begins(self, name: str) -> bool:
        """The label itself, or the label, an underscore and more."""
        mine = name == self.label or name.startswith(f"{self.label}_")
        return mine and not any(name == other or name.startswith(f"{other}_") for other in self._longer)

    def is_block(self, name: str) -> bool:
        """Whether a block of this type is the plugin's: declared by it, now or once, or named as its own must be."""
        return name in self._declared or (self.begins(name) and name not in self._others_blocks)

    def block_pattern(self) -> str:
        """A regular expression of PostgreSQL for what may be such a name; ``is_block`` decides."""
        return "|".join([f"{self.label}(_[a-z0-9_]*)?", *sorted(map(re.escape, self._declared))])


def _known_labels() -> set[str]:
    labels = {config.label for config in apps.get_app_configs()}
    labels |= set(PluginState.objects.values_list("label", flat=True))
    labels |= set(MigrationRecorder(connection).migration_qs.values_list("app", flat=True).distinct())
    with suppress(PluginError):  # two claim one label: it is among the loaded ones, or nobody's
        labels |= set(found_plugins())
    return labels


def declared_names(label: str, kind: str) -> list[str]:
    """The names of this kind ("block", "gateway") that the plugin declares, or did when it was loaded last."""
    state = PluginState.objects.filter(label=label).first()
    now = [name for name, owner in claimed(kind).items() if owner == label]
    return [*now, *(state.declares.get(kind, []) if state else [])]


def _blocks_of_others(label: str) -> set[str]:
    """Names of blocks that the core or another plugin has."""
    claims = claimed("block")
    names = {name for name, owner in claims.items() if owner != label}
    for _model, field in stream_fields(besides=label):
        names |= {name for name in field.stream_block.child_blocks if claims.get(name) != label}
    for state in PluginState.objects.exclude(label=label):
        names |= set(state.declares.get("block", []))
    return names


def stream_fields(besides: str) -> Iterator[tuple[type[models.Model], StreamField]]:
    """Every column that holds a stream, outside of this plugin's own models."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label == besides or model._meta.proxy or not model._meta.managed:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, StreamField):
                yield model, field


# --- tables ---------------------------------------------------------------------------------------------------------

_RELATIONS = """
SELECT c.relname, c.relkind::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_class t ON t.oid = i.indrelid
WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'i')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.classid = c.tableoid
                  AND c.relkind = 'S')
"""


def tables_of(label: str) -> list[str]:
    """The plugin's tables that are there now: of its models, and others that bear its name."""
    return [name for name, kind in relations_of(label) if kind in "rp"]


def relations_of(label: str) -> list[tuple[str, str]]:
    """Tables, views, sequences and indexes of the plugin, with PostgreSQL's letter for their kind.

    An index on one of its own tables, or a sequence of one of its columns, goes with the table and is not listed.
    """
    own = {model._meta.db_table for model in models_of(label) if model._meta.managed}
    of_others = {
        model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.app_label != label
    }
    of_others.add("django_migrations")  # no app has its model
    names = Names(label)

    def mine(name: str) -> bool:
        return name in own or (names.begins(name) and name not in of_others)

    with connection.cursor() as cursor:
        cursor.execute(_RELATIONS)
        rows = cursor.fetchall()
        cursor.execute("SELECT indexname, tablename FROM pg_indexes WHERE schemaname = current_schema()")
        table_of_index = dict(cursor.fetchall())
    return sorted(
        (name, kind)
        for name, kind in rows
        if (mine(name) if kind != "i" else _is_stray(name, table_of_index.get(name, ""), mine))
    )


def _is_stray(index: str, table: str, mine: Any) -> bool:
    """An index of the plugin on a table that isn't its own."""
    return bool(table) and mine(index) and not mine(table)


def foreign_references(tables: Iterable[str]) -> list[tuple[str, str]]:
    """Tables of others with a foreign key into these tables: (theirs, ours)."""
    own = list(tables)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT c.conrelid::regclass::text, c.confrelid::regclass::text
               FROM pg_constraint c JOIN pg_class ours ON ours.oid = c.confrelid
               JOIN pg_class theirs ON theirs.oid = c.conrelid
               WHERE c.contype = 'f' AND ours.relname = ANY(%s) AND NOT theirs.relname = ANY(%s)""",
            [own, own],
        )
        return list(cursor.fetchall())


# --- files ----------------------------------------------------------------------------------------------------------


def files_of(label: str) -> dict[str, models.FileField]:
    """The uploaded files of the plugin's rows and drafts: their names, with the field that knows their storage."""
    found: dict[str, models.FileField] = {}
    fields: dict[str, models.FileField] = {}
    there = set(connection.introspection.table_names())
    for model in (each for each in models_of(label) if each._meta.db_table in there):
        for field in model._meta.local_fields:
            if isinstance(field, models.FileField):
                fields[field.name] = field
                names = model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
                found.update({name: field for name in names if name})
    if fields:
        for content in Revision.objects.filter(content_type__app_label=label).values_list("content", flat=True):
            found.update(_files_in(content, fields))
    return found


def _files_in(value: Any, fields: dict[str, models.FileField]) -> Iterator[tuple[str, models.FileField]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in fields and isinstance(inner, str) and inner:
                yield inner, fields[key]
            else:
                yield from _files_in(inner, fields)
    elif isinstance(value, list):
        for inner in value:
            yield from _files_in(inner, fields)
