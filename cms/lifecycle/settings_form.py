"""The form that staff edit a plugin's settings in, made of its dataclass."""

import dataclasses
from typing import Any, get_type_hints

from django import forms
from django.core.exceptions import ValidationError

from cms.registry.discovery import Plugin
from cms.registry.typed_settings import TYPES, read


class SettingsForm(forms.Form):
    """Fields as the dataclass says; valid only if the dataclass takes the values."""

    settings_class: type

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            try:
                self.settings_class(**values)
            except (ValueError, ValidationError) as error:
                # The plugin's own rule, from its __post_init__.
                self.add_error(None, error if isinstance(error, ValidationError) else str(error))
        return values


def form_class(plugin: Plugin) -> type[SettingsForm] | None:
    """The form of an enabled plugin's settings; None if it has none. Raises what the plugin's own code raises."""
    cls = plugin.info.settings
    if cls is None:
        return None
    hints = get_type_hints(cls)
    fields = {field.name: _form_field(field, hints[field.name]) for field in dataclasses.fields(cls)}
    return type("PluginSettingsForm", (SettingsForm,), {**fields, "settings_class": cls})


def form_of(plugin: Plugin, stored: dict[str, Any], data: Any = None) -> SettingsForm | None:
    """The form with what is set now, or with what was sent. Raises what the plugin's own code raises."""
    cls = form_class(plugin)
    if cls is None:
        return None
    assert plugin.info.settings is not None
    form = cls(data, initial=dataclasses.asdict(read(plugin.info.settings, stored)), prefix="settings")
    for field in form:
        str(field.label), str(field.help_text)  # lazy texts are the plugin's code too: they fail here or nowhere
    return form


def _form_field(field: dataclasses.Field[Any], type_: type) -> forms.Field:
    if type_ not in TYPES:
        raise TypeError(f"The setting {field.name!r} is {type_!r}; it must be bool, int or str.")
    about = field.metadata
    common = {"label": about.get("label") or field.name, "help_text": about.get("help", ""), "required": False}
    if type_ is bool:
        return forms.BooleanField(**common)
    if type_ is int:
        bounds = {"min_value": about.get("minimum"), "max_value": about.get("maximum")}
        return forms.IntegerField(**{**common, **bounds, "required": True})
    if about.get("choices"):
        return forms.ChoiceField(**{**common, "required": True}, choices=about["choices"])
    widget = forms.Textarea(attrs={"rows": 4}) if about.get("multiline") else forms.TextInput()
    least = about.get("minimum")
    return forms.CharField(
        **{**common, "required": bool(least)}, min_length=least, max_length=about.get("maximum"), widget=widget
    )
