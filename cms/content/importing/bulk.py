"""Rows by the hundred, also of models with a parent table, and their place in the tree.

Django's ``bulk_create`` has no answer to multi-table inheritance because it can't hand the parent's new key to the
child. Here the keys are taken from the sequence beforehand, so every row is known before the first is written: the
page's, its revision's, and their pointers at each other (foreign keys are checked at commit).
"""

from collections.abc import Collection, Sequence

from django.db import connection
from django.db.models import F, Field, Model
from psycopg import sql
from treebeard.exceptions import PathOverflow
from wagtail.models import Page


def new_ids(model: type[Model], count: int) -> list[int]:
    """This many primary keys of the model's own table, taken from its sequence."""
    options = model._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [connection.ops.quote_name(options.db_table), options.pk.column, count],
        )
        return [row[0] for row in cursor.fetchall()]


def set_key(row: Model, key: int) -> None:
    """Give a new row its key in its own table and in those of all its parents."""
    for model in [type(row), *row._meta.get_parent_list()]:
        setattr(row, model._meta.pk.attname, key)


def insert(model: type[Model], rows: Sequence[Model]) -> None:
    """Insert rows of one model into its table and the tables of all its parents, by COPY.

    COPY takes long texts as they are; the arrays that ``bulk_create`` makes of them have every quote and backslash
    escaped on the way, which alone was a third of an import. Rows without a key are given one.
    """
    if not rows:
        return
    if without := [row for row in rows if row.pk is None]:
        for key, row in zip(new_ids(model, len(without)), without, strict=True):
            set_key(row, key)
    for table in _tables(model):
        _copy(table._meta.db_table, table._meta.local_concrete_fields, rows)
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def update(model: type[Model], rows: Sequence[Model], columns: Collection[Field]) -> None:
    """Write these columns of rows that are there, in their table and in those of their parents."""
    for table in _tables(model) if rows else ():
        key = table._meta.pk
        changed = [each for each in table._meta.local_concrete_fields if each in columns and each is not key]
        if not changed:
            continue
        names = {
            "table": sql.Identifier(table._meta.db_table),
            "new": sql.Identifier(f"import_{table._meta.db_table}"),
            "key": sql.Identifier(key.column),
            "columns": sql.SQL(", ").join(sql.Identifier(each.column) for each in [key, *changed]),
            "values": sql.SQL(", ").join(
                sql.SQL("{0} = new.{0}").format(sql.Identifier(each.column)) for each in changed
            ),
        }
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE TEMP TABLE {new} AS SELECT {columns} FROM {table} LIMIT 0").format(**names))
            _copy(f"import_{table._meta.db_table}", [key, *changed], rows)
            cursor.execute(
                sql.SQL("UPDATE {table} SET {values} FROM {new} AS new WHERE {table}.{key} = new.{key}").format(**names)
            )
            cursor.execute(sql.SQL("DROP TABLE {new}").format(**names))


def _tables(model: type[Model]) -> list[type[Model]]:
    """The models whose tables make up a row of this one, parents first."""
    return [*reversed(model._meta.get_parent_list()), model]


def _copy(table: str, columns: Sequence[Field], rows: Sequence[Model]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(sql.Identifier(each.column) for each in columns)
    )
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([each.get_db_prep_save(each.pre_save(row, add=True), connection) for each in columns])


def place_last(parent_id: int, pages: Sequence[Page]) -> None:
    """Give each page its path, its depth and its address as one of the last children of a parent.

    Locks the parent's row until the transaction ends, as ``add_child`` does: an editor who adds a page to the same
    folder waits for the batch, and no path is given twice. Raises PathOverflow for a folder that is full.
    """
    parent = Page.objects.select_for_update(of=("self",)).get(pk=parent_id)
    last = Page.objects.filter(path__startswith=parent.path, depth=parent.depth + 1).order_by("-path").first()
    position = Page._str2int(last.path[-Page.steplen :]) if last else 0
    if position + len(pages) > len(Page.alphabet) ** Page.steplen - 1:
        raise PathOverflow(f"The folder {parent.url_path} is full")
    for number, page in enumerate(pages, start=position + 1):
        page.depth = parent.depth + 1
        page.path = Page._get_path(parent.path, page.depth, number)
        page.numchild = 0
        page.url_path = f"{parent.url_path}{page.slug}/"
    Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(pages))
