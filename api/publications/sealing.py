"""What a plugin's code answers, made sure of before it is stored: plain JSON, and the shape that readers count on.

A fault is found here, where it is the plugin's and contained. Found later it would be the feed's or the mail's.
"""

import math
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise

Json = Any

#: Keys of a teaser by which content is found and told apart. They are the core's to say.
FILED = ("id", "type", "locale", "slug", "path", "section", "authors", "published_at", "updated_at", "tags")

_RENDITION = {"url": str, "width": int, "height": int}
_IMAGE = {
    "alt": str,
    "credit": str,
    "width": int,
    "height": int,
    "renditions": {"small": _RENDITION, "medium": _RENDITION, "large": _RENDITION},
}
#: What a plugin may say otherwise, and of what kind it is. A mapping may also be null.
_TEASER: dict[str, Any] = {
    "url": str,
    "headline": str,
    "lede": str,
    "image": _IMAGE,
    "source": {"name": str, "url": str},
}


def sealed(value: Any) -> Json:
    """This value as plain JSON. Raises TypeError or ValueError for what JSON, PostgreSQL or a reference can't hold."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str | Promise):
        # PostgreSQL keeps no NUL, and half a surrogate pair is no character.
        return str(value).replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is no number of JSON.")
        return value
    if isinstance(value, Mapping):
        if "$ref" in value and not (type(value["$ref"]) is int and isinstance(value.get("as"), str)):
            raise ValueError(f"{dict(value)!r} is no reference. Make one with api.contract.reference().")
        return {_key(key): sealed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [sealed(item) for item in value]
    raise TypeError(f"{type(value).__name__} is no value of JSON: {str(value)[:80]!r}.")


def sealed_teaser(document: Any, common: Mapping[str, Any]) -> dict[str, Json]:
    """A plugin's teaser as plain JSON, over the core's: it adds keys and has words and a picture of its own.

    Raises TypeError or ValueError if what every reader counts on is missing or of another kind.
    """
    own = sealed(document)
    for key, shape in _TEASER.items():
        if key in own and not _fits(shape, own[key]):
            raise TypeError(f"The teaser's {key!r} is not as the common shape has it: {str(own[key])[:80]!r}.")
    return {**common, **own, **{key: common[key] for key in FILED}}


def _fits(shape: Any, value: Any) -> bool:
    if isinstance(shape, dict):
        if value is None:
            return True
        return isinstance(value, dict) and all(
            key in value and _fits(each, value[key]) and value[key] is not None for key, each in shape.items()
        )
    return isinstance(value, shape)


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"The key {key!r} is no text.")
    return str(sealed(key))
