"""The editor's form of an episode."""

from typing import Any

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
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.is_deferred_validation and not self.errors:
            for name, message in self.instance.missing().items():
                self.add_error(name, message)
