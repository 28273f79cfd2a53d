"""The ids that an import has come across, in a temporary table of its session: a file may have millions."""

from collections.abc import Collection, Sequence

from django.db import connection

from cms.content.importing.plan import Known
from cms.content.importing.preparing import Prepared
from cms.content.types import content_types


class Seen:
    """The ids of one run: in which line each stood first, and in a dry run the pages that would be there by now."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE IF NOT EXISTS import_seen"
                " (id text PRIMARY KEY, line integer NOT NULL, type text, locale text)"
            )
            cursor.execute("TRUNCATE import_seen")

    def add(self, batch: Sequence[Prepared]) -> dict[str, int]:
        """The number of the first line of each id of this batch, in it or before it."""
        if not batch:
            return {}
        ids = [prepared.item.id for prepared in batch]
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO import_seen (id, line) SELECT DISTINCT ON (id) id, line"
                " FROM unnest(%s::text[], %s::int[]) AS given (id, line)"
                " ORDER BY id, line ON CONFLICT (id) DO NOTHING",
                [ids, [prepared.line for prepared in batch]],
            )
            if cursor.rowcount == len(batch):
                return {prepared.item.id: prepared.line for prepared in batch}
            cursor.execute("SELECT id, line FROM import_seen WHERE id = ANY(%s)", [ids])
            return dict(cursor.fetchall())

    def would_create(self, planned: Sequence[Prepared]) -> None:
        """Remember that a dry run would have made pages of these items: later lines may refer to them."""
        items = [prepared.item for prepared in planned]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE import_seen SET type = given.type, locale = given.locale"
                " FROM unnest(%s::text[], %s::text[], %s::text[]) AS given (id, type, locale)"
                " WHERE import_seen.id = given.id",
                [
                    [item.id for item in items],
                    [item.model.get_type_name() for item in items],
                    [item.locale for item in items],
                ],
            )

    def planned(self, ids: Collection[str]) -> dict[str, Known]:
        """Those of these ids that ``would_create`` was told of."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, type, locale FROM import_seen WHERE id = ANY(%s) AND type IS NOT NULL", [list(ids)]
            )
            types = content_types()
            return {import_id: Known(0, types[name], code) for import_id, name, code in cursor.fetchall()}
