"""Shelves: everything that a list of content can be asked for, as a table in the order of lists.

A publication stands on one shelf for each thing that it is found by: ``uk/article/tag=port`` holds the articles in
Ukrainian with this tag, ``uk//tag=port`` whatever else lists show of it, ``uk/`` all that they show. A page of a list
is a few steps along one index then, however many publications there are and however few of them stand there.

The database itself keeps the shelves, by triggers on api_publication (see migration 0007), and says in ``ShelfChange``
how many came and went: a count that every writer changed would make them wait for each other. ``settle`` adds it up.
"""

from collections.abc import Iterable

from django.db import connection, models, transaction

from api.publications.database import fetch

#: Names the lock of whoever settles among PostgreSQL's advisory locks.
_SETTLING = 0x0571_0004
#: Names by which the core itself shelves content.
SECTION, AUTHOR, TAG = "section", "author", "tag"


class Filing(models.Model):
    """One publication on one shelf."""

    pk = models.CompositePrimaryKey("shelf", "published_at", "page_id")
    shelf = models.TextField(db_collation="C")
    published_at = models.DateTimeField()
    page_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.page_id} on {self.shelf}"


class Shelf(models.Model):
    """How many publications stand on one shelf, but for what ``ShelfChange`` says. ``kind`` is its name up to ``=``."""

    shelf = models.TextField(primary_key=True, db_collation="C")
    kind = models.TextField(db_collation="C")
    count = models.BigIntegerField()

    class Meta:
        indexes = [models.Index("kind", models.F("count").desc(), name="shelf_fullest")]

    def __str__(self) -> str:
        return self.shelf


class ShelfChange(models.Model):
    """So many came to a shelf, or went, and are not yet in its count."""

    shelf = models.TextField(db_collation="C")
    count = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.count:+} {self.shelf}"


def shelf(locale: str, type: str = "", name: str = "", value: str = "") -> str:
    """The name of a shelf. Without a type, of what lists show that ask for none."""
    return f"{locale}/{type}/{name}={value}" if name else f"{locale}/{type}"


def in_section(section: str, name: str) -> str:
    """The name by which content of one section is shelved once more, among what lists show."""
    return f"in/{section}/{name}"


def settle() -> int:
    """Add to the counts what has changed. Returns how many changes there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SETTLING])
        cursor.execute(
            """
            WITH settled AS (DELETE FROM api_shelfchange RETURNING shelf, count)
            INSERT INTO api_shelf (shelf, kind, count)
            SELECT shelf, split_part(shelf, '=', 1), sum(count) FROM settled GROUP BY shelf
            ON CONFLICT (shelf) DO UPDATE SET count = api_shelf.count + excluded.count
            """
        )
        settled = int(cursor.rowcount)
        cursor.execute("DELETE FROM api_shelf WHERE count = 0")
        return settled


#: Changed shelves count with their changes; of the others the fullest are enough, and as many more as may fall behind.
_FULLEST = """
WITH changed AS (
    SELECT shelf, sum(count) AS count FROM api_shelfchange GROUP BY shelf HAVING split_part(shelf, '=', 1) = %(kind)s
), candidates AS (
    (SELECT shelf FROM api_shelf WHERE kind = %(kind)s
     ORDER BY count DESC LIMIT %(most)s::bigint + (SELECT count(*) FROM changed))
    UNION SELECT shelf FROM changed
), kinds AS (
    SELECT %(kind)s AS kind, 1 AS sign UNION ALL SELECT unnest(%(hidden)s::text[]), -1
), counted AS (
    SELECT substr(candidates.shelf, length(%(kind)s) + 2) AS value,
        sum(kinds.sign * (coalesce(kept.count, 0) + coalesce(moved.count, 0))) AS count
    FROM candidates CROSS JOIN kinds
    CROSS JOIN LATERAL (SELECT kinds.kind || substr(candidates.shelf, length(%(kind)s) + 1) AS shelf) named
    LEFT JOIN api_shelf kept ON kept.shelf = named.shelf
    LEFT JOIN LATERAL (SELECT sum(count) AS count FROM api_shelfchange c WHERE c.shelf = named.shelf) moved ON true
    GROUP BY candidates.shelf
)
SELECT value, count::bigint FROM counted WHERE count > 0 ORDER BY count DESC, value LIMIT %(most)s
"""


def fullest(locale: str, name: str, *, hidden: Iterable[str] = (), most: int = 10_000) -> dict[str, int]:
    """How many publications lists show for each value of this name, the fullest first. One statement.

    ``hidden`` are types that lists would show, and that nobody sees now. At most ``most`` values.
    """
    kinds = [f"{locale}/{type}/{name}" for type in hidden]
    asked = {"kind": f"{locale}//{name}", "hidden": kinds, "most": most}
    return {str(value): int(count) for value, count in fetch(_FULLEST, asked)}
