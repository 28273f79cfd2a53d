"""From 2,000 imported articles to half a million, inside the database: rows copied with new keys, addresses and dates.

An import of that many takes an hour; what is measured is reading, and a copied row costs a reader what its original
does. Each copy of the corpus is older than the one before and lies in a folder of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import psycopg
from psycopg import sql

#: Pages of one copy of the corpus at most: what the last four characters of a tree path can number.
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TIME = "to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"

Report = Callable[[str], None]


@dataclass(frozen=True)
class Table:
    """One table of the corpus: the column that holds the page's id, and what differs in a copy.

    Expressions see the original as ``row`` and its copy's keys as ``new``. A table without a row for a page may be
    missing from the database altogether: then it is passed over.
    """

    name: str
    page: str
    changes: dict[str, str] = field(default_factory=dict)
    where: str = "true"
    #: The page's id as this table writes it.
    page_id: str = "new.{id}"
    #: For tables whose own key is in another order than the pages'.
    order: str = ""


def _document(column: str) -> str:
    """A publication's JSON with the copy's id, address and date in place of the original's."""
    text = f"replace(row.{column}, row.path, new.url_path)"
    text = f"""replace({text}, '"slug":"' || row.slug || '"', '"slug":"' || new.slug || '"')"""
    text = f"""replace({text}, '"id":' || new.old_id || ',', '"id":' || new.new_id || ',')"""
    for moment in ("row.published_at", "row.updated_at"):
        text = f"replace({text}, {_TIME.format(moment=moment)}, {_TIME.format(moment=f'({moment} - new.age)')})"
    return text


def _times(moment: str) -> str:
    """The lexemes by which search finds a moment: its year, its month and its day."""
    begins = "':t:' || row.locale || ':' || to_char({} AT TIME ZONE 'UTC', '{}')"
    return ", ".join(begins.format(moment, form) for form in ("YYYY", "YYYY-MM", "YYYY-MM-DD"))


_OLDER = "(row.published_at - new.age)"

#: In the order of their foreign keys. A table that is added to what a page consists of is added here.
TABLES = [
    Table(
        "wagtailcore_page",
        "id",
        {
            "path": "new.path",
            "depth": "new.depth",
            "slug": "new.slug",
            "url_path": "new.url_path",
            "translation_key": "new.translation_key",
            "first_published_at": "row.first_published_at - new.age",
            "last_published_at": "row.last_published_at - new.age",
            "live_revision_id": "NULL",
            "latest_revision_id": "NULL",
        },
    ),
    Table(
        "content_contentpage",
        "page_ptr_id",
        {"published_at": _OLDER, "import_id": "NULL", "import_fingerprint": "''"},
    ),
    Table("content_articlepage", "contentpage_ptr_id"),
    Table("content_contentbyline", "page_id"),
    Table("content_contenttag", "content_object_id"),
    Table(
        "api_publication",
        "page_id",
        {
            "slug": "new.slug",
            "path": "new.url_path",
            "translation_key": "new.translation_key",
            "published_at": _OLDER,
            "updated_at": "row.updated_at - new.age",
            "teaser": _document("teaser"),
            "detail": _document("detail"),
        },
    ),
    Table(
        "api_searchentry",
        "page_id",
        {
            "published_at": _OLDER,
            "year": f"extract(year FROM {_OLDER} AT TIME ZONE 'UTC')",
            "vector": f"ts_delete(row.vector, ARRAY[{_times('row.published_at')}])"
            f" || array_to_tsvector(ARRAY[{_times(_OLDER)}])",
        },
    ),
    Table("api_filing", "page_id", {"published_at": _OLDER}, order=f"row.shelf, {_OLDER}, new.new_id"),
    Table(
        "wagtailsearch_indexentry",
        "object_id",
        where="row.content_type_id IN (SELECT content_type_id FROM wagtailcore_page)",
        page_id="new.{id}::text",
    ),
]
#: What is counted over all rows of a table: by the table that holds the counts.
COUNTS = {
    "api_shelf": """
        TRUNCATE api_shelf, api_shelfchange;
        INSERT INTO api_shelf (shelf, kind, count)
        SELECT shelf, split_part(shelf, '=', 1), count(*) FROM api_filing GROUP BY shelf
    """
}


def grow(database_url: str, articles: int, *, step: timedelta, report: Report) -> None:
    """Copy what was imported until there are this many articles. ``step`` is the time between two of them.

    Triggers do not fire: neither the log of changes nor the caches of running processes learn of it.
    """
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute("SET synchronous_commit = off")
        have = _count(connection)
        originals = _count(connection, "import_id IS NOT NULL")
        wanted = articles - have
        if wanted > 0:
            _plan_copies(connection, originals, have // originals, wanted, step)
            tables = [table for table in TABLES if _columns(connection, table.name)]
            for table in tables:
                report(f"{table.name}: {_copy(connection, table):,} rows")
            for name, statements in COUNTS.items():
                if _columns(connection, name):
                    connection.execute(statements)
            connection.execute("DROP TABLE bench_copy")
        report("VACUUM ANALYZE")
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def _count(connection: psycopg.Connection, where: str = "true") -> int:
    row = connection.execute(f"SELECT count(*) FROM content_contentpage WHERE {where}").fetchone()
    return int(row[0]) if row else 0


def _plan_copies(connection: psycopg.Connection, originals: int, first: int, wanted: int, step: timedelta) -> None:
    """The keys and places of every copy, and the folders that hold them."""
    if originals >= len(_ALPHABET) ** 4:
        raise ValueError("One folder cannot hold so many pages; import fewer and copy them more often.")
    copies = -(-wanted // originals)
    folders = _make_folders(connection, first, copies)
    connection.execute("DROP TABLE IF EXISTS bench_copy")
    connection.execute("CREATE UNLOGGED TABLE bench_folder (copy int, id int, path text, url_path text)")
    with connection.cursor() as cursor, cursor.copy("COPY bench_folder FROM STDIN") as rows:
        for folder in folders:
            rows.write_row(folder)
    connection.execute(
        sql.SQL(
            """
            CREATE UNLOGGED TABLE bench_copy AS
            WITH original AS (
                SELECT page.id, page.slug, row_number() OVER (ORDER BY page.id) AS number
                FROM wagtailcore_page page JOIN content_contentpage content ON content.page_ptr_id = page.id
                WHERE content.import_id IS NOT NULL
            )
            SELECT original.id AS old_id,
                   {last_id} + (row_number() OVER (ORDER BY folder.copy, original.number))::int AS new_id,
                   folder.path || {number} AS path,
                   length(folder.path) / 4 + 1 AS depth,
                   original.slug || '-' || folder.copy AS slug,
                   folder.url_path || original.slug || '-' || folder.copy || '/' AS url_path,
                   gen_random_uuid() AS translation_key,
                   folder.copy * {span}::interval AS age,
                   folder.id AS folder_id
            FROM original CROSS JOIN bench_folder folder
            ORDER BY folder.copy, original.number LIMIT {wanted}
            """
        ).format(
            last_id=sql.Literal(_last(connection, "wagtailcore_page", "id")),
            number=sql.SQL(_in_base_36("original.number")),
            span=sql.Literal(step * originals),
            wanted=sql.Literal(wanted),
        )
    )
    connection.execute(
        "UPDATE wagtailcore_page SET numchild = held.number FROM "
        "(SELECT folder_id, count(*) AS number FROM bench_copy GROUP BY 1) held WHERE id = held.folder_id"
    )
    connection.execute("DROP TABLE bench_folder")
    connection.execute("ANALYZE bench_copy")


def _make_folders(connection: psycopg.Connection, first: int, copies: int) -> list[tuple[int, int, str, str]]:
    """A folder under the Ukrainian front page for each copy, made as an editor would."""
    from cms.content.models import FolderPage, FrontPage

    front = FrontPage.objects.get(slug="uk")
    made = []
    for copy in range(first, first + copies):
        folder = front.add_child(instance=FolderPage(title=f"Архів {copy}", slug=f"arkhiv-{copy}", locale=front.locale))
        made.append((copy, folder.pk, folder.path, folder.url_path))
    return made


def _in_base_36(number: str) -> str:
    digit = "substr('{alphabet}', (({number} / {power}) % 36 + 1)::int, 1)"
    return " || ".join(digit.format(alphabet=_ALPHABET, number=number, power=36**place) for place in (3, 2, 1, 0))


def _copy(connection: psycopg.Connection, table: Table) -> int:
    """Insert the copies of this table's rows, its indexes made anew after; returns how many there were."""
    columns = _columns(connection, table.name)
    page_id = table.page_id.format
    values = {column: sql.SQL("row.{}").format(sql.Identifier(column)) for column in columns}
    values |= {column: sql.SQL(text) for column, text in table.changes.items() if column in columns}
    values[table.page] = sql.SQL(page_id(id="new_id"))
    if "id" in columns and table.page != "id":
        last = _last(connection, table.name, "id")
        values["id"] = sql.SQL("{} + row_number() OVER ()").format(sql.Literal(last))
    indexes = _drop_indexes(connection, table.name)
    done = connection.execute(
        sql.SQL(
            "INSERT INTO {table} ({columns}) SELECT {values} FROM bench_copy new JOIN {table} row ON {key} = {old} "
            "WHERE {where} {order}"
        ).format(
            table=sql.Identifier(table.name),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            values=sql.SQL(", ").join(values[column] for column in columns),
            key=sql.SQL("row.{}").format(sql.Identifier(table.page)),
            old=sql.SQL(page_id(id="old_id")),
            where=sql.SQL(table.where),
            order=sql.SQL(f"ORDER BY {table.order}" if table.order else ""),
        )
    )
    for definition in indexes:
        connection.execute(definition)
    if "id" in columns:
        connection.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}").format(
                sql.Literal(table.name), sql.Identifier(table.name)
            )
        )
    return done.rowcount


def _columns(connection: psycopg.Connection, table: str) -> list[str]:
    """What can be written of this table; nothing if there is no such table."""
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [row[0] for row in rows]


def _last(connection: psycopg.Connection, table: str, column: str) -> int:
    query = sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(sql.Identifier(column), sql.Identifier(table))
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _drop_indexes(connection: psycopg.Connection, table: str) -> list[str]:
    """Drop the indexes that no constraint needs; returns how to make them again. Many rows are indexed faster so."""
    rows = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = %s::regclass AND NOT indisunique AND NOT indisprimary",
        [table],
    ).fetchall()
    for name, _ in rows:
        connection.execute(f"DROP INDEX {name}")
    return [definition for _, definition in rows]
