"""Marketing runs the newsletters; Editors may write editions in their trees, and see what became of them."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

#: Deliveries are never added or deleted by hand: a ledger only shows what happened.
MARKETING = {
    "newsletter": ["add", "change", "delete", "view"],
    "subscriber": ["add", "change", "delete", "view"],
    "subscription": ["add", "change", "view"],
    "dispatch": ["add", "change", "view"],
    "delivery": ["change", "view"],
}
EDITORS = {"newsletter": ["view"], "dispatch": ["add", "view"], "delivery": ["view"]}


def grant(apps, schema_editor):
    # Django makes them after all migrations; the groups need them now.
    config = apps.get_app_config("newsletters")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, granted in (("Marketing", MARKETING), ("Editors", EDITORS)):
        group, _created = Group.objects.get_or_create(name=name)
        for model, actions in granted.items():
            group.permissions.add(
                *Permission.objects.filter(
                    content_type__app_label="newsletters",
                    content_type__model=model,
                    codename__in=[f"{action}_{model}" for action in actions],
                )
            )


class Migration(migrations.Migration):
    dependencies = [
        ("newsletters", "0001_initial"),
        ("content", "0002_newsroom"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
