"""What staff see of each plugin: the same on the Plugins page, in ``ostriv plugin list`` and in ``ostriv doctor``."""

import difflib
import logging
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.content.models import ContentPage
from cms.lifecycle.about import About, about_found, about_loaded
from cms.registry import faults, states
from cms.registry.discovery import Plugin, PluginError, found_plugins
from cms.registry.models import PluginFault

logger = logging.getLogger(__name__)

NOT_LOADED, INACTIVE, RESTING, ACTIVE = "not loaded", "inactive", "resting", "active"
#: The names of the states that staff read.
STATE_NAMES = {
    NOT_LOADED: _("not loaded"),
    INACTIVE: _("inactive"),
    RESTING: _("resting"),
    ACTIVE: _("active"),
}


@dataclass(frozen=True)
class ContentCount:
    """How many pages of a type there are, and how many of them are live."""

    type: str
    pages: int
    live: int


@dataclass(frozen=True)
class PluginFacts:
    """One plugin as it stands. ``faults`` are those that count now, ``last_fault`` the newest that is kept."""

    plugin: Plugin
    about: About
    state: str
    content: tuple[ContentCount, ...] = ()
    faults: int = 0
    last_fault: PluginFault | None = None

    @property
    def label(self) -> str:
        return self.plugin.label

    @property
    def state_name(self) -> Any:
        return STATE_NAMES[self.state]

    @property
    def loaded(self) -> bool:
        return self.state != NOT_LOADED

    @property
    def pages(self) -> int:
        return sum(count.pages for count in self.content)

    @property
    def content_in_words(self) -> str:
        return ", ".join(f"{count.type} {count.pages}" for count in self.content)

    def as_json(self) -> dict[str, Any]:
        """What ``ostriv plugin list --json`` prints."""
        fault = self.last_fault
        return {
            "label": self.label,
            "name": self.about.name,
            "version": self.about.version,
            "state": self.state,
            "contract": self.about.contract,
            "package": self.plugin.package,
            "content": {count.type: {"pages": count.pages, "live": count.live} for count in self.content},
            "faults": self.faults,
            "last_fault": fault and {"hook": fault.hook, "error": fault.error, "at": fault.happened_at.isoformat()},
            "problem": self.about.problem,
        }


def all_facts() -> list[PluginFacts]:
    """Every plugin that is found here, the loaded ones first, in alphabetical order; none that was just purged."""
    loaded = {plugin.label: plugin for plugin in settings.OSTRIV_PLUGINS}
    others = [plugin for label, plugin in _found().items() if label not in loaded]
    purged = states.purged_labels()
    return [
        *(facts_of(plugin) for label, plugin in sorted(loaded.items()) if label not in purged),
        *(PluginFacts(plugin, about_found(plugin), NOT_LOADED) for plugin in sorted(others, key=lambda p: p.label)),
    ]


def _found() -> dict[str, Plugin]:
    try:
        return found_plugins()
    except PluginError as error:
        # Two packages claim one label since the start: what runs is still to be seen.
        logger.warning("%s", error)
        return {}


def facts_of(plugin: Plugin) -> PluginFacts:
    """The facts of one enabled plugin."""
    return PluginFacts(
        plugin=plugin,
        about=about_loaded(plugin),
        state=state_word(plugin.label),
        content=content_of(plugin.label),
        faults=faults.faults_since(plugin.label, states.state_of(plugin.label).looked_at),
        last_fault=PluginFault.objects.filter(label=plugin.label).order_by("-happened_at", "-pk").first(),
    )


def state_word(label: str) -> str:
    """The state of an enabled plugin."""
    state = states.state_of(label)
    if not state.active:
        return INACTIVE
    return ACTIVE if state.running else RESTING


def resting_plugins() -> list[Plugin]:
    """The enabled plugins that rest after faults."""
    return [plugin for plugin in settings.OSTRIV_PLUGINS if state_word(plugin.label) == RESTING]


def page_models(label: str) -> list[type[Page]]:
    """The page types of an enabled plugin."""
    return [model for model in apps.get_app_config(label).get_models() if issubclass(model, Page)]


def content_of(label: str) -> tuple[ContentCount, ...]:
    """The pages of each type of this plugin."""
    counts = []
    there = set(connection.introspection.table_names())
    for model in page_models(label):
        if model._meta.db_table not in there:
            continue  # not migrated yet, or purged
        name = model.get_type_name() if issubclass(model, ContentPage) else model._meta.model_name
        number = model.objects.aggregate(pages=Count("pk"), live=Count("pk", filter=Q(live=True)))
        counts.append(ContentCount(str(name), number["pages"], number["live"]))
    return tuple(sorted(counts, key=lambda count: count.type))


def nearest(label: str, known: list[str]) -> str:
    """A sentence with the names that come near this one, or with all."""
    near = difflib.get_close_matches(label, known, n=3) or sorted(known)
    return f"Did you mean {' or '.join(map(repr, near))}?" if near else "No plugin is installed here."
