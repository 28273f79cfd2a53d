"""Fills models and blocks that nobody knows beforehand: each field by its type, examples of the plugin first."""

import copy
import itertools
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel, get_all_child_relations
from taggit.models import ItemBase
from wagtail import blocks
from wagtail.coreutils import resolve_model_string
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.models import Locale, Page

from cms.content.models import ArticlePage, Author, ContentPage, Section
from ostriv.testing import newsroom

_numbers = itertools.count(1)
_UNKNOWN = object()
#: Fields of a text that can't hold any words.
_STRICT_TEXTS = (models.URLField, models.EmailField, models.SlugField)
Example = dict[str, Any]


class Filler:
    """Fills with one word in every text, in one language. Pages that others point to are made by ``build``."""

    def __init__(self, word: str, locale: str, build: Any) -> None:
        self.word, self.locale, self._build = word, locale, build

    # --- models -------------------------------------------------------------------------------------------------

    def values(self, model: type[models.Model], example: Example, own: Iterable[type]) -> Example:
        """Values for the fields that ``model`` declares in one of the classes ``own``."""
        found: Example = {}
        for field in model._meta.concrete_fields:
            if field.model not in own or isinstance(field, ParentalKey) or not _is_filled(field):
                continue
            if field.name in example:
                found[field.name] = self._given(field, example[field.name])
            elif (value := self._value(field)) is not _UNKNOWN:
                found[field.name] = value
        return found

    def add_children(self, instance: Any, example: Example, own: Iterable[type]) -> None:
        """Give it one row, or the example's rows, in each child table, and in each required many-to-many field."""
        for relation in get_all_child_relations(type(instance)):
            if relation.model not in own or issubclass(relation.related_model, ItemBase):
                continue
            name = relation.get_accessor_name()
            rows = [self._child(relation.related_model, row) for row in example.get(name, [{}])]
            setattr(instance, name, rows)
        for field in instance._meta.many_to_many:
            if field.model in own and isinstance(field, ParentalManyToManyField):
                if field.name in example:
                    setattr(instance, field.name, _called(example[field.name]))
                elif not field.blank:
                    setattr(instance, field.name, [self.related(field.remote_field.model)])

    def _child(self, model: type[models.Model], example: Example) -> Any:
        own = set(model.__mro__)
        child = model(**self.values(model, example, own))
        if isinstance(child, ClusterableModel):
            self.add_children(child, example, own)
        return child

    def _given(self, field: Any, value: Any) -> Any:
        value = _called(value)
        if isinstance(field, models.ForeignKey) or value is None:
            return value.pk if field.is_relation and not isinstance(value, models.Model) and value else value
        if isinstance(field, StreamField | models.FileField):
            return value
        return self._with_word(field, value) if _is_text(field) else field.to_python(value)

    def _with_word(self, field: Any, given: str) -> str:
        """The text of an example with the word behind it. A code, and what has several lines, has a form of its own."""
        if "\n" in given or (given.isascii() and " " not in given):
            return given
        if isinstance(field, RichTextField):
            return f"{given}<p>{self.word}</p>"
        longer = f"{given} {self.word}"
        return given if field.max_length and len(longer) > field.max_length else longer

    def _value(self, field: Any) -> Any:
        if _is_text(field):
            return self.text(field.max_length, html=isinstance(field, RichTextField))
        if field.choices and not field.has_default():
            return next(key for key, _name in field.flatchoices if key not in (None, ""))
        if field.blank or field.null or field.has_default():
            return _UNKNOWN
        if isinstance(field, models.ForeignKey):
            return self.related(field.remote_field.model)
        return self._plain(field)

    def _plain(self, field: Any) -> Any:
        number = next(_numbers)
        now = timezone.now().replace(microsecond=0) + timedelta(hours=number % 1000)
        if isinstance(field, StreamField):
            return [{"type": name, "value": self.raw(block)} for name, block in _first(field.stream_block)]
        by_type: list[tuple[Any, Any]] = [
            (models.URLField, f"https://example.org/{number}/"),
            (models.EmailField, f"somebody{number}@example.org"),
            (models.SlugField, f"slug-{number}"),
            (models.BooleanField, False),
            (models.FileField, ContentFile(self.word.encode(), name=f"file-{number}.txt")),
            (models.DateTimeField, now),
            (models.DateField, now.date()),
            (models.TimeField, now.time()),
            (models.DurationField, timedelta(minutes=number)),
            ((models.IntegerField, models.FloatField, models.DecimalField), _least(field)),
            (models.JSONField, {}),
        ]
        return next((value for type_, value in by_type if isinstance(field, type_)), _UNKNOWN)

    def related(self, model: Any) -> Any:
        """Something that a field may point to."""
        makers: list[tuple[type, Any]] = [
            (get_image_model(), newsroom.make_image),
            (get_document_model(), newsroom.make_document),
            (get_user_model(), newsroom.make_editor),
            (Section, lambda: newsroom.make_section(locale=self.locale)),
            (Author, lambda: newsroom.make_author(locale=self.locale)),
            (Locale, lambda: newsroom.locale_of(self.locale)),
        ]
        for known, make in makers:
            if issubclass(model, known):
                return make()
        if issubclass(model, Page):
            is_general = model in (Page, ContentPage)
            return self._build(ArticlePage if is_general else model, locale=self.locale)
        row = model(**self.values(model, {}, set(model.__mro__)))
        if hasattr(row, "locale_id"):
            row.locale = newsroom.locale_of(self.locale)
        row.save()
        return row

    def text(self, longest: int | None = None, *, html: bool = False) -> str:
        """A text with the word in it, at most so many characters long."""
        words = f"{self.word} і ще кілька слів"
        if html:
            return f"<p>{words}</p>"
        return words if longest is None or len(words) <= longest else self.word[:longest]

    # --- blocks -------------------------------------------------------------------------------------------------

    def raw(self, block: blocks.Block) -> Any:
        """What is stored of a block of this kind, each part filled by its type."""
        if isinstance(block, blocks.BaseStructBlock):
            return {name: self.raw(child) for name, child in block.child_blocks.items()}
        if isinstance(block, blocks.BaseStreamBlock):
            return [{"type": name, "value": self.raw(child)} for name, child in _first(block)]
        if isinstance(block, blocks.ListBlock):
            return [self.raw(block.child_block) for _time in range(max(1, block.meta.min_num or 0))]
        if isinstance(block, blocks.ChooserBlock):
            return self._chosen(block)
        if isinstance(block, blocks.MultipleChoiceBlock):
            return [_first_choice(block)]
        if isinstance(block, blocks.ChoiceBlock):
            return _first_choice(block)
        return self._simple(block)

    def _simple(self, block: blocks.Block) -> Any:
        now = timezone.now().replace(microsecond=0)
        by_type: list[tuple[Any, Any]] = [
            (blocks.RichTextBlock, self.text(html=True)),
            (blocks.RawHTMLBlock, self.text(html=True)),
            (blocks.URLBlock, "https://example.org/"),
            (blocks.EmailBlock, "somebody@example.org"),
            ((blocks.CharBlock, blocks.TextBlock, blocks.BlockQuoteBlock), self.text(_longest(block))),
            ((blocks.IntegerBlock, blocks.FloatBlock, blocks.DecimalBlock), _least_of_block(block)),
            (blocks.DateTimeBlock, now.isoformat()),
            (blocks.DateBlock, now.date().isoformat()),
            (blocks.TimeBlock, now.time().isoformat()),
        ]
        found = next((value for type_, value in by_type if isinstance(block, type_)), _UNKNOWN)
        return block.get_prep_value(block.get_default()) if found is _UNKNOWN else found

    def _chosen(self, block: Any) -> Any:
        targets = getattr(block, "target_models", None) or [block.target_model]
        return self.related(resolve_model_string(targets[0])).pk


def _is_filled(field: Any) -> bool:
    return field.editable and not field.auto_created and not field.primary_key


def _is_text(field: Any) -> bool:
    """Whether any words fit into it."""
    is_long_or_short = isinstance(field, models.CharField | models.TextField)
    # A default that is called makes an identity, not words.
    return (
        is_long_or_short
        and not field.choices
        and not (field.has_default() and callable(field.default))
        and not isinstance(field, (*_STRICT_TEXTS, StreamField))
    )


def _called(value: Any) -> Any:
    """An example may be a function, called for each page: what it makes needs the database."""
    return value() if callable(value) else copy.deepcopy(value)


def _first(block: Any) -> list[tuple[str, Any]]:
    count = max(1, block.meta.min_num or 0)
    return (list(block.child_blocks.items()) * count)[:count]


def _first_choice(block: Any) -> Any:
    for key, name in block.field.choices:
        if isinstance(name, list | tuple):
            return name[0][0]
        if key not in (None, ""):
            return key
    return None


def _least(field: Any) -> Any:
    return max([1, *(v.limit_value for v in field.validators if v.__class__.__name__ == "MinValueValidator")])


def _least_of_block(block: Any) -> Any:
    least = getattr(getattr(block, "field", None), "min_value", None)
    return 1 if least is None else least


def _longest(block: Any) -> int | None:
    return getattr(getattr(block, "field", None), "max_length", None)  # a divider has no field
