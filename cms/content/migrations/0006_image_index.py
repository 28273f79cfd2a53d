from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Editors go on uploading while the table is indexed.
    atomic = False

    dependencies = [("content", "0005_outbox_bulk")]

    operations = [
        AddIndexConcurrently(
            model_name="newsroomimage",
            index=models.Index(fields=["renditions_version"], name="image_renditions_version"),
        ),
    ]
