import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("api", "0002_publication_stale")]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="keys",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="moment",
            field=models.DateTimeField(null=True),
        ),
    ]
