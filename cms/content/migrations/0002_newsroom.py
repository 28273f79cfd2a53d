"""An empty newsroom: three languages, a front page and the folders of each, the site, the two groups."""

import uuid

from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.utils import timezone

LANGUAGES = ["uk", "ru", "en"]
FRONT_TITLES = {"uk": "Головна", "ru": "Главная", "en": "Front page"}
FOLDERS = {
    "campaigns": {"uk": "Кампанії", "ru": "Кампании", "en": "Campaigns"},
    "newsletters": {"uk": "Розсилки", "ru": "Рассылки", "en": "Newsletters"},
}
EVERY_PAGE_ACTION = ["add", "change", "publish", "bulk_delete", "lock", "unlock"]
IMAGE_AND_DOCUMENT_ACTIONS = [
    ("content", "newsroomimage", ["add_newsroomimage", "change_newsroomimage", "choose_image"]),
    ("wagtaildocs", "document", ["add_document", "change_document", "choose_document"]),
]
SNIPPETS = ["section", "author", "tag"]


def make_newsroom(apps, schema_editor):
    _make_permissions(apps)
    front_pages = _make_tree(apps)
    _make_groups(apps, front_pages)


def _make_permissions(apps):
    # Django makes them after all migrations; the groups below need them now.
    for label in ("wagtailcore", "wagtailadmin", "wagtaildocs", "simple_translation", "content"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None


def _make_tree(apps):
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    Locale = apps.get_model("wagtailcore", "Locale")
    root = Page.objects.get(depth=1)
    # Wagtail's welcome page, and the site that shows it.
    Site.objects.all().delete()
    Page.objects.filter(depth__gt=1).delete()

    front_key = uuid.uuid4()
    folder_keys = {slug: uuid.uuid4() for slug in FOLDERS}
    front_pages = []
    for position, code in enumerate(LANGUAGES, start=1):
        locale, _created = Locale.objects.get_or_create(language_code=code)
        front = _make_page(apps, "frontpage", root, position, locale, code, FRONT_TITLES[code], front_key, len(FOLDERS))
        for place, (slug, titles) in enumerate(FOLDERS.items(), start=1):
            _make_page(apps, "folderpage", front, place, locale, slug, titles[code], folder_keys[slug], 0)
        front_pages.append(front)
    Page.objects.filter(pk=root.pk).update(numchild=len(LANGUAGES))
    Site.objects.create(hostname="localhost", port=80, root_page_id=front_pages[0].pk, is_default_site=True)
    return front_pages


def _make_page(apps, model_name, parent, position, locale, slug, title, translation_key, numchild):
    ContentType = apps.get_model("contenttypes", "ContentType")
    content_type, _created = ContentType.objects.get_or_create(app_label="content", model=model_name)
    now = timezone.now()
    return apps.get_model("content", model_name).objects.create(
        title=title,
        draft_title=title,
        slug=slug,
        path=f"{parent.path}{position:04d}",
        depth=parent.depth + 1,
        numchild=numchild,
        url_path=f"{parent.url_path}{slug}/",
        content_type=content_type,
        locale_id=locale.pk,
        translation_key=translation_key,
        live=True,
        first_published_at=now,
        last_published_at=now,
    )


def _make_groups(apps, front_pages):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    Page = apps.get_model("wagtailcore", "Page")
    # Wagtail's own two groups divide work that ten editors of one newsroom share.
    Group.objects.filter(name__in=["Editors", "Moderators"]).delete()
    editors = Group.objects.create(name="Editors")
    marketing, _created = Group.objects.get_or_create(name="Marketing")
    folders = Page.objects.filter(slug__in=FOLDERS, depth=3)

    _grant_pages(apps, editors, front_pages)
    _grant_pages(apps, marketing, folders)
    for group in (editors, marketing):
        group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
        _grant_collections(apps, group)
    editors.permissions.add(
        *Permission.objects.filter(content_type__app_label="content", content_type__model__in=SNIPPETS)
    )
    editors.permissions.add(
        *Permission.objects.filter(content_type__app_label="content", codename="change_newsroomsettings")
    )
    editors.permissions.add(
        Permission.objects.get(content_type__app_label="simple_translation", codename="submit_translation")
    )


def _grant_pages(apps, group, pages):
    Permission = apps.get_model("auth", "Permission")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    permissions = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=[f"{action}_page" for action in EVERY_PAGE_ACTION]
    )
    for page in pages:
        for permission in permissions:
            GroupPagePermission.objects.create(group_id=group.pk, page_id=page.pk, permission_id=permission.pk)


def _grant_collections(apps, group):
    Permission = apps.get_model("auth", "Permission")
    Collection = apps.get_model("wagtailcore", "Collection")
    GroupCollectionPermission = apps.get_model("wagtailcore", "GroupCollectionPermission")
    root = Collection.objects.get(depth=1)
    for app_label, model, codenames in IMAGE_AND_DOCUMENT_ACTIONS:
        for permission in Permission.objects.filter(
            content_type__app_label=app_label, content_type__model=model, codename__in=codenames
        ):
            GroupCollectionPermission.objects.create(group=group, collection=root, permission=permission)


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0001_initial"),
        ("simple_translation", "0001_initial"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        # The way back leaves the pages: they are the newsroom's by then.
        migrations.RunPython(make_newsroom, migrations.RunPython.noop),
    ]
