from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Readers and editors go on while a table of half a million rows is indexed.
    atomic = False

    dependencies = [("api", "0007_shelves")]

    operations = [
        AddIndexConcurrently(
            model_name="publication",
            index=models.Index(
                models.F("locale"),
                models.F("type"),
                models.OrderBy(models.F("updated_at"), descending=True),
                models.OrderBy(models.F("page"), descending=True),
                name="publication_updated",
            ),
        ),
        AddIndexConcurrently(
            model_name="publication",
            index=models.Index(
                models.F("locale"),
                models.OrderBy(models.F("updated_at"), descending=True),
                models.OrderBy(models.F("page"), descending=True),
                name="publication_updated_any",
            ),
        ),
        AddIndexConcurrently(
            model_name="publication",
            index=models.Index(
                fields=["expires_at"], name="publication_expiry", condition=models.Q(expires_at__isnull=False)
            ),
        ),
    ]
