"""A group for those who connect other systems with the newsroom: they look after webhooks, and see no content."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GRANTED = {"endpoint": ["add", "change", "delete", "view"], "delivery": ["view"]}
GROUP = "Integrators"


def grant(apps, schema_editor):
    # Django makes them after all migrations; the group needs them now.
    config = apps.get_app_config("webhooks")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    group, _created = Group.objects.get_or_create(name=GROUP)
    group.permissions.add(
        *Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin"),
        *(
            Permission.objects.get(
                content_type__app_label="webhooks", content_type__model=model, codename=f"{action}_{model}"
            )
            for model, actions in GRANTED.items()
            for action in actions
        ),
    )


def ungroup(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name=GROUP).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0001_endpoints"),
        ("content", "0002_newsroom"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant, ungroup)]
