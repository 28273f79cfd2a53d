from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [migrations.AddField("pluginstate", "purged_at", models.DateTimeField(null=True))]
