"""What a CDN is still to be told: raised tags are written down, beside being called out."""

import django.utils.timezone
from django.db import migrations, models

_WRITTEN_DOWN = """
CREATE OR REPLACE FUNCTION ostriv_tags_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('ostriv_changed', TG_ARGV[0]);
    IF TG_OP <> 'TRUNCATE' THEN
        INSERT INTO api_raisedtags (tags, at) VALUES (TG_ARGV[0], clock_timestamp());
    END IF;
    RETURN NULL;
END $$
"""

_CALLED_OUT = """
CREATE OR REPLACE FUNCTION ostriv_tags_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('ostriv_changed', TG_ARGV[0]);
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0010_search_moved")]

    operations = [
        migrations.CreateModel(
            name="PurgeState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.BigIntegerField(default=0)),
                ("mark", models.BigIntegerField(default=0)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_error", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="RaisedTags",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tags", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RunSQL(_WRITTEN_DOWN, _CALLED_OUT),
    ]
