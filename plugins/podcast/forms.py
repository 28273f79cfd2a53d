"""The editor's form of an episode."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

#: What is read from an uploaded file, and given by the editor for one that lies elsewhere.
FACTS = ("duration", "audio_size", "mime_type")


class EpisodeForm(WagtailAdminPageForm):
    """An episode needs its audio when it is published; a draft may wait for it."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("audio") and "audio" not in self.changed_data:
            # What was read from the file is not the editor's to change.
            cleaned |= {name: self.initial[name] for name in FACTS if name in cleaned}
        elif cleaned.get("audio") is False and not {*FACTS} & {*self.changed_data}:
            self._forget_facts(cleaned)
        return cleaned

    def _forget_facts(self, cleaned: dict[str, Any]) -> None:
        """What was read from a file that is gone says nothing of the one elsewhere."""
        cleaned |= {"duration": None, "audio_size": None, "mime_type": ""}
        if cleaned.get("audio_url") and not self.is_deferred_validation:
            words = _("This was the removed file's. If it is the same at the address, save a draft and give it again.")
            for name in FACTS:
                self.add_error(name, words)

    def _post_clean(self) -> None:
        super()._post_clean()
        # A new episode stands in no show yet: the page itself can't tell.
        if not self.instance.path:
            self._add_errors(self.instance.clashes(self.parent_page))
        if not self.is_deferred_validation and not self.errors:
            self._add_errors(self.instance.missing())

    def _add_errors(self, found: dict[str, Any]) -> None:
        for name, message in found.items():
            self.add_error(name, message)
