"""Search: entries, the vocabulary, and the function that finds the newest matches."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Left

# An entry goes with its publication, whoever deletes that; what a worker has not read goes with the entry.
_BELONGING = """
ALTER TABLE api_searchentry ADD CONSTRAINT api_searchentry_page
    FOREIGN KEY (page_id) REFERENCES api_publication (page_id) ON DELETE CASCADE;
ALTER TABLE api_searchunread ADD CONSTRAINT api_searchunread_page
    FOREIGN KEY (page_id) REFERENCES api_searchentry (page_id) ON DELETE CASCADE;
"""
_BELONGING_GONE = """
ALTER TABLE api_searchunread DROP CONSTRAINT api_searchunread_page;
ALTER TABLE api_searchentry DROP CONSTRAINT api_searchentry_page;
"""

# The newest matches of a question (with `backward` the oldest after a place), looked for in one stretch of time after
# the other, and no further than it takes. A stretch has lexemes of its days, months or years, so that the index is
# read only where both are. The planner can't know how wide a question's words are, and a scan of the table reads
# every vector from its compressed place: so it has the index alone, and plans once.
_FIND = """
CREATE FUNCTION ostriv_search(
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
                WHERE entry.vector @@ (asked && stretches[i])
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
                WHERE entry.vector @@ (asked && stretches[i])
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
_FIND_GONE = """
DROP FUNCTION ostriv_search(
    tsquery, tsquery[], timestamptz[], timestamptz[], text[], boolean, integer, boolean, timestamptz, bigint, boolean
);
"""

# Entries change with publications, and also later, when a worker makes those of old publications.
_TRIGGERS = [
    (
        f"""
        CREATE TRIGGER shown_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION ostriv_tags_changed('search')
        """,
        f"DROP TRIGGER shown_changed ON {table}",
    )
    for table in ("api_searchentry", "api_searchword")
]


class Migration(migrations.Migration):
    dependencies = [("api", "0005_changes")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "page",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="api.publication",
                    ),
                ),
                ("published_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("year", models.SmallIntegerField()),
                ("rules", models.SmallIntegerField()),
                ("listed", models.BooleanField()),
                ("type", models.CharField(max_length=60)),
                ("locale", models.CharField(max_length=20)),
                ("section", models.CharField(blank=True, max_length=200)),
                ("head", django.contrib.postgres.search.SearchVectorField()),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["vector"], gin_pending_list_limit=256, name="search_vector"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchUnread",
            fields=[("page_id", models.BigIntegerField(primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="SearchSpan",
            fields=[
                ("locale", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("months", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("locale", models.CharField(max_length=20)),
                ("form", models.CharField(db_collation="C", max_length=60)),
                ("frequency", models.IntegerField()),
                ("weight", models.SmallIntegerField()),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("locale"),
                        Left("form", 2),
                        models.OrderBy(models.F("weight"), descending=True),
                        name="search_word_begins",
                    ),
                    models.Index(
                        models.F("locale"),
                        Left("form", 4),
                        models.OrderBy(models.F("weight"), descending=True),
                        name="search_word_begins_long",
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="search_word_keys"),
                ],
                "constraints": [models.UniqueConstraint(fields=("locale", "form"), name="search_word_once")],
            },
        ),
        migrations.RunSQL(_BELONGING, _BELONGING_GONE),
        migrations.RunSQL(_FIND, _FIND_GONE),
        *[migrations.RunSQL(forward, backward) for forward, backward in _TRIGGERS],
    ]
