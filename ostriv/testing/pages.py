"""Makes a page of any content type, filled by the types of its fields, or as its plugin's ``examples.py`` says.

``examples.py`` of a plugin is needed only where types don't tell: a file that must be audio, numbers that must fit::

    examples = {"episode": {"audio": ContentFile(b"...", name="episode.mp3"), "chapters": [{"title": "Вступ"}]}}
    blocks = {"podcast_player": {"episode": lambda: build(EpisodePage).pk}}

A value may be a function without arguments, called for each page. What an example leaves out is filled by its type.
Tests look for a word of theirs in every text, and write it behind the texts of examples that have one line.
"""

import itertools
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.models import Page

from cms.content.models import ArticlePage, ContentCorrection, ContentPage, FolderPage, FrontPage
from cms.registry.owners import plugin_of
from ostriv.testing import newsroom
from ostriv.testing.filling import Filler

_numbers = itertools.count(1)
#: What stands in every text of a page if nobody asks for a word.
WORD = "узбережжя"


def build(
    model: type[ContentPage],
    *,
    live: bool = True,
    locale: str = "uk",
    parent: Page | None = None,
    word: str = WORD,
    **fields: Any,
) -> Any:
    """A page of this type with ``word`` in each of its texts, published as an editor does unless ``live`` is false.

    ``fields`` are set as they are. Where a value that the type doesn't require is refused, it is left out. Fails the
    test, and says what to write into ``examples.py``, if the type can't be filled.
    """
    example = example_of(model)
    filler = Filler(word, locale, build)
    parent = Page.objects.get(pk=(parent or _parent_for(model, locale)).pk).specific
    own = {base for base in model.__mro__ if base not in ContentPage.__mro__}
    values = {**_common(word), **filler.values(model, example, own), **fields}
    optional = {name for name in values if name not in fields and name not in example}
    while True:
        page = model(locale=parent.locale, live=False, **{"title": _title(model, word), **values})
        page.corrections = [ContentCorrection(text=f"<p>{word}</p>")]
        filler.add_children(page, example, own)
        try:
            parent.add_child(instance=page)
            break
        except ValidationError as error:
            refused = {name for name in _named_by(error) & optional if _may_be_left_out(model, name)}
            if not refused:
                pytest.fail(_cannot_fill(model, error))
            values = {name: value for name, value in values.items() if name not in refused}
            parent = Page.objects.get(pk=parent.pk).specific
    if live:
        page.save_revision().publish()
    return model.objects.get(pk=page.pk)


def edit(page: Any, word: str, *, publish: bool) -> Any:
    """Write another word in the place of the page's, as an editor who saves the form does."""
    draft = page.get_latest_revision_as_object() if page.latest_revision_id else page
    for name, text in {"title": _title(type(page), word), **_common(word)}.items():
        setattr(draft, name, text)
    revision = draft.save_revision()
    if publish:
        revision.publish()
    return type(page).objects.get(pk=page.pk)


def new_place(model: type[ContentPage], locale: str = "uk") -> Page:
    """A page made for pages of this type to stand below: nothing else does."""
    return _parent_for(model, locale, new=True)


def article_with(body: list[dict[str, Any]], *, live: bool = True, **fields: Any) -> ArticlePage:
    """A published article with these blocks."""
    return build(ArticlePage, live=live, body=body, **fields)


def example_of(model: type[ContentPage]) -> dict[str, Any]:
    """What the plugin of this type says a page of it is filled with."""
    plugin = plugin_of(model)
    module = plugin.submodule("examples") if plugin else None
    return dict(getattr(module, "examples", {}).get(model.get_type_name(), {}))


def _parent_for(model: type[ContentPage], locale: str, *, new: bool = False) -> Page:
    """Where pages of this type may stand: the front page or a folder, else a page of another type that is made."""
    allowed = model.allowed_parent_page_models()
    if FrontPage in allowed and not new:
        return newsroom.front_of(locale)
    if FolderPage in allowed:
        return newsroom.make_folder(locale=locale)
    for parent in allowed:
        if issubclass(parent, ContentPage) and parent is not model:
            return build(parent, locale=locale)
    pytest.fail(
        f"Pages of the type {model.get_type_name()} can stand nowhere: parent_page_types of {model.__name__} names "
        "neither the front page nor folders nor another content type. Remove it, or add one of them."
    )


def _common(word: str) -> dict[str, Any]:
    """A word in each text that every content page has."""
    return {
        "lede": f"Підводка: {word}.",
        "source_name": f"Агенція {word}",
        "seo_title": f"Пошуковий {word}",
        "search_description": f"Опис: {word}",
        "body": [
            {"type": "paragraph", "value": f"<p>Абзац, у якому є {word}.</p>"},
            {"type": "quote", "value": {"text": f"«{word}»", "attribution": word, "role": word}},
        ],
    }


def _title(model: type[ContentPage], word: str) -> str:
    return f"{model.get_type_name()} {next(_numbers)}: {word}"


def _named_by(error: ValidationError) -> set[str]:
    """The fields that an error is about."""
    return set(getattr(error, "error_dict", {}))


def _may_be_left_out(model: type[models.Model], name: str) -> bool:
    field = model._meta.get_field(name)
    return field.blank or field.has_default()


def _cannot_fill(model: type[ContentPage], error: ValidationError) -> str:
    plugin = plugin_of(model)
    told = getattr(error, "message_dict", None) or error.messages
    where = f"{plugin.package}/examples.py" if plugin else "the core"
    return (
        f"A page of the type {model.get_type_name()} can't be filled by the types of its fields: {told}. "
        f'Write values that are accepted into {where}: examples = {{"{model.get_type_name()}": {{"field": value}}}}'
    )
