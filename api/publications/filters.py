"""Filters that plugins add to lists of content: what a page is found by is stored with its publication."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from wagtail.models import Page

from api.publications.sealing import sealed
from cms.content.fields import BodyField
from cms.content.kept import NEEDS_PLUGIN
from cms.registry.claims import CORE, claim, claimed
from cms.registry.discovery import PluginError
from cms.registry.owners import owner_of

#: No filter's name: what pages with a plugin's block are found by when the plugin is switched.
BLOCK = "block"
#: Keys of one publication, and characters of one key, at most.
MOST_KEYS, LONGEST_KEY = 100, 100


@dataclass(frozen=True, kw_only=True)
class KeyFilter:
    """A list parameter that finds content by short values: ``?<name>=a,b`` gives what has one of them.

    ``of`` gives the values of a page of ``model`` when it is published. With ``choices`` (a list, or a function that
    gives it) any other value asked for is a 400 that lists them.
    """

    name: str
    model: type[Page]
    of: Callable[[Any], Sequence[str]]
    description: str
    choices: Sequence[str] | Callable[[], Sequence[str]] = ()

    @property
    def allowed(self) -> list[str]:
        """The values that may be asked for; empty for any."""
        return list(self.choices() if callable(self.choices) else self.choices)


@dataclass(frozen=True, kw_only=True)
class MomentFilter:
    """Two list parameters on a moment of the content: ``<name>_after`` (or at it) and ``<name>_before``.

    ``of`` gives the moment of a page of ``model`` (aware, or None) when it is published. One a type.
    """

    name: str
    model: type[Page]
    of: Callable[[Any], datetime | None]
    description: str


@cache
def plugin_filters() -> tuple[list[KeyFilter], list[MomentFilter]]:
    """Every filter of the enabled plugins. Raises PluginError."""
    keys: list[KeyFilter] = []
    moments: list[MomentFilter] = []
    for plugin in settings.OSTRIV_PLUGINS:
        module = plugin.submodule("api")
        for each in getattr(module, "filters", []):
            if not isinstance(each, KeyFilter | MomentFilter):
                raise PluginError(f"Plugin {plugin.label!r} lists {each!r} in its filters; it must be a filter.")
            if owner_of(each.model) != plugin.label:
                raise PluginError(
                    f"Plugin {plugin.label!r}: the filter {each.name!r} is on {each.model.__name__}, which is no "
                    "type of its own."
                )
            for name in parameters_of(each):
                claim("filter", name, plugin.label, by=each.model.__name__)
            if isinstance(each, KeyFilter):
                keys.append(each)
            else:
                claim("moment of the type", each.model._meta.label, plugin.label, by=each.name)
                moments.append(each)
    return keys, moments


def parameters_of(each: KeyFilter | MomentFilter) -> list[str]:
    """The names of the parameters that this filter takes."""
    return [each.name] if isinstance(each, KeyFilter) else [f"{each.name}_after", f"{each.name}_before"]


def claim_core(names: set[str]) -> None:
    """The parameters that lists have without any plugin."""
    for name in (*names, BLOCK):
        claim("filter", name, "")


def block_key(name: str) -> str:
    """What a page with a plugin's block of this type is found by."""
    return f"{BLOCK}={name}"


def keys_of(page: Page) -> list[str]:
    """What this page is found by, as stored: ``name=value``. Its plugins' blocks too, shown or left out."""
    found = {
        f"{each.name}={sealed(str(value))[:LONGEST_KEY]}"
        for each in plugin_filters()[0]
        if isinstance(page, each.model)
        for value in each.of(page)
    }
    return [*sorted(found)[:MOST_KEYS], *map(block_key, sorted(_plugins_blocks(page)))]


def _plugins_blocks(page: Page) -> set[str]:
    """Types of the blocks in its streams that are not the core's."""
    streams = [getattr(page, each.name) for each in page._meta.concrete_fields if isinstance(each, BodyField)]
    types = {
        str(child.value.type) if child.block_type == NEEDS_PLUGIN else child.block_type
        for stream in streams
        for child in stream
    }
    return {name for name in types if claimed("block").get(name) != CORE}


def moment_of(page: Page) -> datetime | None:
    """The moment that this page is found by, if its type has one."""
    moment = next((each.of(page) for each in plugin_filters()[1] if isinstance(page, each.model)), None)
    if moment is not None and not (isinstance(moment, datetime) and moment.tzinfo):
        raise TypeError(f"{moment!r} is no aware time.")
    return moment
