"""What pages say no longer: which words the vocabulary may have to forget."""

import django.contrib.postgres.fields
from django.db import migrations, models

# Whoever reads the page for the vocabulary holds its line in api_searchunread until all its words are there. That one
# is waited for: a word that it is about to add would be noted by nobody. And who comes later leaves a held line alone.
# Forms have letters and digits only, so nothing but words is found among lexemes, which have a sign before them.
_NOTED = """
CREATE FUNCTION ostriv_words_struck() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    struck text[];
    found bigint[];
BEGIN
    PERFORM FROM api_searchunread WHERE page_id = OLD.page_id FOR UPDATE;
    IF TG_OP = 'UPDATE' AND NEW.locale = OLD.locale THEN
        struck := tsvector_to_array(ts_delete(OLD.vector, tsvector_to_array(NEW.vector)));
    ELSE
        struck := tsvector_to_array(OLD.vector);
    END IF;
    found := ARRAY(
        SELECT word.id FROM api_searchword word
        WHERE word.locale = OLD.locale
            AND word.form = ANY (ARRAY(SELECT DISTINCT ltrim(lexeme, '=') FROM unnest(struck) AS lexeme))
    );
    IF cardinality(found) > 0 THEN
        INSERT INTO api_searchstruck (words) VALUES (found);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER words_struck AFTER DELETE ON api_searchentry
    FOR EACH ROW EXECUTE FUNCTION ostriv_words_struck();
CREATE TRIGGER words_struck_out AFTER UPDATE OF vector, locale ON api_searchentry
    FOR EACH ROW WHEN (OLD.vector IS DISTINCT FROM NEW.vector OR OLD.locale <> NEW.locale)
    EXECUTE FUNCTION ostriv_words_struck();
"""
_NOTED_GONE = """
DROP TRIGGER words_struck_out ON api_searchentry;
DROP TRIGGER words_struck ON api_searchentry;
DROP FUNCTION ostriv_words_struck();
"""

# For one entry of any number the planner would rather read entries until one fits, which for a word that nobody has
# is to read them all: so it has the index of vectors alone.
_HELD = """
CREATE FUNCTION ostriv_word_stands(of_locale text, asked tsquery) RETURNS boolean LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = off SET plan_cache_mode = force_generic_plan
SET max_parallel_workers_per_gather = 0 AS $$
BEGIN
    RETURN EXISTS (SELECT FROM api_searchentry entry WHERE entry.vector @@ asked AND entry.locale = of_locale);
END $$;
"""
_HELD_GONE = "DROP FUNCTION ostriv_word_stands(text, tsquery)"


class Migration(migrations.Migration):
    dependencies = [("api", "0012_search_apart")]

    operations = [
        migrations.CreateModel(
            name="SearchStruck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
            ],
        ),
        migrations.RunSQL(_NOTED, _NOTED_GONE),
        migrations.RunSQL(_HELD, _HELD_GONE),
    ]
