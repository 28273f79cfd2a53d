"""Times within a recording: whole seconds in the database and the API, ``1:02:03`` in the editor's form."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

#: A week: nothing that is one file is longer, and an integer column holds it.
LONGEST = 7 * 24 * 3600
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]?\d)", re.ASCII)
_NOT_A_TIME = _("Give minutes and seconds, such as 12:34, or hours too, such as 1:02:03.")


def parse(text: str) -> int:
    """The seconds of ``mm:ss``, ``h:mm:ss`` or a plain number of seconds. Raises ValueError."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 6:
        seconds = int(text)
    elif match := _CLOCK.fullmatch(text):
        hours, minutes, rest = (int(part or 0) for part in match.groups())
        if match[1] and minutes > 59:
            raise ValueError(text)
        seconds = hours * 3600 + minutes * 60 + rest
    else:
        raise ValueError(text)
    if seconds > LONGEST:
        raise ValueError(text)
    return seconds


def clock(seconds: int) -> str:
    """``62`` as ``1:02``, ``3723`` as ``1:02:03``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def iso_duration(seconds: int) -> str:
    """ISO 8601, as schema.org wants it: ``PT1H2M3S``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"PT{hours}H{minutes}M{rest}S" if hours else f"PT{minutes}M{rest}S"


class TimecodeFormField(forms.CharField):
    """A text field for a time within a recording."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "max_length": 12})

    def to_python(self, value: Any) -> int | None:
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return parse(text)
        except ValueError:
            raise ValidationError(_NOT_A_TIME, code="invalid") from None

    def run_validators(self, value: Any) -> None:
        """The length is the text's; ``parse`` has seen to it."""

    def prepare_value(self, value: Any) -> Any:
        return clock(value) if isinstance(value, int) else value


class TimecodeField(models.PositiveIntegerField):
    """Seconds. What isn't a form (an import) may give either a number or a text such as ``1:02``."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and ":" in value:
            try:
                return parse(value)
            except ValueError:
                raise ValidationError(_NOT_A_TIME, code="invalid") from None
        return super().to_python(value)

    def formfield(self, **kwargs: Any) -> Any:
        # PositiveIntegerField would ask for a number input with limits.
        return models.Field.formfield(self, **{"form_class": TimecodeFormField, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.PositiveIntegerField", args, kwargs
