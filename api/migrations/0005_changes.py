"""The log of changes, and the database telling web processes what their answers no longer show."""

import django.utils.timezone
from django.db import migrations, models

#: Which tags of answers end with a change of which table.
_SHOWN = {
    "content_section": "sections",
    "content_author": "authors",
    "content_tag": "tags",
    "content_newsroomsettings": "site",
    "content_newsroomtext": "site",
    "content_newsroomimage": "site authors",
    "wagtailcore_site": "site redirects",
    "wagtailcore_locale": "everything",
    "wagtailredirects_redirect": "redirects",
    "registry_pluginstate": "everything",
    "campaigns_campaign": "campaigns",
    "campaigns_progress": "campaigns",
    "newsletters_newsletter": "newsletters",
    "newsletters_dispatch": "newsletters",
}

_FUNCTIONS = """
CREATE FUNCTION ostriv_tags_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('ostriv_changed', TG_ARGV[0]);
    RETURN NULL;
END $$;

-- A rewrite that changes nothing that readers see is no change.
CREATE FUNCTION ostriv_shown(of_page api_publication) RETURNS record LANGUAGE sql IMMUTABLE AS $$
    SELECT ROW(of_page.type, of_page.locale, of_page.slug, of_page.path, of_page.translation_key, of_page.listed,
               of_page.section, of_page.authors, of_page.tags, of_page.published_at, of_page.updated_at,
               of_page.expires_at, of_page.teaser, of_page.detail, of_page.keys, of_page.moment)
$$;

CREATE FUNCTION ostriv_publication_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    shown api_publication;
    kind text;
    shown_before text := '';
BEGIN
    IF TG_OP = 'UPDATE' AND ostriv_shown(OLD) IS NOT DISTINCT FROM ostriv_shown(NEW) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' THEN
        shown := OLD; kind := 'unpublish';
    ELSIF TG_OP = 'UPDATE' THEN
        shown := NEW; kind := 'update';
        IF OLD.translation_key <> NEW.translation_key THEN
            shown_before := ' translation-' || OLD.translation_key;
        END IF;
    ELSE
        shown := NEW; kind := 'publish';
    END IF;
    INSERT INTO api_change (page_id, kind, type, locale, slug, path, translation_key, at)
    VALUES (shown.page_id, kind, shown.type, shown.locale, shown.slug, shown.path, shown.translation_key,
            clock_timestamp());
    PERFORM pg_notify('ostriv_changed', 'page-' || shown.page_id || ' translation-' || shown.translation_key
                                        || shown_before || ' content');
    RETURN NULL;
END $$;

CREATE FUNCTION ostriv_page_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO api_change (page_id, kind, type, locale, slug, path, translation_key, at)
    SELECT page_id, 'delete', type, locale, slug, path, translation_key, clock_timestamp()
    FROM api_change WHERE page_id = OLD.id ORDER BY id DESC LIMIT 1;
    IF FOUND THEN  -- also of a page that was no longer public: the list of changes is another one now
        PERFORM pg_notify('ostriv_changed', 'content');
    END IF;
    RETURN NULL;
END $$;

-- The columns of ostriv_shown: to mark half a million rows as stale must not compare as many documents.
CREATE TRIGGER publication_changed AFTER INSERT OR DELETE OR UPDATE OF
        type, locale, slug, path, translation_key, listed, section, authors, tags, published_at, updated_at,
        expires_at, teaser, detail, keys, moment ON api_publication
    FOR EACH ROW EXECUTE FUNCTION ostriv_publication_changed();
CREATE TRIGGER publications_emptied AFTER TRUNCATE ON api_publication
    FOR EACH STATEMENT EXECUTE FUNCTION ostriv_tags_changed('everything');
CREATE TRIGGER page_deleted AFTER DELETE ON wagtailcore_page
    FOR EACH ROW EXECUTE FUNCTION ostriv_page_deleted();
"""

_FUNCTIONS_GONE = """
DROP TRIGGER page_deleted ON wagtailcore_page;
DROP TRIGGER publications_emptied ON api_publication;
DROP TRIGGER publication_changed ON api_publication;
DROP FUNCTION ostriv_page_deleted();
DROP FUNCTION ostriv_publication_changed();
DROP FUNCTION ostriv_shown(api_publication);
DROP FUNCTION ostriv_tags_changed();
"""

_TRIGGERS = [
    (
        f"""
        CREATE TRIGGER shown_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION ostriv_tags_changed('{tags}')
        """,
        f"DROP TRIGGER shown_changed ON {table}",
    )
    for table, tags in _SHOWN.items()
]

#: Whoever publishes between the history and the triggers would be in neither: editors wait. In the order in which they
#: lock, and not for long: one who doesn't let go fails the migration, which can be run again.
_NOBODY_PUBLISHES = """
SET LOCAL lock_timeout = '10s';
LOCK TABLE wagtailcore_page, api_publication IN SHARE ROW EXCLUSIVE MODE
"""

#: What was public before there was a log: a follower who begins at its beginning has everything.
_HISTORY = """
INSERT INTO api_change (position, page_id, kind, type, locale, slug, path, translation_key, at)
SELECT nextval('api_change_position'), page_id, 'publish', type, locale, slug, path, translation_key, updated_at
FROM (SELECT * FROM api_publication ORDER BY published_at, page_id) AS public
"""


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0004_plugin_key_indexes"),
        ("campaigns", "0004_forgetting"),
        ("content", "0002_newsroom"),
        ("newsletters", "0002_marketing"),
        ("registry", "0001_initial"),
        ("wagtailcore", "0053_locale_model"),
        ("wagtailredirects", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(_NOBODY_PUBLISHES, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.BigIntegerField(null=True, unique=True)),
                ("page_id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("publish", "published"),
                            ("update", "updated"),
                            ("unpublish", "unpublished"),
                            ("delete", "deleted"),
                        ],
                        max_length=10,
                    ),
                ),
                ("type", models.CharField(max_length=60)),
                ("locale", models.CharField(max_length=20)),
                ("slug", models.CharField(max_length=255)),
                ("path", models.TextField()),
                ("translation_key", models.UUIDField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("position__isnull", True)), fields=["id"], name="change_to_arrange"
                    ),
                    models.Index(fields=["page_id", "-id"], name="change_of_page"),
                ],
            },
        ),
        migrations.RunSQL("CREATE SEQUENCE api_change_position", "DROP SEQUENCE api_change_position"),
        migrations.RunSQL(_HISTORY, migrations.RunSQL.noop),
        migrations.RunSQL(_FUNCTIONS, _FUNCTIONS_GONE),
        *[migrations.RunSQL(forward, backward) for forward, backward in _TRIGGERS],
    ]
