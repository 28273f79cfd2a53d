"""The account that a purge shows first: everything of a plugin that is in the database, and what hangs on it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Q
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision

from cms.content.outbox import OutboxEvent
from cms.lifecycle.purge import streams
from cms.lifecycle.purge.belongings import (
    Names,
    content_types_of,
    files_of,
    models_of,
    pages_of,
    relations_of,
)
from cms.registry.models import PluginFault, PluginState
from cms.registry.owners import enabled

#: Pages named one by one before the account only counts them.
_NAMED = 20


@dataclass
class Account:
    """What a purge of this plugin would remove."""

    label: str
    #: Pages by type, all and live.
    pages: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: What hangs on those pages, by the name of its model.
    hangs_on_pages: dict[str, int] = field(default_factory=dict)
    #: Rows of the core that name the plugin's types: revisions, log entries, entries of the search index.
    rows: dict[str, int] = field(default_factory=dict)
    #: Tables with their numbers of rows; other relations with none.
    tables: dict[str, int] = field(default_factory=dict)
    permissions: int = 0
    granted: tuple[str, ...] = ()
    content_types: int = 0
    blocks: streams.BlocksFound = field(default_factory=streams.BlocksFound)
    files: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing of the plugin is here."""
        return not any(
            (self.pages, self.rows, self.tables, self.permissions, self.content_types, self.blocks, self.files)
        )

    def lines(self) -> Iterator[str]:
        """The account in words, a line each."""
        for name, (number, live) in self.pages.items():
            yield f"pages of the type {name}: {number}, {live} of them live"
        for name, number in self.hangs_on_pages.items():
            yield f"  with them {name}: {number}"
        yield from self._lines_of_blocks()
        for name, number in self.rows.items():
            yield f"{name}: {number}"
        for name, number in self.tables.items():
            yield f"table {name}: {number} rows" if number >= 0 else f"relation {name}"
        if self.content_types:
            yield f"content types: {self.content_types}"
        if self.permissions:
            granted = f", granted to the groups {', '.join(self.granted)}" if self.granted else ""
            yield f"permissions: {self.permissions}{granted}"
        if self.files:
            yield f"uploaded files: {len(self.files)}"

    def _lines_of_blocks(self) -> Iterator[str]:
        named = 0
        for (model, pk, column), number in self.blocks.rows.items():
            named += 1
            if named > _NAMED:
                continue
            where = model._base_manager.filter(pk=pk).first()
            yield f"blocks in the {column} of “{where}” ({model._meta.label} {pk}): {number}"
        if named > _NAMED:
            yield f"blocks in {named - _NAMED} more texts"
        if self.blocks.revisions:
            number, of = len(self.blocks.revisions), len(self.blocks.revisions_of)
            yield f"blocks in drafts and earlier versions: {number} revisions of {of} objects"


def account_of(label: str) -> Account:
    """Look through the whole database for what is this plugin's. Nothing is changed."""
    pages, types = pages_of(label), content_types_of(label)
    permissions = Permission.objects.filter(content_type__in=types)
    return Account(
        label=label,
        pages=_by_type(pages),
        hangs_on_pages=_hanging(label, pages),
        rows={name: number for name, number in _rows(label, pages, types) if number},
        tables=_tables(label),
        permissions=permissions.count(),
        granted=tuple(
            Group.objects.filter(permissions__in=permissions).distinct().order_by("name").values_list("name", flat=True)
        ),
        content_types=types.count(),
        blocks=streams.find(Names(label)),
        files=tuple(sorted(files_of(label))),
    )


def other_pages_below(label: str) -> list[Page]:
    """Pages of other types below the plugin's pages: they would lose their place."""
    own = pages_of(label)
    parents = [path for path, children in own.values_list("path", "numchild") if children]
    below = Q(pk__in=[])
    for path in parents:
        below |= Q(path__startswith=path)
    return list(Page.objects.filter(below).exclude(pk__in=own.values("pk")).order_by("path"))


def log_entries(label: str) -> list[models.QuerySet]:
    """The log of the plugin's pages and objects, and of the switching of the plugin itself."""
    types = content_types_of(label)
    state_type = ContentType.objects.get_for_model(PluginState)
    states = [str(pk) for pk in PluginState.objects.filter(label=label).values_list("pk", flat=True)]
    return [
        PageLogEntry.objects.filter(Q(content_type__in=types) | Q(page_id__in=pages_of(label).values("pk"))),
        ModelLogEntry.objects.filter(Q(content_type__in=types) | Q(content_type=state_type, object_id__in=states)),
    ]


def own_rows(label: str) -> dict[str, models.QuerySet]:
    """The rows of the core that are about the plugin itself."""
    plugin = enabled(label)
    package = plugin.package if plugin else label
    return {
        "state and settings": PluginState.objects.filter(label=label),
        "noted faults": PluginFault.objects.filter(label=label),
        "events in the outbox": OutboxEvent.objects.filter(
            Q(name__startswith=f"{label}.")
            | Q(name="plugin.switched", payload__label=label)
            | Q(payload__model__startswith=f"{label}.")
            | Q(payload__handler__startswith=f"{package}.")
        ),
        "applied migrations": MigrationRecorder(connection).migration_qs.filter(app=label),
    }


def _by_type(pages: models.QuerySet[Page]) -> dict[str, tuple[int, int]]:
    rows = pages.values("content_type__model").annotate(
        number=models.Count("pk"), shown=models.Count("pk", filter=Q(live=True))
    )
    return {row["content_type__model"]: (row["number"], row["shown"]) for row in rows.order_by("content_type__model")}


def _hanging(label: str, pages: models.QuerySet[Page]) -> dict[str, int]:
    """Rows of others that point to these pages and go with them: publications, redirects, comments, bylines."""
    found: dict[str, int] = {}
    for model in {base for each in (Page, *models_of(label)) if issubclass(each, Page) for base in _line(each)}:
        for relation in model._meta.get_fields(include_parents=False, include_hidden=True):
            if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
                continue
            other = relation.related_model
            is_part = issubclass(other, Page) or other._meta.app_label == label
            if is_part or getattr(relation, "on_delete", None) is not models.CASCADE:
                continue
            key = relation.field.name
            if number := other._base_manager.filter(**{f"{key}__in": pages.values("pk")}).count():
                name = str(other._meta.verbose_name_plural)
                found[name] = found.get(name, 0) + number
    return dict(sorted(found.items()))


def _line(model: type[models.Model]) -> list[type[models.Model]]:
    """A model and those that it inherits from, as far as they are pages with a table."""
    return [model, *(parent for parent in model._meta.get_parent_list() if issubclass(parent, Page))]


def _rows(label: str, pages: models.QuerySet[Page], types: models.QuerySet[ContentType]) -> Iterator[tuple[str, int]]:
    yield "revisions", Revision.objects.filter(content_type__in=types).count()
    yield "log entries", sum(entries.count() for entries in log_entries(label))
    for model, names in type_columns(label):
        chosen = Q(pk__in=[])
        for name in names:
            chosen |= Q(**{f"{name}__in": types})
        name = _NAMES.get(model._meta.label_lower, str(model._meta.verbose_name_plural))
        yield name, model._base_manager.filter(chosen).count()
    for name, rows in own_rows(label).items():
        yield name, rows.count()


#: Names for what Wagtail has no good one for.
_NAMES = {
    "wagtailsearch.indexentry": "rows of the search index",
    "wagtailcore.referenceindex": "entries of the reference index",
}
#: Counted under their own names.
_COUNTED = {"revision", "pagelogentry", "modellogentry", "permission"}


def type_columns(label: str) -> list[tuple[type[models.Model], list[str]]]:
    """Models of others with a key to a content type, and the names of those keys: the search index, the references."""
    from django.apps import apps

    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label == label or model._meta.proxy or issubclass(model, Page):
            continue
        names = [each.name for each in model._meta.local_fields if each.related_model is ContentType]
        if names and model._meta.model_name not in _COUNTED:
            found.append((model, names))
    return sorted(found, key=lambda entry: entry[0]._meta.label)


def _tables(label: str) -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for name, kind in relations_of(label):
            if kind not in "rp":
                found[name] = -1
                continue
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
            found[name] = cursor.fetchone()[0]
    return found
