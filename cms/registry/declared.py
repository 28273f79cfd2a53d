"""What plugins have declared, remembered in the database: a plugin that isn't loaded can't say it any more."""

from typing import Any

from django.conf import settings

from cms.registry import states
from cms.registry.claims import claimed, claims_of


def remember(**kwargs: Any) -> None:
    """Write down what each enabled plugin declares. Called after every ``migrate``."""
    for plugin in settings.OSTRIV_PLUGINS:
        names = claims_of(plugin.label)
        if states.state_of(plugin.label).declares != names:
            states.save_declared(plugin.label, names)


def switched_off(kind: str) -> list[str]:
    """The names of this kind ("block", "content type") whose plugin is switched off, or not loaded."""
    loaded = {plugin.label for plugin in settings.OSTRIV_PLUGINS}
    off = {
        name
        for label, state in states.all_states().items()
        if not state.active or label not in loaded
        for name in state.declares.get(kind, [])
    }
    if not off:
        return []
    # A plugin that was given another label has left its names under the old one.
    return sorted(off - {name for name, owner in claimed(kind).items() if owner in loaded and states.is_active(owner)})


def declarer(kind: str, name: str) -> str:
    """The label of the plugin that declares this name, or did when it was loaded last; empty if none is known."""
    for label, state in states.all_states().items():
        if name in state.declares.get(kind, []):
            return label
    return ""
