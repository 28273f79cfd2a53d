import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Readers and editors go on while a table of half a million rows is indexed.
    atomic = False

    dependencies = [("api", "0003_plugin_keys")]

    operations = [
        AddIndexConcurrently(
            model_name="publication",
            index=django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="publication_keys"),
        ),
        AddIndexConcurrently(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("moment__isnull", False)), fields=["type", "moment"], name="publication_moment"
            ),
        ),
        AddIndexConcurrently(
            model_name="publication",
            index=models.Index(
                fields=["locale", "page"], include=["type", "updated_at", "expires_at"], name="publication_sitemap"
            ),
        ),
    ]
