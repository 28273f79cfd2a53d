"""The content types of this installation, by the name that frontends see."""

from functools import cache

from cms.content.models.base import ContentPage
from cms.registry.claims import claim
from cms.registry.owners import owner_of


@cache
def content_types() -> dict[str, type[ContentPage]]:
    """Every page type by its ``type_name``. Raises PluginError if two claim one name."""
    types: dict[str, type[ContentPage]] = {}
    for model in _subclasses(ContentPage):
        if not model._meta.abstract:
            claim("content type", model.get_type_name(), owner_of(model), by=model.__name__)
            types[model.get_type_name()] = model
    return dict(sorted(types.items()))


def _subclasses(model: type[ContentPage]) -> list[type[ContentPage]]:
    return [each for child in model.__subclasses__() for each in (child, *_subclasses(child))]
