"""Slots and pins of the front page that stand for a time, and what is known of a picture."""

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import wagtail.images.models
from django.conf import settings
from django.db import migrations, models

import cms.content.models.images


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0002_newsroom"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FrontPin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "shown_from",
                    models.DateTimeField(
                        blank=True,
                        help_text="Left empty, it begins as soon as this front page is published.",
                        null=True,
                        verbose_name="from",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="1 is the first of the list.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="place",
                    ),
                ),
                (
                    "shown_until",
                    models.DateTimeField(
                        help_text="A pin always ends: one that is forgotten would bury the news.", verbose_name="until"
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="frontslot",
            name="fallback",
            field=models.ForeignKey(
                blank=True,
                help_text="Stands here while the content is not public. Left empty, the next slot moves up.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="content.contentpage",
                verbose_name="stand-in",
            ),
        ),
        migrations.AddField(
            model_name="frontslot",
            name="shown_from",
            field=models.DateTimeField(
                blank=True,
                help_text="Left empty, it begins as soon as this front page is published.",
                null=True,
                verbose_name="from",
            ),
        ),
        migrations.AddField(
            model_name="frontslot",
            name="shown_until",
            field=models.DateTimeField(
                blank=True, help_text="Left empty, it stays until you take it away.", null=True, verbose_name="until"
            ),
        ),
        migrations.AddField(
            model_name="newsroomimage",
            name="color",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=7),
        ),
        migrations.AddField(
            model_name="newsroomimage",
            name="renditions_version",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="frontslot",
            name="page",
            field=models.ForeignKey(
                help_text="It may be a draft with a schedule: the slot is its own from the second in which it is published.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="content.contentpage",
                verbose_name="content",
            ),
        ),
        migrations.AlterField(
            model_name="newsroomimage",
            name="file",
            field=cms.content.models.images.UprightImageField(
                height_field="height",
                upload_to=wagtail.images.models.get_upload_to,
                verbose_name="file",
                width_field="width",
            ),
        ),
        migrations.AddConstraint(
            model_name="frontslot",
            constraint=models.CheckConstraint(
                condition=models.Q(("shown_from__lt", models.F("shown_until"))),
                name="frontslot_begins_before_it_ends",
                violation_error_message="It has to begin before it ends.",
            ),
        ),
        migrations.AddField(
            model_name="frontpin",
            name="front",
            field=modelcluster.fields.ParentalKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="pins", to="content.frontpage"
            ),
        ),
        migrations.AddField(
            model_name="frontpin",
            name="page",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="content.contentpage",
                verbose_name="content",
            ),
        ),
        migrations.AddConstraint(
            model_name="frontpin",
            constraint=models.CheckConstraint(
                condition=models.Q(("shown_from__lt", models.F("shown_until"))),
                name="frontpin_begins_before_it_ends",
                violation_error_message="It has to begin before it ends.",
            ),
        ),
        migrations.AddConstraint(
            model_name="frontpin",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__gte", 1), ("position__lte", 20)), name="frontpin_has_a_place"
            ),
        ),
    ]
