"""The purge: one transaction, after which nothing of the plugin is left but the word that it is inactive.

That word is for processes that still hold its models; with the first that starts without it, the database is as if the
plugin had never been there.

Donations that came in through a gateway of the plugin, and their entries in the ledger, are the newsroom's money
records and not the plugin's: they stay.
"""

import logging
from functools import partial

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, OperationalError, connection, models, transaction
from django.db.models import ProtectedError, Q
from wagtail.models import Page, ReferenceIndex
from wagtail.search import index

from cms.content.outbox import OutboxEvent
from cms.content.signals import pages_changed
from cms.lifecycle import tombstones
from cms.lifecycle.facts import ACTIVE, INACTIVE, state_word
from cms.lifecycle.purge import money, schema, streams
from cms.lifecycle.purge.account import account_of, log_entries, other_pages_below, own_rows
from cms.lifecycle.purge.belongings import (
    Names,
    content_types_of,
    files_of,
    foreign_references,
    models_of,
    pages_of,
    tables_of,
)
from cms.registry import states
from cms.registry.owners import enabled

logger = logging.getLogger(__name__)

#: Names the lock of purges among PostgreSQL's advisory locks.
_LOCK = 0x0571_0002
#: How long a purge waits for editors who hold what it needs.
_PATIENCE = "20s"
#: Pages deleted, or read, at a time.
_PORTION = 200
_PAGES_NAMED = 10


class PurgeRefused(Exception):  # noqa: N818  (an answer, not a fault)
    """Nothing was changed; the message says why, and what to do."""


def reasons_against(label: str) -> list[str]:
    """Why this plugin can't be purged now: a sentence each, with what to do."""
    reasons = []
    if state_word(label) != INACTIVE:
        word = "active" if state_word(label) == ACTIVE else "resting, and would work again once woken"
        reasons.append(f"It is {word}. Run first: ostriv plugin disable {label}")
    reasons += [
        f"The plugin {plugin.label!r} needs it. Purge that one first, or take it out of OSTRIV_PLUGINS."
        for plugin in settings.OSTRIV_PLUGINS
        if label in plugin.info.needs
    ]
    if others := schema.dependent_apps(label):
        reasons.append(f"Migrations of {', '.join(others)} depend on its migrations. Purge those plugins first.")
    for theirs, ours in foreign_references(tables_of(label)):
        reasons.append(f"The table {theirs} refers to {ours}. Purge the plugin that has it first.")
    if below := other_pages_below(label):
        named = ", ".join(f"“{page}” (page {page.pk})" for page in below[:_PAGES_NAMED])
        more = f" and {len(below) - _PAGES_NAMED} more" if len(below) > _PAGES_NAMED else ""
        reasons.append(f"Pages of other types are below its pages: {named}{more}. Move them elsewhere first.")
    reasons += money.in_transit(label)
    return reasons


def purge(label: str) -> str:
    """Remove everything of this plugin, in one transaction. It must be enabled and inactive.

    Returns a remark on how, or nothing. Raises PurgeRefused; then nothing has changed.
    """
    if enabled(label) is None:
        raise PurgeRefused(f"The plugin {label!r} is not loaded.")
    states.forget()
    try:
        with transaction.atomic():
            _hold(label)
            if reasons := reasons_against(label):
                raise PurgeRefused("\n".join(reasons))
            remark = _remove(label)
            _assert_gone(label)
    except ProtectedError as error:
        kept = ", ".join(sorted({str(each) for each in error.protected_objects})[:_PAGES_NAMED])
        raise PurgeRefused(f"Something else protects what it has: {kept}. Take that away first.") from error
    except OperationalError as error:
        raise PurgeRefused(
            f"Somebody is at work on what it needs ({str(error).splitlines()[0]}). Try again in a minute."
        ) from error
    tombstones.raise_for(label)
    return remark


def _hold(label: str) -> None:
    """One purge at a time, and no editor who makes or moves a page meanwhile; readers are not held up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise PurgeRefused("Another purge is running. Try again when it is done.")
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])
        if own := [connection.ops.quote_name(name) for name in tables_of(label)]:
            cursor.execute(f"LOCK TABLE {', '.join(own)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"LOCK TABLE {connection.ops.quote_name(Page._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")


def _remove(label: str) -> str:
    files = files_of(label)
    _remove_pages(label)
    _remove_blocks(label)
    _remove_rows(label)
    remark = schema.remove(label)
    _sweep(label)
    for name, field in files.items():
        transaction.on_commit(partial(_delete_file, field, name))
    states.forget()
    transaction.on_commit(states.forget)
    transaction.on_commit(ContentType.objects.clear_cache)
    return remark


def _remove_pages(label: str) -> None:
    """The plugin's pages and all that hangs on them, through treebeard: the parents count their children."""
    for entries in log_entries(label):
        entries.delete()
    ids = list(pages_of(label).values_list("pk", flat=True))
    page_type = ContentType.objects.get_for_model(Page)
    for start in range(0, len(ids), _PORTION):
        portion = ids[start : start + _PORTION]
        # What happened to pages that never were is nobody's news; that they are gone is, to caches.
        OutboxEvent.objects.filter(payload__page__in=portion).delete()
        Page.objects.filter(pk__in=portion).delete()
        texts = list(map(str, portion))
        ReferenceIndex.objects.filter(
            Q(base_content_type=page_type, object_id__in=texts) | Q(to_content_type=page_type, to_object_id__in=texts)
        ).delete()


def _remove_blocks(label: str) -> None:
    names = Names(label)
    found = streams.find(names)
    streams.remove(names, found)
    ids = found.page_ids
    for start in range(0, len(ids), _PORTION):
        pages = list(Page.objects.filter(pk__in=ids[start : start + _PORTION]).specific())
        for page in pages:
            ReferenceIndex.create_or_update_for_object(page)
            index.insert_or_update_object(page)
        if live := [page for page in pages if page.live]:
            pages_changed.send(type(live[0]), pages=live)
    for model, pk, _column in found.rows:
        if not issubclass(model, Page):
            ReferenceIndex.create_or_update_for_object(model._base_manager.get(pk=pk))


def _remove_rows(label: str) -> None:
    for model in models_of(label):
        # What inherits from a table of the core has a row there too. Other rows go with their table.
        if any(parent._meta.app_label != label for parent in model._meta.get_parent_list()):
            model._base_manager.all().delete()
    # With them, by cascade: permissions and their grants, revisions, workflow states, entries of the search index.
    content_types_of(label).delete()


def _sweep(label: str) -> None:
    """The rows about the plugin, and what undoing a data migration may have made again.

    Its tables are gone, so what they referred to is deleted past Django's cascade.
    """
    for rows in own_rows(label).values():
        rows.delete()
    types = content_types_of(label).values("pk")
    permissions = "SELECT p.id FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id"
    with connection.cursor() as cursor:
        for table in ("auth_group_permissions", "auth_user_user_permissions"):
            cursor.execute(
                f"DELETE FROM {table} WHERE permission_id IN ({permissions} WHERE t.app_label = %s)",  # noqa: S608
                [label],
            )
    auth_permission = apps.get_model("auth", "Permission")
    auth_permission.objects.filter(content_type__in=types)._raw_delete("default")
    content_types_of(label)._raw_delete("default")


def _assert_gone(label: str) -> None:
    """A purge that leaves something has not happened."""
    left = account_of(label)
    if not left.is_empty:
        raise PurgeRefused(
            "This would have been left, so nothing was changed: " + "; ".join(line.strip() for line in left.lines())
        )


def _delete_file(field: models.FileField, name: str) -> None:
    try:
        field.storage.delete(name)
    except (OSError, DatabaseError):
        logger.exception("The uploaded file %s could not be deleted", name)
