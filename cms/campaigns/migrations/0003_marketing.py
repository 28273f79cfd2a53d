"""Marketing sees the money and records what came by bank; nobody else does, but superusers."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GRANTED = [
    "view_campaign",
    "view_progress",
    "view_donation",
    "view_ledgerentry",
    "add_ledgerentry",
    "view_webhookevent",
    "view_pagebuild",
]


def grant(apps, schema_editor):
    config = apps.get_app_config("campaigns")
    # Django makes permissions after all migrations; the group needs them now.
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Permission = apps.get_model("auth", "Permission")
    group, _created = apps.get_model("auth", "Group").objects.get_or_create(name="Marketing")
    group.permissions.add(*Permission.objects.filter(content_type__app_label="campaigns", codename__in=GRANTED))


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0002_append_only"),
        ("content", "0002_newsroom"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
