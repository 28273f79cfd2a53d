"""The block that stands for one whose plugin isn't there: shown, moved and deleted by editors, never changed.

The form carries its content signed, so a form can bring back what was stored and nothing else.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import Adapter, register
from wagtail.blocks import FieldBlock

from cms.registry import owners, states
from cms.registry.blocks import plugin_blocks
from cms.registry.declared import declarer

#: The type of this block inside of the process and in forms. The database holds the type that is kept.
NEEDS_PLUGIN = "needs_plugin"
_SALT = "ostriv.kept-block"


@dataclass(frozen=True)
class Kept:
    """The type and the stored value of a block that nobody here can read. Without a type it is nothing."""

    type: str = ""
    value: Any = None


class KeptWidget(forms.Widget):
    """The signed content in a hidden field, below a sentence that says what is missing."""

    class Media:
        js = ["content/kept_blocks.js"]


class NeedsPluginBlock(FieldBlock):
    """A block of a plugin that isn't loaded, is switched off, rests, or fails to read what it stored."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(required=False, widget=KeptWidget())
        super().__init__(**kwargs)

    class Meta:
        icon = "lock"
        label = _("Block of a plugin")
        default = Kept()

    def to_python(self, value: Any) -> Kept:
        return value if isinstance(value, Kept) else Kept(**(value or {}))

    def normalize(self, value: Any) -> Kept:
        return self.to_python(value)

    def get_prep_value(self, value: Kept) -> dict[str, Any]:
        return {"type": value.type, "value": value.value}

    def get_form_state(self, value: Kept) -> dict[str, str]:
        signed = signing.dumps([value.type, value.value], salt=_SALT, compress=True) if value.type else ""
        return {"signed": signed, "title": title_of(value), "text": _text_of(value)}

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> Kept:
        """What the form brings back; nothing, which ``clean`` refuses, if it isn't what was given out."""
        try:
            kept, value = signing.loads(data.get(prefix) or "", salt=_SALT)
        except signing.BadSignature:
            return Kept()
        return Kept(kept, value)

    def clean(self, value: Kept) -> Kept:
        if not value.type:
            raise ValidationError(
                _("This block can't be saved: its plugin isn't there. Load the page anew to get it back as it was.")
            )
        return value

    def render_basic(self, value: Kept | None, context: Any = None) -> str:
        return escape(title_of(value)) if value else ""


def title_of(kept: Kept) -> str:
    """``needs plugin X``, in the editor's language."""
    return gettext("needs plugin “%s”") % plugin_name(kept.type) if kept.type else gettext("needs a plugin")


def _text_of(kept: Kept) -> str:
    title = title_of(kept)
    sentence = gettext("It is kept as it is and can be moved or deleted. Readers don't see it.")
    return f"{title[:1].upper()}{title[1:]}. {sentence}"


def plugin_name(block_type: str) -> str:
    """What the plugin of this block is called; its label, if the plugin is gone and the label is known."""
    owned = plugin_blocks().get(block_type)
    if owned and (plugin := owners.enabled(owned.owner)):
        return str(plugin.info.name or plugin.label)
    known = [label for label in states.all_states() if block_type == label or block_type.startswith(f"{label}_")]
    return declarer("block", block_type) or max(known, key=len, default=block_type.partition("_")[0])


class KeptWidgetAdapter(Adapter):
    js_constructor = "ostriv.KeptWidget"

    def js_args(self, widget: KeptWidget) -> list[Any]:
        return []

    @cached_property
    def media(self) -> forms.Media:
        return forms.Media(js=[versioned_static("wagtailadmin/js/telepath/blocks.js"), *KeptWidget.Media.js])


register(KeptWidgetAdapter(), KeptWidget)
