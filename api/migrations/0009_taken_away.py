"""Finding when something was last taken away, which feeds tell."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Editors go on publishing while a long log is indexed.
    atomic = False

    dependencies = [("api", "0008_list_indexes")]

    operations = [
        AddIndexConcurrently(
            model_name="change",
            index=models.Index(
                fields=["locale", "-id"],
                name="change_taken_away",
                condition=models.Q(kind__in=["unpublish", "delete"]),
            ),
        ),
    ]
