"""Search looks back in steps that are as long as what was found by then makes likely to be enough."""

from importlib import import_module

from django.db import migrations

_BEFORE = import_module("api.migrations.0012_search_apart")

_DROP_OLD = """
DROP FUNCTION ostriv_search(
    tsquery, tsquery[], timestamptz[], timestamptz[], text[], boolean, integer, boolean, timestamptz, bigint, boolean
);
"""
_DROP_NEW = """
DROP FUNCTION ostriv_search(
    tsquery, tsquery[], timestamptz[], timestamptz[], text[], boolean, integer, boolean, timestamptz, bigint, boolean,
    integer[]
);
"""
_ENTRIES = """
                SELECT entry.page_id::bigint, entry.published_at, entry.type, entry.section, entry.year,
                    CASE WHEN ranked THEN entry.head END
                FROM api_searchentry entry
                WHERE entry.vector @@ asked AND entry.vector @@ stretch
                    AND CASE WHEN early > late THEN entry.published_at < late OR entry.published_at >= early
                        ELSE entry.published_at >= early AND entry.published_at < late END
                    AND (BEYOND)
                    AND (entry.expires_at IS NULL OR entry.expires_at > now())
                    AND (entry.listed OR unlisted) AND entry.type <> ALL (hidden)
                ORDER BY ORDERED LIMIT missing;
"""
_NEWEST = _ENTRIES.replace(
    "BEYOND", "beyond IS NULL OR (entry.published_at, entry.page_id) < (beyond, beyond_page)"
).replace("ORDERED", "entry.published_at DESC, entry.page_id DESC")
_OLDEST = _ENTRIES.replace("BEYOND", "(entry.published_at, entry.page_id) > (beyond, beyond_page)").replace(
    "ORDERED", "entry.published_at, entry.page_id"
)
# As migration 0012 made it, and besides: `pages` says how many each stretch has, so that several are taken together.
# A stretch that begins after its end is everything but what is between; all that is left is taken at once, by the
# lexeme of that one, where half of it is needed anyway. What is newer than a place is not looked at.
_FIND = """
CREATE FUNCTION ostriv_search(
    asked tsquery, stretches tsquery[], begins timestamptz[], ends timestamptz[], hidden text[], unlisted boolean,
    wanted integer, ranked boolean, beyond timestamptz DEFAULT NULL, beyond_page bigint DEFAULT NULL,
    backward boolean DEFAULT false, pages integer[] DEFAULT NULL
) RETURNS TABLE (page bigint, at timestamptz, type varchar, section varchar, year smallint, head tsvector)
LANGUAGE plpgsql STABLE ROWS 100
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    behind integer := cardinality(stretches);
    missing integer := wanted;
    found integer;
    first integer := 1;
    last integer;
    stretch tsquery;
    early timestamptz;
    late timestamptz;
    seen integer := 0;
    unseen integer := (SELECT sum(each) FROM unnest(pages) each);
    taken integer;
    enough float8 := 0;
BEGIN
    WHILE missing > 0 AND first <= behind LOOP
        taken := coalesce(pages[first], 0);
        IF NOT backward AND begins[first] < ends[first] AND begins[first] > beyond THEN
            unseen := unseen - taken;
            first := first + 1;
            CONTINUE;
        END IF;
        last := first;
        stretch := stretches[first];
        IF begins[behind] > ends[behind] AND enough > unseen / 2 THEN
            last := behind;
            stretch := stretches[behind];
            early := begins[behind];
            late := ends[first];
        ELSE
            WHILE taken > 0 AND taken < least(enough, 8 * seen) AND pages[last + 1] > 0 LOOP
                last := last + 1;
                stretch := stretch || stretches[last];
                taken := taken + pages[last];
            END LOOP;
            early := CASE WHEN backward THEN begins[first] ELSE begins[last] END;
            late := CASE WHEN backward THEN ends[last] ELSE ends[first] END;
        END IF;
        IF backward THEN
            RETURN QUERY OLDEST
        ELSE
            RETURN QUERY NEWEST
        END IF;
        GET DIAGNOSTICS found = ROW_COUNT;
        missing := missing - found;
        seen := seen + taken;
        unseen := unseen - taken;
        -- So many pages more are likely to hold what is missing. From nothing in a few little can be told.
        enough := CASE WHEN missing < wanted THEN 1.25 * seen * missing / (wanted - missing)
            WHEN seen < 1000 THEN 8 * seen ELSE 'infinity' END;
        first := last + 1;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0013_words_struck")]

    operations = [
        migrations.RunSQL(
            _DROP_OLD + _FIND.replace("OLDEST", _OLDEST.strip()).replace("NEWEST", _NEWEST.strip()),
            _DROP_NEW + _BEFORE._FIND.replace("MATCHES", _BEFORE._APART).replace("CREATE OR REPLACE", "CREATE"),
        )
    ]
