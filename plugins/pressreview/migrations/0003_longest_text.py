from django.core.validators import MaxLengthValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pressreview", "0002_piece_language_and_archive"),
    ]

    operations = [
        migrations.AlterField(
            model_name="citedpiece",
            name="comment",
            field=models.TextField(
                blank=True, validators=[MaxLengthValidator(5000)], verbose_name="reviewer's comment"
            ),
        ),
        migrations.AlterField(
            model_name="citedpiece",
            name="quote",
            field=models.TextField(blank=True, validators=[MaxLengthValidator(5000)], verbose_name="quote"),
        ),
    ]
