"""What stands somewhere for a time only."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Timed(models.Model):
    """Something with a beginning and an end, either of which may be open. The end is not of it."""

    class Phase(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        OVER = "over", _("over")

    shown_from = models.DateTimeField(
        _("from"), null=True, blank=True, help_text=_("Left empty, it begins as soon as this front page is published.")
    )
    shown_until = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Left empty, it stays until you take it away.")
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(shown_from__lt=F("shown_until")),
                name="%(class)s_begins_before_it_ends",
                violation_error_message=_("It has to begin before it ends."),
            )
        ]

    def clean(self) -> None:
        super().clean()
        if self.shown_from and self.shown_until and self.shown_from >= self.shown_until:
            raise ValidationError({"shown_until": _("The end has to be later than the beginning.")})

    def phase(self, now: datetime) -> "Timed.Phase":
        """Where it stands at this moment."""
        if self.shown_until and self.shown_until <= now:
            return self.Phase.OVER
        return self.Phase.WAITING if self.shown_from and self.shown_from > now else self.Phase.RUNNING
