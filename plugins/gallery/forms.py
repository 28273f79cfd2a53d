"""What the editor's form of a photo report adds to a page's."""

from datetime import UTC, datetime, timedelta
from datetime import timezone as fixed_zone
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel

from cms.contract import plugin_settings
from plugins.gallery.plugin import GallerySettings

#: Nobody's zone, told by its identity: a time that was written without one, before it gets the editor's.
_AS_WRITTEN = fixed_zone(timedelta(0), "as written")


class TakenAtField(forms.DateTimeField):
    """A time that may be in the hour that clocks show twice, as they go back.

    A text that the editor has left as it was is the moment that is stored: it says neither its seconds, nor which of
    the two it is. What is written anew in that hour is the first of the two.
    """

    stored: datetime | None = None

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        self.stored = form.get_initial_for_field(self, field_name)
        return super().get_bound_field(form, field_name)

    def to_python(self, value: Any) -> datetime | None:
        if self.stored and value == self.widget.format_value(self.prepare_value(self.stored)):
            return self.stored
        with timezone.override(_AS_WRITTEN):
            moment = super().to_python(value)
        if moment is None:
            return None
        if moment.tzinfo is _AS_WRITTEN:
            moment = moment.replace(tzinfo=timezone.get_current_timezone())
        if moment.utcoffset() < moment.replace(fold=1).utcoffset():  # PEP 495: only so where clocks go forward
            raise ValidationError(
                _("In %(zone)s the clocks go forward over %(time)s: there is no such time. Choose another.")
                % {"zone": moment.tzinfo, "time": f"{moment:%H:%M}"}
            )
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


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
