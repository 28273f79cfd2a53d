"""Blocks that plugins add to articles, campaign stories and newsletter editions."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from wagtail.blocks import Block

from cms.registry.claims import claim
from cms.registry.discovery import PluginError

#: Where a block may stand: the text of articles, of plugins' types and of campaigns; an edition of a newsletter.
PLACES = ("body", "edition")


@dataclass(frozen=True)
class MailPart:
    """What a block is in a mail: a heading, text as simple HTML, and teasers of published content.

    ``html`` is cleaned to what mail programs show, and the plain-text form is made of it. ``page_ids`` are shown as
    teasers, those that are published, below the text.
    """

    heading: str = ""
    html: str = ""
    page_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PluginBlock:
    """One block, listed in ``blocks`` of a plugin's ``blocks.py``.

    ``name`` is its type in the API, for ever: the plugin's label, or begins with the label and an underscore.
    ``places`` are "body" (articles, campaign stories) and "edition". ``api`` makes the JSON value of the stored one
    (without it, the block's own ``get_api_representation``). ``schema`` is a DRF serializer, or a field, that says what
    shape this value has (since 1.1): it is for the API's schema alone, and makes no value. Without it the shape follows
    from the block where there is no ``api`` either, and may be anything where there is. ``mail`` makes its form in an
    edition and in the mail of the language given, None for nothing. ``html`` makes HTML of the stored value, and
    is called at publishing: for feeds, for frontends that don't know the block, and for the built page of a campaign.
    It is cleaned, and a block without it is left out there.
    """

    name: str
    block: Block
    places: tuple[str, ...] = ("body",)
    api: Callable[[Any], Any] | None = None
    schema: Any = None
    mail: Callable[[Any, str], MailPart | None] | None = None
    html: Callable[[Any, str], str] | None = None


@dataclass(frozen=True)
class OwnedBlock:
    """A declared block, and the label of the plugin that it belongs to."""

    owner: str
    declared: PluginBlock


@cache
def plugin_blocks() -> dict[str, OwnedBlock]:
    """Every block of the enabled plugins by name. Needs all models loaded. Raises PluginError."""
    found: dict[str, OwnedBlock] = {}
    for plugin in settings.OSTRIV_PLUGINS:
        module = plugin.submodule("blocks")
        for declared in getattr(module, "blocks", []):
            _check(plugin.label, declared)
            claim("block", declared.name, plugin.label, by=type(declared.block).__qualname__)
            found[declared.name] = OwnedBlock(plugin.label, declared)
    return found


def _check(label: str, declared: Any) -> None:
    if not isinstance(declared, PluginBlock):
        raise PluginError(f"Plugin {label!r} lists {declared!r} in its blocks; every item must be a PluginBlock.")
    if declared.name != label and not declared.name.startswith(f"{label}_"):
        raise PluginError(
            f"Plugin {label!r} declares the block {declared.name!r}. Its name must be {label!r} or begin with "
            f"'{label}_', so that it is known whose it is when the plugin is gone."
        )
    if unknown := set(declared.places) - set(PLACES):
        raise PluginError(
            f"Plugin {label!r}: the block {declared.name!r} has no place {sorted(unknown)}. Places: {PLACES}."
        )
