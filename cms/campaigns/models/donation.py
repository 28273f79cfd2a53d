"""A donation: somebody's intent to give. What really was given stands in the ledger."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.campaigns.models.campaign import Campaign
from cms.campaigns.money import Currency
from cms.campaigns.statuses import Status


class Donation(models.Model):
    """An intent, made when the donor presses the button. Its id can't be guessed: who has it may see its status."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("campaign"), on_delete=models.PROTECT, related_name="donations"
    )
    amount = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices)
    gateway = models.CharField(_("gateway"), max_length=50)
    reference = models.CharField(_("reference of the checkout"), max_length=255, blank=True)
    checkout_url = models.URLField(max_length=4000, blank=True)
    locale = models.CharField(_("language"), max_length=10, blank=True)

    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    message = models.TextField(_("message"), max_length=1000, blank=True)
    anonymous = models.BooleanField(_("wants to stay unnamed"), default=False)

    # Facts that are not movements of money. Each is written once; the status follows from them and from the ledger.
    declined_at = models.DateTimeField(_("declined at"), null=True)
    expired_at = models.DateTimeField(_("expired at"), null=True)
    failed_at = models.DateTimeField(_("failed at"), null=True)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.PENDING)
    attention = models.CharField(
        _("to be looked at"), max_length=500, blank=True, help_text=_("What does not add up in this donation.")
    )

    idempotency_key = models.CharField(max_length=255, blank=True)
    request_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    # When its checkout was asked for once more, because the first try left none that can be paid.
    asked_at = models.DateTimeField(null=True, editable=False)
    paid_at = models.DateTimeField(_("paid"), null=True)

    class Meta:
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_donation_is_positive"),
            models.CheckConstraint(condition=Q(currency__in=Currency.values), name="a_donation_has_a_known_currency"),
            models.UniqueConstraint(
                fields=["campaign", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="a_donation_once_an_idempotency_key",
            ),
            models.UniqueConstraint(
                fields=["gateway", "reference"], condition=~Q(reference=""), name="a_checkout_has_one_donation"
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "-paid_at"], name="donation_last", condition=Q(status="paid")),
            models.Index(fields=["-created_at"], name="donation_newest"),
        ]

    def __str__(self) -> str:
        return str(self.id)
