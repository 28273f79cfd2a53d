"""The inbox of webhooks: verified first, then stored, then applied, as often as it takes."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.campaigns.models.donation import Donation


class EventState(models.TextChoices):
    RECEIVED = "received", _("received")
    APPLIED = "applied", _("applied")
    IGNORED = "ignored", _("means nothing to the ledger")
    WAITING = "waiting", _("waits for its donation or its payment")
    FAILED = "failed", _("could not be understood")
    CONFLICT = "conflict", _("contradicts the ledger")


#: States that nothing more will be done about.
SETTLED = [EventState.APPLIED, EventState.IGNORED, EventState.CONFLICT]


class WebhookEvent(models.Model):
    """One event that a gateway's provider signed. Never deleted by applying it: it is the proof of the entry."""

    gateway = models.CharField(_("gateway"), max_length=50)
    event_id = models.CharField(_("event"), max_length=255)
    data = models.JSONField(pgettext_lazy("what is inside", "content"), default=dict)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=EventState.choices, default=EventState.RECEIVED)
    reference = models.CharField(_("donation's reference"), max_length=255, blank=True)
    donation = models.ForeignKey(
        Donation, verbose_name=_("donation"), null=True, on_delete=models.PROTECT, related_name="events"
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    note = models.TextField(_("note"), blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhook inbox")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["gateway", "event_id"], name="an_event_is_received_once")]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="webhook_due", condition=Q(state__in=["received", "waiting", "failed"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.event_id}"
