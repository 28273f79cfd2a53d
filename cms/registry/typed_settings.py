"""Typed settings of a plugin: a frozen dataclass in its ``plugin.py``, edited by staff, kept with its state."""

import dataclasses
from collections.abc import Sequence
from typing import Any, TypeVar, get_type_hints

from cms.registry.owners import owner_of, plugin_of

Settings = TypeVar("Settings")
#: The types that a setting may have.
TYPES = (bool, int, str)


def setting(
    default: Any,
    *,
    label: Any,
    help: Any = "",
    minimum: int | None = None,
    maximum: int | None = None,
    choices: Sequence[tuple[str, Any]] = (),
    multiline: bool = False,
) -> Any:
    """One field of a plugin's settings, a ``bool``, an ``int`` or a ``str``.

    ``label`` and ``help`` are what staff read. ``minimum`` and ``maximum`` bound a number, or the length of a text;
    ``choices`` are the values that a text may have, with their names; ``multiline`` gives a text several lines.
    """
    about = {
        "label": label,
        "help": help,
        "minimum": minimum,
        "maximum": maximum,
        "choices": tuple(choices),
        "multiline": multiline,
    }
    return dataclasses.field(default=default, metadata=about)


def plugin_settings(cls: type[Settings]) -> Settings:
    """The settings of a plugin as they are now: what staff have set, and the defaults for the rest.

    ``cls`` is the dataclass that the plugin's ``plugin.py`` names. Changes are seen within a second. A stored value
    that no longer fits (its field has become a number, say) counts as not set; if the dataclass refuses what is set,
    all of it does. Raises TypeError if no plugin has it.
    """
    from cms.registry import states  # it has a model; `setting` is needed before there are any

    plugin = plugin_of(cls)
    if plugin is None or plugin.info.settings is not cls:
        raise TypeError(f"{cls.__qualname__} is not the settings of an enabled plugin.")
    return read(cls, states.state_of(plugin.label).settings)


def read(cls: type[Settings], stored: dict[str, Any]) -> Settings:
    """An instance of this dataclass from stored JSON values; the defaults, and a noted fault, if it refuses them."""
    hints = get_type_hints(cls)
    fields = dataclasses.fields(cls)  # type: ignore[arg-type]
    fitting = {f.name: stored[f.name] for f in fields if f.name in stored and _fits(stored[f.name], hints[f.name], f)}
    try:
        return cls(**fitting)
    except Exception as error:
        if not fitting:
            raise  # it refuses its own defaults
        _note_once(cls, fitting, error)
        return cls()


#: The values that each dataclass refused last: settings are read often, and one fault is told once by each process.
_refused: dict[type, dict[str, Any]] = {}


def _note_once(cls: type, values: dict[str, Any], error: Exception) -> None:
    from cms.registry import faults

    if _refused.get(cls) != values:
        _refused[cls] = values
        faults.note(owner_of(cls), "stored settings", error)


def _fits(value: Any, type_: type, field: Any) -> bool:
    if type(value) is not type_:
        return False
    choices = [key for key, _name in field.metadata.get("choices", ())]
    if choices and value not in choices:
        return False
    size = len(value) if isinstance(value, str) else value
    least, most = field.metadata.get("minimum"), field.metadata.get("maximum")
    return (least is None or size >= least) and (most is None or size <= most)
