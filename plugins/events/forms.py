"""The editor's form of an event: its times are the newsroom's, wherever the editor sits."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.widgets import AdminDateTimeInput

from plugins.events.times import zone


class NewsroomTimeField(forms.DateTimeField):
    """A date and time in the newsroom's time zone.

    The admin shows other times in the zone of each editor's profile; an event's day would shift for those who travel.
    """

    widget = AdminDateTimeInput

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(zone()):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(zone()):
            return super().to_python(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        with timezone.override(zone()):
            return super().has_changed(initial, data)


class EventForm(WagtailAdminPageForm):
    starts_at = NewsroomTimeField(label=_("starts"), help_text=_("In the newsroom's time zone."))
    ends_at = NewsroomTimeField(label=_("ends"), required=False, help_text=_("Left empty if nobody knows."))
