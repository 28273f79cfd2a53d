"""Fields of a type's own in the import format: those that its class names in ``import_fields``."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.dateparse import parse_datetime
from modelcluster.models import get_all_child_relations

from cms.content.importing.body import FileError
from cms.content.importing.files import FileRef, ItemFiles
from cms.content.models import ContentPage, NewsroomImage


class ExtraError(Exception):
    """A field of the type's own has a value that it can't hold: ``field`` and the reason."""

    def __init__(self, field: str, reason: str):
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass
class Extra:
    """Values for the page's own columns, and rows for its child relations by the relation's name.

    A picture is a ``FileRef`` in the place of its id, until its file is in the library.
    """

    values: dict[str, Any] = field(default_factory=dict)
    children: dict[str, list[models.Model]] = field(default_factory=dict)


def read_extra(model: type[ContentPage], data: dict[str, Any], files: ItemFiles) -> Extra:
    """Turn the extra fields of a line into values and rows. Raises ExtraError.

    A name of a column takes a plain value, a picture ``{path, alt, credit}`` as an item's own does; a name of a child
    relation (one that an InlinePanel edits) takes a list of objects, in order.
    """
    extra = Extra()
    relations = {relation.get_accessor_name(): relation for relation in get_all_child_relations(model)}
    for name, value in data.items():
        if name in relations:
            extra.children[name] = _rows(name, relations[name], value, files)
        else:
            column, python = _value(model, name, name, value, files)
            extra.values[column] = python
    _require(model, extra)
    return extra


def _rows(name: str, relation: Any, value: Any, files: ItemFiles) -> list[models.Model]:
    if not isinstance(value, list):
        raise ExtraError(name, "must be a list of objects")
    rows = []
    for number, entry in enumerate(value):
        where = f"{name}[{number}]"
        if not isinstance(entry, dict):
            raise ExtraError(where, "must be an object")
        row = relation.related_model()
        for key, each in entry.items():
            setattr(row, *_value(relation.related_model, key, f"{where}.{key}", each, files))
        if hasattr(row, "sort_order"):
            row.sort_order = number
        try:
            pictures = {column.name for column in row._meta.concrete_fields if is_picture(row, column)}
            row.clean_fields(exclude={relation.field.name, *pictures})
        except ValidationError as error:
            key, messages = next(iter(error.message_dict.items()))
            raise ExtraError(f"{where}.{key}", " ".join(messages)) from None
        rows.append(row)
    return rows


def is_picture(row: models.Model, column: models.Field) -> bool:
    """Whether this column of a row holds a picture that has no id yet."""
    return isinstance(getattr(row, column.attname), FileRef)


def _picture(where: str, value: dict[str, Any], files: ItemFiles) -> FileRef:
    texts = {name: value.get(name) or "" for name in ("path", "alt", "credit")}
    if not texts["path"] or not all(isinstance(text, str) for text in texts.values()):
        raise ExtraError(where, "must have a path, and may have alt and credit, all of them text")
    try:
        return files.lead_image(texts["path"], texts["alt"][:255], texts["credit"][:255])
    except FileError as error:
        raise ExtraError(f"{where}.path", f"{texts['path']} is {error}") from None


def _value(model: type[models.Model], name: str, where: str, value: Any, files: ItemFiles) -> tuple[str, Any]:
    """The attribute and the value of one column."""
    try:
        column = model._meta.get_field(name)
    except FieldDoesNotExist:
        raise ExtraError(where, f"is no field of {model._meta.verbose_name}") from None
    if not getattr(column, "concrete", False) or column.primary_key:
        raise ExtraError(where, "can't be imported")
    if isinstance(column, models.ForeignKey):
        if column.related_model is NewsroomImage and isinstance(value, dict):
            return column.attname, _picture(where, value, files)
        if value is not None and not column.related_model._default_manager.filter(pk=value).exists():
            raise ExtraError(where, f"there is no {column.related_model._meta.verbose_name} {value!r}")
        return column.attname, value
    if value is None and not column.null:
        value = column.get_default()
    if isinstance(column, models.DateTimeField) and isinstance(value, str):
        moment = parse_datetime(value)
        if moment is None or moment.tzinfo is None:
            raise ExtraError(where, f"{value!r} is no time with an offset, such as 2026-01-14T16:30:00+02:00")
    try:
        return column.attname, column.clean(value, None)
    except ValidationError as error:
        raise ExtraError(where, " ".join(error.messages)) from None
    except (TypeError, ValueError) as error:
        raise ExtraError(where, str(error)) from None


def _require(model: type[ContentPage], extra: Extra) -> None:
    """A column of the type's own that an editor would have to fill has to be in the line."""
    common = {column.attname for column in ContentPage._meta.concrete_fields}
    for column in model._meta.concrete_fields:
        if column.attname in common or column.attname in extra.values or column.primary_key:
            continue
        if not column.blank and not column.has_default() and column.remote_field is None:
            raise ExtraError(column.name, "is missing")
