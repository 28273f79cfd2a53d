"""Form and model fields for money: editors write major units, the database holds minor ones."""

import re
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cms.campaigns.money import NotMoneyError, parse_major, to_major

_BETWEEN = re.compile(r"[;\n]|,\s")


class MoneyInput(forms.TextInput):
    """A text input that shows minor units as major ones, with the keyboard of figures on a phone."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return to_major(value) if isinstance(value, int) else super().format_value(value)


class MoneyFormField(forms.Field):
    """An amount in major units (``1 500,50``); its clean value is an int of minor units."""

    widget = MoneyInput

    def __init__(self, *, max_value: int | None = None, min_value: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if min_value is not None:
            told = format_lazy(_("This must be at least {least}."), least=to_major(min_value))
            self.validators.append(MinValueValidator(min_value, told))
        if max_value is not None:
            told = format_lazy(_("This can be at most {most}."), most=to_major(max_value))
            self.validators.append(MaxValueValidator(max_value, told))

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        try:
            return parse_major(str(value))
        except NotMoneyError as error:
            raise ValidationError(error.args[0], code="invalid") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return initial != self.to_python(data)
        except ValidationError:
            return True


class MoneyListInput(forms.TextInput):
    """Several amounts in one line, ``100; 250; 500``."""

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, list | tuple):
            return "; ".join(to_major(each) for each in value)
        return super().format_value(value)


class MoneyListFormField(forms.Field):
    """Amounts in major units, with semicolons between them; its clean value is a list of minor units."""

    widget = MoneyListInput

    def to_python(self, value: Any) -> list[int]:
        if value in self.empty_values:
            return []
        if isinstance(value, list | tuple):
            return list(value)
        amounts = []
        for part in _BETWEEN.split(str(value)):
            if not part.strip():
                continue
            try:
                amounts.append(parse_major(part))
            except NotMoneyError as error:
                raise ValidationError(
                    _("“%(part)s” is not an amount. Write amounts with semicolons between: 100; 250; 500."),
                    code="invalid",
                    params={"part": part.strip()},
                ) from error
        return amounts

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True


class MinorUnitsField(models.BigIntegerField):
    """An amount in minor units. Forms show and take it in major units."""

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        # BigIntegerField's own range validators run on the model; a form needs none beside them.
        return models.Field.formfield(self, **{"form_class": MoneyFormField, **kwargs})


class MinorUnitsListField(ArrayField):
    """A list of amounts in minor units. Forms show and take them in major units."""

    def __init__(self, base_field: models.Field | None = None, **kwargs: Any) -> None:
        super().__init__(base_field or models.BigIntegerField(), **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return models.Field.formfield(self, **{"form_class": MoneyListFormField, **kwargs})
