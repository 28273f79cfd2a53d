"""What lists of content are asked for, in the order of lists, kept by the database; and how much there is of each."""

from django.db import migrations, models

_FUNCTIONS = """
CREATE FUNCTION ostriv_shelves(of_page api_publication) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    WITH named AS (
        SELECT 'author=' || author AS name FROM unnest(of_page.authors) AS author
        UNION SELECT 'tag=' || tag FROM unnest(of_page.tags) AS tag
        UNION SELECT key FROM unnest(of_page.keys) AS key WHERE key NOT LIKE 'block=%'
    ), every AS (
        SELECT '' AS name
        UNION ALL SELECT '/section=' || of_page.section WHERE of_page.section <> ''
        UNION ALL SELECT '/' || name FROM named
    )
    SELECT of_page.locale || '/' || of_page.type || name FROM every
    UNION ALL SELECT of_page.locale || '/' || name FROM every WHERE of_page.listed
    UNION ALL SELECT of_page.locale || '//in/' || of_page.section || '/' || name
              FROM named WHERE of_page.listed AND of_page.section <> ''
$$;

CREATE FUNCTION ostriv_shelve_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO api_filing (shelf, published_at, page_id)
    SELECT shelf, page.published_at, page.page_id
    FROM new_rows AS page, ostriv_shelves(page::api_publication) AS shelf
    ON CONFLICT DO NOTHING;
    INSERT INTO api_shelfchange (shelf, count)
    SELECT shelf, count(*) FROM new_rows AS page, ostriv_shelves(page::api_publication) AS shelf GROUP BY shelf;
    RETURN NULL;
END $$;

CREATE FUNCTION ostriv_shelve_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    page record;
BEGIN
    -- One page at a time: each is a few steps in an index, whatever the planner thinks of many.
    FOR page IN
        SELECT gone.page_id, gone.published_at, ARRAY(SELECT ostriv_shelves(gone::api_publication)) AS shelves
        FROM old_rows AS gone
    LOOP
        DELETE FROM api_filing
        WHERE shelf = ANY(page.shelves) AND published_at = page.published_at AND page_id = page.page_id;
    END LOOP;
    INSERT INTO api_shelfchange (shelf, count)
    SELECT shelf, -count(*) FROM old_rows AS gone, ostriv_shelves(gone::api_publication) AS shelf GROUP BY shelf;
    RETURN NULL;
END $$;

CREATE FUNCTION ostriv_shelve_updated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    page record;
BEGIN
    FOR page IN
        SELECT * FROM (
            SELECT page_id, before.published_at AS was_at, after.published_at AS is_at,
                   ARRAY(SELECT ostriv_shelves(before::api_publication) ORDER BY 1) AS was_on,
                   ARRAY(SELECT ostriv_shelves(after::api_publication) ORDER BY 1) AS is_on
            FROM old_rows AS before JOIN new_rows AS after USING (page_id)
            -- What shelves are made of: they are made for the few pages of which it has changed.
            WHERE (before.locale, before.type, before.listed, before.section, before.authors, before.tags, before.keys,
                   before.published_at)
                IS DISTINCT FROM
                  (after.locale, after.type, after.listed, after.section, after.authors, after.tags, after.keys,
                   after.published_at)
        ) AS pair WHERE (was_at, was_on) IS DISTINCT FROM (is_at, is_on)
    LOOP
        DELETE FROM api_filing
        WHERE shelf = ANY(page.was_on) AND published_at = page.was_at AND page_id = page.page_id;
        INSERT INTO api_filing (shelf, published_at, page_id)
        SELECT shelf, page.is_at, page.page_id FROM unnest(page.is_on) AS shelf;
        INSERT INTO api_shelfchange (shelf, count)
        SELECT shelf, sum(n) FROM (
            SELECT unnest(page.is_on) AS shelf, 1 AS n UNION ALL SELECT unnest(page.was_on), -1
        ) AS moved GROUP BY shelf HAVING sum(n) <> 0;
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION ostriv_shelve_none() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE api_filing, api_shelf, api_shelfchange;
    RETURN NULL;
END $$;
"""

_FUNCTIONS_GONE = """
DROP FUNCTION ostriv_shelve_none();
DROP FUNCTION ostriv_shelve_updated();
DROP FUNCTION ostriv_shelve_deleted();
DROP FUNCTION ostriv_shelve_inserted();
DROP FUNCTION ostriv_shelves(api_publication);
"""

#: What is public already. Readers go on meanwhile; whoever publishes waits, about a minute at half a million pages.
_WHAT_IS_THERE = """
LOCK TABLE api_publication IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO api_filing (shelf, published_at, page_id)
SELECT shelf, page.published_at, page.page_id FROM api_publication AS page, ostriv_shelves(page) AS shelf
ORDER BY shelf, page.published_at, page.page_id;
INSERT INTO api_shelf (shelf, kind, count)
SELECT shelf, split_part(shelf, '=', 1), count(*) FROM api_filing GROUP BY shelf;
"""

_TRIGGERS = """
CREATE TRIGGER shelve_inserted AFTER INSERT ON api_publication REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION ostriv_shelve_inserted();
CREATE TRIGGER shelve_updated AFTER UPDATE ON api_publication REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION ostriv_shelve_updated();
CREATE TRIGGER shelve_deleted AFTER DELETE ON api_publication REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION ostriv_shelve_deleted();
CREATE TRIGGER shelve_none AFTER TRUNCATE ON api_publication
    FOR EACH STATEMENT EXECUTE FUNCTION ostriv_shelve_none();
"""

_TRIGGERS_GONE = """
DROP TRIGGER shelve_none ON api_publication;
DROP TRIGGER shelve_deleted ON api_publication;
DROP TRIGGER shelve_updated ON api_publication;
DROP TRIGGER shelve_inserted ON api_publication;
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0006_search")]

    operations = [
        migrations.CreateModel(
            name="Filing",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shelf",
                        "published_at",
                        "page_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shelf", models.TextField(db_collation="C")),
                ("published_at", models.DateTimeField()),
                ("page_id", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Shelf",
            fields=[
                ("shelf", models.TextField(db_collation="C", primary_key=True, serialize=False)),
                ("kind", models.TextField(db_collation="C")),
                ("count", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("kind"), models.OrderBy(models.F("count"), descending=True), name="shelf_fullest"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShelfChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shelf", models.TextField(db_collation="C")),
                ("count", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(_FUNCTIONS, _FUNCTIONS_GONE),
        migrations.RunSQL(_WHAT_IS_THERE, migrations.RunSQL.noop),
        migrations.RunSQL(_TRIGGERS, _TRIGGERS_GONE),
    ]
