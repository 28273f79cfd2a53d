"""Endpoints, and the ledger of what was sent to each.

The rows are the record: a delivery is made from the log of changes in the transaction that moves the endpoint's place
in that log, and it is open until it is settled. Broker and workers may die at any moment.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.webhooks.addresses import LONGEST_URL

#: The kinds of changes that an endpoint can be told of.
KINDS = ("publish", "update", "unpublish", "delete")


class Endpoint(models.Model):
    """An address that is told of changes.

    ``position`` and ``position_mark`` are its place in the log of changes: up to there deliveries were made. One is
    made by ``services.begin``, which puts it at the end of the log.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")

    class Reason(models.TextChoices):
        NONE = "", ""
        BY_HAND = "by_hand", _("paused by an editor")
        FAILING = "failing", _("it failed for days")
        GONE = "gone", _("it answered that it is gone for good (410)")
        NO_SECRET = "no_secret", _("its secret was made with a SECRET_KEY that is no longer known")

    url = models.CharField(_("address"), max_length=LONGEST_URL)
    description = models.CharField(_("description"), max_length=200, blank=True)
    kinds = ArrayField(models.CharField(max_length=20), verbose_name=_("events"), default=list, blank=True)
    types = ArrayField(models.CharField(max_length=60), verbose_name=_("content types"), default=list, blank=True)
    locales = ArrayField(models.CharField(max_length=20), verbose_name=_("languages"), default=list, blank=True)
    rate = models.PositiveSmallIntegerField(
        _("requests a second, at most"), default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True, default="")
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    position = models.BigIntegerField(default=0, editable=False)
    position_mark = models.BigIntegerField(default=0, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    rests_until = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(_("last success"), null=True)

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active", reason="") | (Q(state="paused") & ~Q(reason="")),
                name="endpoint_is_paused_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.url

    def wants(self, kind: str, type: str, locale: str) -> bool:
        """Whether it asked for such a change; an empty list is all."""
        wanted = ((self.kinds, kind), (self.types, type), (self.locales, locale))
        return all(not names or value in names for names, value in wanted)


class Secret(models.Model):
    """What a secret is derived from, together with SECRET_KEY: of itself it signs nothing (see ``signing``)."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="secrets")
    salt = models.CharField(max_length=64)
    key_mark = models.CharField(max_length=16, help_text="Tells which SECRET_KEY it was made with.")
    created_at = models.DateTimeField(default=timezone.now)
    shown_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.created_at:%Y-%m-%d}"


class Delivery(models.Model):
    """One event for one endpoint. ``event`` is its ``webhook-id``, the same at every attempt.

    (``round``, state) only goes up: a settled delivery that is replayed begins another round.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENDING = "sending", _("being sent")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")
        SUPERSEDED = "superseded", _("overtaken by a later change of the page")

    OPEN = (State.PENDING, State.SENDING)

    endpoint = models.ForeignKey(
        Endpoint, verbose_name=_("endpoint"), on_delete=models.CASCADE, related_name="deliveries"
    )
    event = models.CharField(_("event"), max_length=80)
    kind = models.CharField(_("kind"), max_length=40)
    page_id = models.BigIntegerField(_("page"), null=True)
    body = models.TextField(_("body"))
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    round = models.PositiveSmallIntegerField(_("replays"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="an_endpoint_is_told_once"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "sending"], settled_at=None)
                | Q(state__in=["delivered", "failed", "superseded"], settled_at__isnull=False),
                name="webhook_delivery_is_settled_with_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "id"], name="webhook_open", condition=Q(state__in=["pending", "sending"])),
            models.Index(fields=["endpoint", "page_id", "id"], name="webhook_of_page"),
            models.Index(fields=["settled_at"], name="webhook_settled", condition=Q(settled_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.event}"


class Attempt(models.Model):
    """One request and what came of it. Neither headers nor secrets are kept."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="log")
    round = models.PositiveSmallIntegerField(_("replays"), default=0)
    number = models.PositiveSmallIntegerField(_("attempt"))
    at = models.DateTimeField(_("time"), default=timezone.now)
    ms = models.PositiveIntegerField(_("milliseconds"), default=0)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.number}: {self.status or self.error}"

    @property
    def said(self) -> Any:
        """What came of it, in a word."""
        return self.status or self.error
