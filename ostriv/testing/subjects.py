"""What the conformance suite looks at: every content type, block, feed and route of every enabled plugin."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver
from django.urls.converters import IntConverter, UUIDConverter
from django.utils.regex_helper import normalize
from wagtail.models import Page

from cms.content.models import ContentPage
from cms.content.types import content_types
from cms.registry.blocks import PluginBlock, plugin_blocks
from cms.registry.discovery import Plugin
from cms.registry.owners import plugin_of

NOTHING = "no enabled plugin declares any: there is nothing to check"
Test = Callable[..., Any]


@dataclass(frozen=True)
class ContentType:
    """A content type of a plugin."""

    name: str
    model: type[ContentPage]
    plugin: Plugin


@dataclass(frozen=True)
class Block:
    """A block of a plugin."""

    declared: PluginBlock
    plugin: Plugin

    @property
    def example(self) -> Any:
        """What the plugin's ``examples.py`` says is stored of it; None for nothing."""
        module = self.plugin.submodule("examples")
        found = getattr(module, "blocks", {}).get(self.declared.name)
        return found() if callable(found) else found


def types() -> list[ContentType]:
    """The content types of all enabled plugins."""
    found = [(name, model, plugin_of(model)) for name, model in content_types().items()]
    return [ContentType(name, model, plugin) for name, model, plugin in found if plugin]


def blocks(place: str) -> list[Block]:
    """The blocks of all enabled plugins that may stand in this place."""
    by_label = {plugin.label: plugin for plugin in settings.OSTRIV_PLUGINS}
    owned = plugin_blocks().values()
    return [Block(each.declared, by_label[each.owner]) for each in owned if place in each.declared.places]


def for_each_type(test: Test) -> Test:
    """Run this test for every content type, as ``kind``."""
    return _for_each("kind", [(kind.name, kind) for kind in types()])(test)


def for_each_block(place: str) -> Callable[[Test], Test]:
    """Run this test for every block of this place, as ``block``."""
    return _for_each("block", [(block.declared.name, block) for block in blocks(place)])


def for_each_plugin(test: Test) -> Test:
    """Run this test for every enabled plugin, as ``plugin``."""
    return _for_each("plugin", [(plugin.label, plugin) for plugin in settings.OSTRIV_PLUGINS])(test)


def _for_each(name: str, subjects: list[tuple[str, Any]]) -> Callable[[Test], Test]:
    nothing = pytest.param(None, id="nothing", marks=pytest.mark.skip(reason=NOTHING))
    given = [pytest.param(subject, id=id_) for id_, subject in subjects] or [nothing]
    return lambda test: pytest.mark.django_db(pytest.mark.parametrize(name, given)(test))


# --- addresses --------------------------------------------------------------------------------------------------


def addresses(plugin: Plugin, page: Page | None = None) -> list[str]:
    """The addresses that a plugin answers itself, its arguments filled with what they could be for this page.

    Without a page, those that take no arguments.
    """
    found = []
    for module_name, prefix in (("api", f"/api/v1/x/{plugin.label}/"), ("feeds", f"/feeds/{plugin.label}/")):
        patterns = getattr(plugin.submodule(module_name), "urlpatterns", [])
        for pattern in _flat(patterns):
            found += [f"{prefix}{path}" for path in _paths(pattern, page)]
    return list(dict.fromkeys(found))


def _flat(patterns: list[Any], before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _flat(each.url_patterns, (*before, each.pattern))
        elif isinstance(each, URLPattern):
            yield (*before, each.pattern)


def _paths(route: tuple[Any, ...], page: Page | None) -> Iterator[str]:
    converters = {name: conv for pattern in route for name, conv in pattern.converters.items()}
    (shape, names), *_others = normalize("".join(pattern.regex.pattern.lstrip("^") for pattern in route))
    if names and page is None:
        return
    choices = [_candidates(name, converters.get(name), page) for name in names]
    for values in itertools.product(*choices):
        yield shape % dict(zip(names, values, strict=True))


def _candidates(name: str, converter: Any, page: Any) -> list[Any]:
    """What an argument of this name could be for this page, and for those that it stands below."""
    if name in ("locale", "language"):
        return [page.locale.language_code]
    above = [parent for parent in page.get_ancestors().specific() if isinstance(parent, ContentPage)]
    if isinstance(converter, IntConverter) or name in ("id", "pk", "page_id"):
        return [each.pk for each in (page, *above)]
    if isinstance(converter, UUIDConverter):
        return [page.translation_key]
    return [each.slug for each in (page, *above)]
