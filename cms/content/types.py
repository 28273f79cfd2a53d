"""The content types of this installation, by the name that frontends see."""

from functools import cache

from cms.content.models.base import ContentPage


@cache
def content_types() -> dict[str, type[ContentPage]]:
    """Every creatable page type by its ``type_name``. Raises ValueError if two types claim one name."""
    types: dict[str, type[ContentPage]] = {}
    for model in _subclasses(ContentPage):
        if model._meta.abstract:
            continue
        name = model.get_type_name()
        if name in types:
            raise ValueError(f"{model.__module__} and {types[name].__module__} both define the type {name!r}.")
        types[name] = model
    return dict(sorted(types.items()))


def _subclasses(model: type[ContentPage]) -> list[type[ContentPage]]:
    return [each for child in model.__subclasses__() for each in (child, *_subclasses(child))]
