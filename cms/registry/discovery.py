"""Which plugins are there, and which of them this installation loads.

Found is not loaded: a plugin is found in the in-tree package ``plugins`` or through the entry-point group
``ostriv.plugins``, and loaded only if ``OSTRIV_PLUGINS`` lists its label. Nothing here needs Django's settings, because
they ask before there are any.
"""

import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Iterable
from dataclasses import dataclass, is_dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, entry_points, version
from types import ModuleType

from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from cms.registry.version import CONTRACT_VERSION

ENTRY_POINT_GROUP = "ostriv.plugins"
IN_TREE_PACKAGE = "plugins"
_LABEL = re.compile(r"[a-z][a-z0-9_]*")
#: What a plugin can't be called, because what is named by its label would be, or be taken for, something of Ostriv's:
#: its tables, its tasks and their queue, its events, its addresses, its blocks.
RESERVED_LABELS = {
    # Apps, and what names their tables.
    "access", "api", "auth", "campaigns", "content", "contenttypes", "corsheaders", "demo", "django", "django_filters",
    "django_tasks", "drf_spectacular", "drf_spectacular_sidecar", "humanize", "lifecycle", "messages", "modelcluster",
    "newsletters", "postgres", "registry", "rest_framework", "runserver_nostatic", "sessions", "simple_translation",
    "staticfiles", "taggit", "wagtail", "wagtailadmin", "wagtailcore", "wagtaildocs", "wagtailembeds", "wagtailimages",
    "wagtailredirects", "wagtailsearch", "wagtailsettings", "wagtailsites", "wagtailsnippets", "wagtailtableblock",
    "wagtailusers", "webhooks", "workers",
    # Packages.
    "cms", "ostriv", "plugins",
    # Queues, and the beginnings of tasks' names.
    "background", "celery", "mail", "publish",
    # The beginnings of events' names.
    "author", "campaign", "donation", "edition", "image", "newsroom", "outbox", "plugin", "section", "subscription",
    "tag", "webhook",
    # What ListBlock calls each of its items, the type of a front page's document, and the feeds of a language.
    "item", "front", *LANG_INFO,
}  # fmt: skip


class PluginError(ImproperlyConfigured):
    """A plugin can't be loaded; the message names it, what it asked for and what to do."""


@dataclass(frozen=True, kw_only=True)
class PluginInfo:
    """What a plugin says of itself in its ``plugin.py``; every field has a default, so the file is optional.

    ``contract`` is a PEP 440 specifier on the version of the plugin contract, for example ``">=1.0,<2"``.
    ``requires`` are PEP 508 requirements on other distributions, for example ``("icalendar>=6",)``;
    ``needs`` are labels of plugins that must be enabled too. ``settings`` is a frozen dataclass whose fields are made
    by ``cms.contract.setting``: staff edit them on the Plugins page, ``cms.contract.plugin_settings`` reads them.
    """

    name: str = ""
    version: str = ""
    description: str = ""
    contract: str = ""
    requires: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    settings: type | None = None


@dataclass(frozen=True)
class Plugin:
    """A found plugin: its label (also its Django app label) and the dotted name of its package."""

    label: str
    package: str

    def has(self, name: str) -> bool:
        """Whether the plugin has this optional module; it is not imported, but its package is. Raises PluginError."""
        try:
            return importlib.util.find_spec(f"{self.package}.{name}") is not None
        except Exception as error:
            raise self._without_package(error) from error

    def submodule(self, name: str) -> ModuleType | None:
        """Import one of the plugin's optional modules.

        Returns None only if the plugin has no such module. One that is there and fails to import is an error that
        names the plugin: a fault is never taken for an absence. Raises PluginError.
        """
        if not self.has(name):
            return None
        try:
            return importlib.import_module(f"{self.package}.{name}")
        except PluginError:
            raise
        except Exception as error:
            raise self.broken(f"its module {name!r} can't be imported", error) from error

    def broken(self, what: str, error: BaseException) -> PluginError:
        """The error to raise for what this plugin's own code raised; ``what`` says what went wrong."""
        return PluginError(
            f"Plugin {self.label!r}: {what}: {type(error).__name__}: {error}. "
            "Repair it, or take the label out of OSTRIV_PLUGINS."
        )

    def _without_package(self, error: Exception) -> PluginError:
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        if missing and (self.package == missing or self.package.startswith(f"{missing}.")):
            return PluginError(
                f"Plugin {self.label!r}: its package {self.package!r} is not there. "
                "Install it again, or take the label out of OSTRIV_PLUGINS."
            )
        return self.broken(f"its package {self.package!r} can't be imported", error)

    @cached_property
    def info(self) -> PluginInfo:
        """The plugin's own ``plugin.plugin``, else one made of its label. Raises PluginError."""
        info = getattr(self.submodule("plugin"), "plugin", PluginInfo(name=self.label))
        if not isinstance(info, PluginInfo):
            raise self._misdeclared(f"`plugin` must be a PluginInfo, not {info!r}")
        for field in ("requires", "needs"):
            value = getattr(info, field)
            if not isinstance(value, tuple | list) or not all(isinstance(each, str) for each in value):
                raise self._misdeclared(f"`{field}` must be a tuple of texts, not {value!r}")
        if not isinstance(info.contract, str):
            raise self._misdeclared(f"`contract` must be a text, not {info.contract!r}")
        if info.settings is not None and not (isinstance(info.settings, type) and is_dataclass(info.settings)):
            raise self._misdeclared(f"`settings` must be a dataclass, not {info.settings!r}")
        return info

    def _misdeclared(self, what: str) -> PluginError:
        return PluginError(
            f"Plugin {self.label!r}: in {self.package}.plugin {what}. "
            "Repair it, or take the label out of OSTRIV_PLUGINS."
        )

    @property
    def queue(self) -> str:
        """The Celery queue that the plugin's own tasks run on."""
        return f"plugin.{self.label}"

    def owns(self, module: str) -> bool:
        """Whether the module of this dotted name is a part of the plugin."""
        return module == self.package or module.startswith(f"{self.package}.")


def found_plugins() -> dict[str, Plugin]:
    """All plugins that are installed here, by label. Raises PluginError if two claim one label."""
    found: dict[str, Plugin] = {}
    for plugin in [*_in_tree(), *_by_entry_point()]:
        other = found.setdefault(plugin.label, plugin)
        if other.package != plugin.package:
            raise PluginError(
                f"Two plugins claim the label {plugin.label!r}: {other.package} and {plugin.package}. "
                "Uninstall one of them."
            )
    return found


def bundled_labels() -> list[str]:
    """The labels of the plugins that come with Ostriv: what is loaded when nothing else is asked for."""
    return [plugin.label for plugin in _in_tree()]


def enabled_plugins(labels: list[str] | None) -> list[Plugin]:
    """The plugins with these labels, in this order; all bundled ones for None.

    Raises PluginError for a label that no installed plugin has, for a plugin made for another contract, and for one
    that misses what it requires.
    """
    found = found_plugins()
    wanted = bundled_labels() if labels is None else list(dict.fromkeys(labels))
    for label in wanted:
        if label not in found:
            known = ", ".join(sorted(found)) or "none"
            raise PluginError(f"OSTRIV_PLUGINS lists {label!r}, which is not installed. Installed: {known}.")
    plugins = [found[label] for label in wanted]
    for plugin in plugins:
        check_fitness(plugin, wanted)
    return plugins


def check_fitness(plugin: Plugin, enabled: Iterable[str]) -> None:
    """Raise PluginError if this plugin can't be loaded beside these: label, contract, packages, other plugins."""
    _check_label(plugin)
    _check_contract(plugin)
    for requirement in plugin.info.requires:
        _check_requirement(plugin, requirement)
    for label in plugin.info.needs:
        if label not in enabled:
            raise PluginError(
                f"Plugin {plugin.label!r} needs the plugin {label!r}, which is not enabled. "
                f"Add {label!r} to OSTRIV_PLUGINS, or take {plugin.label!r} out of it."
            )


def _check_label(plugin: Plugin) -> None:
    if not _LABEL.fullmatch(plugin.label):
        raise PluginError(
            f"Plugin {plugin.label!r} ({plugin.package}): a label is made of small Latin letters, digits and "
            "underscores, and begins with a letter."
        )
    if plugin.label in RESERVED_LABELS:
        raise PluginError(
            f"Plugin {plugin.label!r} ({plugin.package}): the label {plugin.label!r} is Ostriv's own. "
            "Choose another label for the plugin, or take this one out of OSTRIV_PLUGINS."
        )


def _check_contract(plugin: Plugin) -> None:
    asked = plugin.info.contract
    try:
        fits = not asked or CONTRACT_VERSION in SpecifierSet(asked)
    except InvalidSpecifier:
        raise PluginError(
            f"Plugin {plugin.label!r} says that it needs the plugin contract {asked!r}, which is no version specifier. "
            'It should read like ">=1.0,<2" (PEP 440).'
        ) from None
    if not fits:
        raise PluginError(
            f"Plugin {plugin.label!r} needs the plugin contract {asked}, and this Ostriv has {CONTRACT_VERSION}. "
            "Install a version of the plugin made for it, or take the label out of OSTRIV_PLUGINS."
        )


def _check_requirement(plugin: Plugin, text: str) -> None:
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        raise PluginError(
            f"Plugin {plugin.label!r} says that it requires {text!r}, which is no requirement. "
            'It should read like "icalendar>=6" (PEP 508).'
        ) from None
    if requirement.marker and not requirement.marker.evaluate():
        return
    try:
        installed = version(requirement.name)
    except PackageNotFoundError:
        installed = ""
    if not installed or not requirement.specifier.contains(installed, prereleases=True):
        there = f"{installed} is installed" if installed else "it is not installed"
        raise PluginError(
            f"Plugin {plugin.label!r} requires {text}, and {there}. "
            f"Run: pip install '{text}', or take the label out of OSTRIV_PLUGINS."
        )


def _in_tree() -> list[Plugin]:
    package = importlib.import_module(IN_TREE_PACKAGE)
    return [
        Plugin(label=module.name, package=f"{IN_TREE_PACKAGE}.{module.name}")
        for module in pkgutil.iter_modules(package.__path__)
        if module.ispkg
    ]


def _by_entry_point() -> list[Plugin]:
    return [Plugin(label=entry.name, package=entry.value) for entry in entry_points(group=ENTRY_POINT_GROUP)]
