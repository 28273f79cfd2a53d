"""Finds and removes a plugin's blocks: in the streams of pages, and in revisions, where a stream is text inside JSON.

Nothing here goes through Wagtail's blocks: those would drop, or refuse, what they don't know.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from wagtail.models import Page, Revision

from cms.lifecycle.purge.belongings import Names, stream_fields

#: Rows taken from the database at a time.
_PORTION = 200


@dataclass
class BlocksFound:
    """The plugin's blocks outside of its own pages."""

    #: How many blocks the stored stream of each object holds: model, primary key, column.
    rows: dict[tuple[type[models.Model], Any, str], int] = field(default_factory=dict)
    #: How many blocks each revision holds, by its id.
    revisions: dict[int, int] = field(default_factory=dict)
    #: The revisions of each object: (app label and model, its id).
    revisions_of: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def page_ids(self) -> list[int]:
        """The pages whose stored text holds some."""
        return sorted({int(pk) for model, pk, _column in self.rows if issubclass(model, Page)})

    def __bool__(self) -> bool:
        return bool(self.rows or self.revisions)


def find(names: Names) -> BlocksFound:
    """Where blocks of this plugin stand."""
    found = BlocksFound()
    for model, column, pk, value in _rows(names):
        if number := count(value, names):
            found.rows[model, pk, column] = number
    for revision in _revisions(names):
        if number := _count_in_revision(revision.content, names):
            found.revisions[revision.pk] = number
            kind = f"{revision.content_type.app_label}.{revision.content_type.model}"
            found.revisions_of[kind, revision.object_id] += 1
    return found


def remove(names: Names, found: BlocksFound) -> None:
    """Take the blocks out of these rows and revisions; all else in them stays as it is, to the letter."""
    for model, pk, column in found.rows:
        stored = _column(model, column)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {stored}::text FROM {_table(model)} WHERE {_pk(model)} = %s", [pk])  # noqa: S608
            (text,) = cursor.fetchone()
            kept = json.dumps(without(json.loads(text), names), ensure_ascii=False)
            cursor.execute(
                f"UPDATE {_table(model)} SET {stored} = %s::jsonb WHERE {_pk(model)} = %s",  # noqa: S608
                [kept, pk],
            )
    for revision in Revision.objects.filter(pk__in=found.revisions).iterator(_PORTION):
        Revision.objects.filter(pk=revision.pk).update(content=_clean_revision(revision.content, names))


# --- a stream as it is stored ---------------------------------------------------------------------------------------


def count(value: Any, names: Names) -> int:
    """How many blocks of the plugin are in this value, at any depth; what is inside one counts with it."""
    if isinstance(value, list):
        return sum(1 if _is_block(each, names) else count(each, names) for each in value)
    if isinstance(value, dict):
        return sum(count(each, names) for each in value.values())
    return 0


def without(value: Any, names: Names) -> Any:
    """The same value without the plugin's blocks."""
    if isinstance(value, list):
        return [without(each, names) for each in value if not _is_block(each, names)]
    if isinstance(value, dict):
        return {key: without(each, names) for key, each in value.items()}
    return value


def _is_block(value: Any, names: Names) -> bool:
    if not isinstance(value, dict) or "value" not in value:
        return False
    kind = value.get("type")
    # Every item of a ListBlock is of the type "item": a part of whatever block holds the list, and never a block.
    return isinstance(kind, str) and kind != "item" and names.is_block(kind)


# --- a revision: streams are texts in it, at the top or in its lines ------------------------------------------------


def _count_in_revision(value: Any, names: Names) -> int:
    if isinstance(value, dict):
        return sum(_count_in_revision(each, names) for each in value.values())
    if isinstance(value, list):
        return sum(_count_in_revision(each, names) for each in value)
    stream = _stream(value)
    return count(stream, names) if stream is not None else 0


def _clean_revision(value: Any, names: Names) -> Any:
    if isinstance(value, dict):
        return {key: _clean_revision(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_clean_revision(each, names) for each in value]
    stream = _stream(value)
    if stream is None or not count(stream, names):
        return value
    return json.dumps(without(stream, names), ensure_ascii=False)


def _stream(value: Any) -> list[Any] | None:
    if not isinstance(value, str) or not value.startswith("[") or '"type"' not in value:
        return None
    try:
        stream = json.loads(value)
    except ValueError:
        return None
    return stream if isinstance(stream, list) else None


# --- the database ---------------------------------------------------------------------------------------------------


def _rows(names: Names) -> Iterator[tuple[type[models.Model], str, Any, Any]]:
    """Every stored stream that may hold such a block."""
    pattern = f'"type": "({names.block_pattern()})"'
    for model, stream in stream_fields(besides=names.label):
        column = _column(model, stream.name)
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                f"SELECT {_pk(model)}, {column}::text FROM {_table(model)} WHERE {column}::text ~ %s",  # noqa: S608
                [pattern],
            )
            for pk, text in cursor:
                yield model, stream.name, pk, json.loads(text)


def _revisions(names: Names) -> Iterator[Revision]:
    """Every revision of others that may hold such a block. In JSON text a quotation mark has a backslash before it."""
    suspects = Revision.objects.exclude(content_type__app_label=names.label).extra(
        where=['"wagtailcore_revision"."content"::text ~ %s'],
        params=[rf'\\"type\\": *\\"({names.block_pattern()})\\"'],
    )
    yield from suspects.select_related("content_type").order_by("pk").iterator(_PORTION)


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _pk(model: type[models.Model]) -> str:
    return connection.ops.quote_name(str(model._meta.pk.column))


def _column(model: type[models.Model], name: str) -> str:
    return connection.ops.quote_name(str(model._meta.get_field(name).column))
