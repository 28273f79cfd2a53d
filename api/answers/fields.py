"""Sparse documents: ``fields=headline,image.renditions.small.url`` leaves only these parts of each.

What can be asked for is what the schema describes. Within what it leaves open (a type's structured data, a plugin's
own values) any name may be asked for.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api import parameters
from api.serializers.content import TeaserSerializer, teaser_serializer
from api.serializers.fields import answered_by_method
from cms.content.types import content_types

Json = Any
#: The parts that are asked for, each with its own; None is all of it.
Tree = dict[str, Any]
#: Dots in one name, at most.
DEEPEST = 8


def teaser_tree(query: QueryDict, shape: type[TeaserSerializer]) -> Tree | None:
    """What ``fields`` asks for of a list's teasers, which may be of any type; ``shape`` has what the list adds to each.

    None: all of it. Raises ValidationError.
    """
    if not (names := parameters.words(query, "fields")):
        return None
    return tree_of(names, [shape, *dict.fromkeys(teaser_serializer(model) for model in content_types().values())])


def tree_of(names: Iterable[str], shapes: Iterable[type[serializers.Serializer[Any]]]) -> Tree:
    """These dotted names as a tree. Raises ValidationError for what none of these shapes has."""
    tree: Tree = {}
    every = tuple(shapes)
    for name in dict.fromkeys(names):
        parts = name.split(".")
        if len(parts) > DEEPEST or not any(_has(_parts_of(shape), parts) for shape in every):
            raise ValidationError({"fields": _refusal(name, every)})
        _plant(tree, parts)
    return tree


def pruned(document: Json, tree: Tree) -> Json:
    """Only these parts of a document, in its own order; of each item of a list."""
    if isinstance(document, list):
        return [pruned(item, tree) for item in document]
    if not isinstance(document, dict):
        return document
    return {
        key: value if tree[key] is None else pruned(value, tree[key]) for key, value in document.items() if key in tree
    }


def _plant(tree: Tree, parts: list[str]) -> None:
    *above, last = parts
    for part in above:
        if part in tree and tree[part] is None:
            return  # all of it is asked for already
        tree = tree.setdefault(part, {})
    tree[last] = None


def _has(known: Tree | None, parts: list[str]) -> bool:
    for part in parts:
        if known is None:
            return bool(part)
        if part not in known:
            return False
        known = known[part]
        if callable(known):
            known = known()
    return True


def _refusal(name: str, shapes: tuple[type[serializers.Serializer[Any]], ...]) -> str:
    known = dict.fromkeys(key for shape in shapes for key in _parts_of(shape))
    below, _, _last = name.rpartition(".")
    return f"There is no “{name[:60]}” here. Allowed: {', '.join(known)}" + (
        "; and with dots what is in them." if not below else f"; “{below[:60]}” has none of this name."
    )


@lru_cache(maxsize=256)
def _parts_of(shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    return {name: _below(field) for name, field in shape().fields.items()}


def _below(field: Any) -> Tree | Callable[[], Tree] | None:
    """What is in a field; None where that is open. Late, because teasers hold lists of teasers."""
    if isinstance(field, serializers.SerializerMethodField):
        field = answered_by_method(field)
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        field = field.child
    if isinstance(field, serializers.Serializer):
        shape = type(field)
        return (lambda: _parts_of(shape)) if shape().fields else None
    if type(field).__module__ == "rest_framework.fields" and not isinstance(field, _OPEN):
        return {}
    return {} if isinstance(field, serializers.CharField | serializers.RelatedField) else None


_OPEN = (serializers.JSONField, serializers.DictField, serializers.ReadOnlyField, serializers.ModelField)
