"""What entries replaced: the publications' own vector and its index."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations

# The column stays until the release after this one, plain and empty for new rows: processes of the release before
# still read it while they are replaced. To take its expression away changes the catalogue only.
_KEPT = "ALTER TABLE api_publication ALTER COLUMN search DROP EXPRESSION IF EXISTS"
_MADE_ANEW = """
ALTER TABLE api_publication DROP COLUMN search;
ALTER TABLE api_publication ADD COLUMN search tsvector
    GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, COALESCE(search_text, ''))) STORED;
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("api", "0009_taken_away")]

    operations = [
        RemoveIndexConcurrently(model_name="publication", name="publication_search"),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="publication", name="search")],
            database_operations=[migrations.RunSQL(_KEPT, _MADE_ANEW)],
        ),
    ]
