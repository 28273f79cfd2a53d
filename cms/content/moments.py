"""Dates with times in the admin's forms: every moment that can be stored can be opened and saved again.

Where clocks go back, in the hour that they show twice, Django refuses to guess, and with it refuses the whole form,
although the editor has not touched the time.
"""

from datetime import UTC, datetime, timedelta
from datetime import timezone as fixed_zone
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

#: Nobody's zone, told by its identity: a time that was written without one, before it gets the editor's.
_AS_WRITTEN = fixed_zone(timedelta(0), "as written")


class MomentField(forms.DateTimeField):
    """A date and time in the editor's time zone, to the minute.

    A text that was left as it was is the moment that is stored: it says neither its seconds, nor which of the two it is
    where clocks go back and show an hour twice. What is written anew there is the first of the two.
    """

    widget = AdminDateTimeInput
    default_error_messages = {
        "skipped": _("In %(zone)s the clocks go forward over %(time)s: there is no such time. Choose another.")
    }
    stored: datetime | None = None

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        initial = form.initial.get(field_name, self.initial)
        initial = initial() if callable(initial) else initial
        self.stored = initial if isinstance(initial, datetime) else None
        return super().get_bound_field(form, field_name)

    def to_python(self, value: Any) -> datetime | None:
        if self._is_untouched(value):
            return self.stored
        with timezone.override(_AS_WRITTEN):
            moment = super().to_python(value)
        if moment is None:
            return None
        if moment.tzinfo is _AS_WRITTEN:
            moment = moment.replace(tzinfo=timezone.get_current_timezone())
        if moment.utcoffset() < moment.replace(fold=1).utcoffset():  # PEP 495: only so where clocks go forward
            raise ValidationError(
                self.error_messages["skipped"],
                code="skipped",
                params={"zone": moment.tzinfo, "time": f"{moment:%H:%M}"},
            )
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self._is_untouched(data) and super().has_changed(initial, data)

    def _is_untouched(self, value: Any) -> bool:
        return self.stored is not None and value == self.widget.format_value(self.prepare_value(self.stored))
