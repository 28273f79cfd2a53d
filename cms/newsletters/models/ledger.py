"""The ledger of what was sent: a dispatch for each edition, a delivery for each recipient."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.newsletters.models.audience import Subscriber, Subscription
from cms.newsletters.models.edition import EditionPage


class Dispatch(models.Model):
    """The sending of one edition.

    When it starts, it freezes what is sent (subject, sender, HTML, text) and to whom (its deliveries); what an
    editor changes after that changes the web version and no message.
    """

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("scheduled")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        CANCELLED = "cancelled", _("cancelled")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    edition = models.ForeignKey(
        EditionPage, verbose_name=_("edition"), null=True, on_delete=models.SET_NULL, related_name="dispatches"
    )
    newsletter = models.ForeignKey(
        "newsletters.Newsletter", verbose_name=_("newsletter"), on_delete=models.PROTECT, related_name="dispatches"
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SCHEDULED)
    scheduled_at = models.DateTimeField(_("to be sent at"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)
    subject = models.CharField(_("subject"), max_length=255)
    from_name = models.CharField(max_length=120, blank=True)
    from_email = models.EmailField(blank=True)
    reply_to = models.EmailField(blank=True)
    list_id = models.CharField(max_length=255, blank=True)
    html = models.TextField(blank=True)
    text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        ordering = ["-scheduled_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"],
                condition=~Q(state="cancelled"),
                name="an_edition_is_dispatched_once",
                violation_error_message=_("This edition has been sent, or is about to be."),
            ),
            models.CheckConstraint(
                condition=Q(state="scheduled", started_at=None, finished_at=None)
                | (Q(state="sending", started_at__isnull=False, finished_at=None) & ~Q(html="") & ~Q(text=""))
                | Q(state="sent", started_at__isnull=False, finished_at__isnull=False)
                | Q(state="cancelled", finished_at__isnull=False),
                name="dispatch_state_and_times_agree",
            ),
        ]
        indexes = [
            models.Index(fields=["scheduled_at"], name="dispatch_open", condition=Q(state__in=["scheduled", "sending"]))
        ]

    def __str__(self) -> str:
        return self.subject


class Delivery(models.Model):
    """One message to one recipient: what is known of it, and never more than is known."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        CLAIMED = "claimed", _("taken by a sender")
        SENDING = "sending", _("being handed over")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        UNCERTAIN = "uncertain", _("uncertain")
        SKIPPED = "skipped", _("skipped")

    OPEN = (State.PENDING, State.CLAIMED, State.SENDING)

    dispatch = models.ForeignKey(
        Dispatch, verbose_name=_("dispatch"), on_delete=models.CASCADE, related_name="deliveries"
    )
    subscriber = models.ForeignKey(
        Subscriber, verbose_name=_("subscriber"), null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    subscription = models.ForeignKey(
        Subscription, verbose_name=_("subscription"), null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    email = models.CharField(_("e-mail"), max_length=254)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claimed_by = models.IntegerField(null=True, help_text="The number of the sender's advisory lock.")
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    message_id = models.CharField(max_length=255, blank=True)
    smtp_code = models.PositiveSmallIntegerField(_("SMTP code"), null=True)
    response = models.TextField(_("answer of the mail server"), blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "subscriber"], name="one_delivery_a_recipient"),
            models.CheckConstraint(
                condition=Q(state="pending", claimed_by=None, settled_at=None)
                | Q(state__in=["claimed", "sending"], claimed_by__isnull=False, settled_at=None)
                | Q(state__in=["sent", "failed", "uncertain", "skipped"], settled_at__isnull=False),
                name="delivery_state_and_claim_agree",
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], name="delivery_due", condition=Q(state="pending")),
            models.Index(fields=["claimed_by"], name="delivery_held", condition=Q(state__in=["claimed", "sending"])),
            models.Index(fields=["dispatch", "state"], name="delivery_report"),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.get_state_display()}"
