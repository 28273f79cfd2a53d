"""Marketing may take a donor's words off the page. A donation remembers when its checkout was asked for again."""

from django.db import migrations, models


def grant(apps, schema_editor):
    # 0003 has made all permissions of this app's models.
    Permission = apps.get_model("auth", "Permission")
    group, _created = apps.get_model("auth", "Group").objects.get_or_create(name="Marketing")
    group.permissions.add(*Permission.objects.filter(content_type__app_label="campaigns", codename="change_donation"))


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_marketing")]

    operations = [
        migrations.AddField(
            model_name="donation",
            name="asked_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop, elidable=False),
    ]
