"""The editor's form of an event: its times are the newsroom's, wherever the editor sits."""

from datetime import UTC, datetime, timedelta
from datetime import timezone as fixed_zone
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.widgets import AdminDateTimeInput

from plugins.events.times import validate_year, zone

#: Nobody's zone, told by its identity: a time that was written without one, before it gets the newsroom's.
_AS_WRITTEN = fixed_zone(timedelta(0), "as written")


class NewsroomTimeField(forms.DateTimeField):
    """A date and time in the newsroom's time zone.

    The admin shows other times in the zone of each editor's profile; an event's day would shift for those who travel.

    A text that the editor has left as it was is the moment that is stored: it says neither its seconds, nor which of
    the two it is where clocks go back and show an hour twice. What is written anew there is the first of the two.
    """

    widget = AdminDateTimeInput
    stored: datetime | None = None

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        self.stored = form.get_initial_for_field(self, field_name)
        return super().get_bound_field(form, field_name)

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(zone()):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime | None:
        if self.stored and value == self.widget.format_value(self.prepare_value(self.stored)):
            return self.stored
        with timezone.override(_AS_WRITTEN):
            moment = super().to_python(value)
        if moment is None:
            return None
        if moment.tzinfo is _AS_WRITTEN:
            moment = moment.replace(tzinfo=zone())
        validate_year(moment)
        if moment.utcoffset() < moment.replace(fold=1).utcoffset():  # PEP 495: only so where clocks go forward
            raise ValidationError(
                _("In %(zone)s the clocks go forward over %(time)s: there is no such time. Choose another."),
                params={"zone": zone(), "time": f"{moment:%H:%M}"},
            )
        return moment.astimezone(UTC)


class EventForm(WagtailAdminPageForm):
    starts_at = NewsroomTimeField(label=_("starts"), help_text=_("In the newsroom's time zone."))
    ends_at = NewsroomTimeField(label=_("ends"), required=False, help_text=_("Left empty if nobody knows."))
