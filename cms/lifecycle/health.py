"""What ``ostriv doctor`` says of the plugins."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from cms.lifecycle import boot
from cms.lifecycle.facts import RESTING, PluginFacts, facts_of
from cms.registry.version import CONTRACT_VERSION


@dataclass(frozen=True)
class PluginFinding:
    """One line: what is so, and what to do about it if it is not well."""

    label: str
    said: str
    remedy: str = ""
    warning: bool = False


def plugin_findings() -> Iterator[PluginFinding]:
    """One finding or more for each enabled plugin."""
    unmade = boot.without_migration([plugin.label for plugin in settings.OSTRIV_PLUGINS])
    waiting = boot.waiting()
    for plugin in settings.OSTRIV_PLUGINS:
        if plugin.label in unmade:
            yield PluginFinding(
                plugin.label,
                f"models have changes without a migration: {', '.join(unmade[plugin.label])}",
                f"Run: ostriv makemigrations {plugin.label}, or install a version that brings its migrations.",
            )
        if plugin.label in waiting:
            # What is not there yet can't be counted.
            yield PluginFinding(plugin.label, f"{len(waiting[plugin.label])} migrations not applied", "ostriv migrate")
        else:
            yield _state(facts_of(plugin))


def _state(facts: PluginFacts) -> PluginFinding:
    words = [
        facts.about.version or "no version",
        f"contract {facts.about.contract or 'any'} (here {CONTRACT_VERSION})",
        facts.state,
        facts.content_in_words,
    ]
    said = ", ".join(filter(None, words))
    if not facts.faults and facts.state != RESTING:
        return PluginFinding(facts.label, said)
    fault = facts.last_fault
    newest = f"; the last: {fault.error} in {fault.hook}" if fault else ""
    look = f"Look at Settings > Plugins, or run: ostriv plugin enable {facts.label}"
    return PluginFinding(facts.label, f"{said}, {facts.faults} faults{newest}", look, warning=facts.state != RESTING)
