"""Search asks the index for words and for time apart, and finds nothing pending in it."""

import django.contrib.postgres.indexes
from django.db import migrations

# As migration 0006 made it, but for the condition. An index of lexemes reads all that may answer a question: of one
# that names many days that is the union of these days, of two it is what answers the rarer one.
_FIND = """
CREATE OR REPLACE FUNCTION ostriv_search(
    asked tsquery, stretches tsquery[], begins timestamptz[], ends timestamptz[], hidden text[], unlisted boolean,
    wanted integer, ranked boolean, beyond timestamptz DEFAULT NULL, beyond_page bigint DEFAULT NULL, backward boolean DEFAULT false
) RETURNS TABLE (page bigint, at timestamptz, type varchar, section varchar, year smallint, head tsvector)
LANGUAGE plpgsql STABLE ROWS 100
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    missing integer := wanted;
    found integer;
BEGIN
    FOR i IN 1 .. cardinality(stretches) LOOP
        IF backward THEN
            RETURN QUERY
                SELECT entry.page_id::bigint, entry.published_at, entry.type, entry.section, entry.year,
                    CASE WHEN ranked THEN entry.head END
                FROM api_searchentry entry
                WHERE MATCHES
                    AND entry.published_at >= begins[i] AND entry.published_at < ends[i]
                    AND (entry.published_at, entry.page_id) > (beyond, beyond_page)
                    AND (entry.expires_at IS NULL OR entry.expires_at > now())
                    AND (entry.listed OR unlisted) AND entry.type <> ALL (hidden)
                ORDER BY entry.published_at, entry.page_id LIMIT missing;
        ELSE
            RETURN QUERY
                SELECT entry.page_id::bigint, entry.published_at, entry.type, entry.section, entry.year,
                    CASE WHEN ranked THEN entry.head END
                FROM api_searchentry entry
                WHERE MATCHES
                    AND entry.published_at >= begins[i] AND entry.published_at < ends[i]
                    AND (beyond IS NULL OR (entry.published_at, entry.page_id) < (beyond, beyond_page))
                    AND (entry.expires_at IS NULL OR entry.expires_at > now())
                    AND (entry.listed OR unlisted) AND entry.type <> ALL (hidden)
                ORDER BY entry.published_at DESC, entry.page_id DESC LIMIT missing;
        END IF;
        GET DIAGNOSTICS found = ROW_COUNT;
        missing := missing - found;
        EXIT WHEN missing <= 0;
    END LOOP;
END $$;
"""
_APART = "entry.vector @@ asked AND entry.vector @@ stretches[i]"
_TOGETHER = "entry.vector @@ (asked && stretches[i])"

# What was written and is not in the index yet is read by every search, once for each stretch of time: 200 KB of it
# took longer than all the rest. To write it into the index at once takes as long as to do so later.
_NOTHING_PENDING = """
ALTER INDEX search_vector SET (fastupdate = off);
ALTER INDEX search_vector RESET (gin_pending_list_limit);
SELECT gin_clean_pending_list('search_vector');
"""
_PENDING = """
ALTER INDEX search_vector SET (gin_pending_list_limit = 256);
ALTER INDEX search_vector RESET (fastupdate);
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0011_purging")]

    operations = [
        migrations.RunSQL(_FIND.replace("MATCHES", _APART), _FIND.replace("MATCHES", _TOGETHER)),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name="searchentry", name="search_vector"),
                migrations.AddIndex(
                    model_name="searchentry",
                    index=django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["vector"], name="search_vector"
                    ),
                ),
            ],
            database_operations=[migrations.RunSQL(_NOTHING_PENDING, _PENDING)],
        ),
    ]
