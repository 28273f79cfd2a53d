"""What the editor's form of a photo report adds to a page's."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel

from cms.contract import plugin_settings
from plugins.gallery.plugin import GallerySettings


class GalleryForm(WagtailAdminPageForm):
    """A draft may be without photos, so that they can be uploaded to it; what goes to readers has one at least."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        photos = sum(1 for form in self.formsets["photos"].forms if _is_kept(form))
        limit = plugin_settings(GallerySettings).max_photos
        if photos > limit:
            self.add_error(
                None,
                ngettext(
                    "A photo report holds at most %(limit)d photo; this one has %(number)d.",
                    "A photo report holds at most %(limit)d photos; this one has %(number)d.",
                    limit,
                )
                % {"limit": limit, "number": photos},
            )
        if not photos and not self.is_deferred_validation:
            self.add_error(None, _("A photo report needs a photo. Add one, or save this as a draft."))
        return data


def _is_kept(form: Any) -> bool:
    """Whether this row of the form will be a photo: not deleted, and not an empty row that nobody has filled."""
    form.full_clean()
    data = getattr(form, "cleaned_data", {})
    return not data.get("DELETE") and bool(data.get("image"))


class UploadPanel(Panel):
    """The way to the upload of many photos, once the report is saved."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "gallery/upload_panel.html"
