"""Newsrooms choose whether their feeds hold whole texts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0003_front_and_images"),
    ]

    operations = [
        migrations.AddField(
            model_name="newsroomsettings",
            name="feeds_full_text",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Whole texts instead of ledes: readers then need not come to your site for the rest.",
                verbose_name="full text in feeds",
            ),
        ),
    ]
