"""Switched off, a plugin is gone from everything public and nothing is lost; purged, it leaves no trace."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType as ModelType
from django.db import connection
from django.test import Client
from wagtail.models import Page, Revision

from api.publications.models import Publication
from cms.lifecycle.purge.service import purge
from cms.registry import states
from cms.registry.discovery import Plugin
from cms.registry.models import PluginFault, PluginState
from ostriv.testing import answers, pages, subjects
from ostriv.testing.documents import raw_value
from ostriv.testing.subjects import ContentType, for_each_plugin, for_each_type

WORD = "перепочинок"

__all__ = [
    "test_a_purged_plugin_leaves_no_trace",
    "test_a_switched_off_plugin_answers_nothing",
    "test_a_switched_off_type_is_gone_and_comes_back_whole",
    "test_a_switched_off_type_is_not_creatable",
]


@for_each_type
def test_a_switched_off_type_is_gone_and_comes_back_whole(kind: ContentType, client: Client) -> None:
    page = pages.build(kind.model, word=WORD)

    states.deactivate(kind.plugin.label)
    answers.shown_nowhere(client, page, WORD, "of a plugin that is switched off")
    assert kind.name not in _types(client), f"/api/v1/types/ lists {kind.name} while its plugin is switched off."
    assert kind.model.objects.get(pk=page.pk).live, "Switching a plugin off must change nothing of its pages."

    states.activate(kind.plugin.label)
    answers.shown_everywhere(client, page, WORD, "of a plugin that is on again")
    assert kind.name in _types(client)


@for_each_type
def test_a_switched_off_type_is_not_creatable(kind: ContentType, editor: Client) -> None:
    parent = pages.build(kind.model).get_parent()
    opts = kind.model._meta
    address = f"/admin/pages/add/{opts.app_label}/{opts.model_name}/{parent.pk}/"
    assert editor.get(address).status_code == 200, f"An editor can't open the form of a new {kind.name}."

    states.deactivate(kind.plugin.label)
    refused = editor.get(address)

    assert refused.status_code in (302, 403, 404), (
        f"The form of a new {kind.name} opens ({refused.status_code}) while its plugin is switched off."
    )
    choice = editor.get(f"/admin/pages/{parent.pk}/add_subpage/", follow=True).content.decode()
    assert address not in choice, f"Editors are offered a new {kind.name} while its plugin is switched off."


@for_each_plugin
def test_a_switched_off_plugin_answers_nothing(plugin: Plugin, client: Client) -> None:
    built = [pages.build(kind.model) for kind in subjects.types() if kind.plugin == plugin]
    asked = {each for page in built for each in subjects.addresses(plugin, page)} | set(subjects.addresses(plugin))

    states.deactivate(plugin.label)

    for address in sorted(asked):
        status = client.get(address).status_code
        assert status == 404, f"{address} answered {status} while the plugin {plugin.label} is switched off; not 404."


@for_each_plugin
@pytest.mark.django_db(transaction=True)
def test_a_purged_plugin_leaves_no_trace(plugin: Plugin) -> None:
    label = plugin.label
    kinds = [kind for kind in subjects.types() if kind.plugin == plugin]
    models = list(apps.get_app_config(label).get_models(include_auto_created=True))
    names = [block.declared.name for place in ("body", "edition") for block in subjects.blocks(place)]
    names = [name for name in names if subjects.plugin_blocks()[name].owner == label]
    try:
        built = [pages.build(kind.model, word=WORD) for kind in kinds]
        for block in subjects.blocks("body"):
            if block.plugin == plugin:
                pages.article_with([{"type": block.declared.name, "value": raw_value(block)}])
        states.deactivate(label)

        purge(label)

        left = _left(label, models, [page.pk for page in built], [kind.name for kind in kinds], names)
        assert not left, f"After the purge of {label} there is still: " + "; ".join(left)
    finally:
        ModelType.objects.clear_cache()


def _left(label: str, models: list[Any], page_ids: list[int], kinds: list[str], blocks: list[str]) -> list[str]:
    """What the database still has of a plugin, in words."""
    tables = set(connection.introspection.table_names())
    found = [f"the table {model._meta.db_table}" for model in models if model._meta.db_table in tables]
    rows = {
        "content types": ModelType.objects.filter(app_label=label),
        "permissions": Permission.objects.filter(content_type__app_label=label),
        "pages": Page.objects.filter(pk__in=page_ids),
        "publications": Publication.objects.filter(type__in=kinds),
        "revisions": Revision.objects.filter(object_id__in=map(str, page_ids)),
        "states": PluginState.objects.filter(label=label),
        "faults": PluginFault.objects.filter(label=label),
    }
    found += [f"{query.count()} {name}" for name, query in rows.items() if query.exists()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations WHERE app = %s", [label])
        if applied := cursor.fetchone()[0]:
            found.append(f"{applied} applied migrations")
        for name in blocks:
            for table, column in (("wagtailcore_revision", "content"), ("content_contentpage", "body")):
                cursor.execute(f"SELECT count(*) FROM {table} WHERE {column}::text LIKE %s", [f"%{name}%"])  # noqa: S608
                if count := cursor.fetchone()[0]:
                    found.append(f"the block {name} in {count} rows of {table}")
    return found


def _types(client: Client) -> list[str]:
    return [each["type"] for each in client.get("/api/v1/types/").json()["results"]]
