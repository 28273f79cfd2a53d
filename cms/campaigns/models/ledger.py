"""The ledger: entries are added, and never changed or removed. Every total is a sum of them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.campaigns.models.campaign import Campaign
from cms.campaigns.models.donation import Donation
from cms.campaigns.money import Currency, to_major


class Kind(models.TextChoices):
    PAYMENT = "payment", _("payment")
    REFUND = "refund", _("refund")
    CHARGEBACK = "chargeback", _("chargeback")
    CHARGEBACK_REVERSAL = "chargeback_reversal", _("chargeback reversal")
    OFFLINE = "offline", _("offline donation")
    MATCH = "match", _("match by a sponsor")
    CORRECTION = "correction", _("correction of an entry made by hand")


#: What comes in has a positive amount, what goes out a negative one; the database checks it.
INCOMING = [Kind.PAYMENT, Kind.CHARGEBACK_REVERSAL, Kind.OFFLINE, Kind.MATCH]
OUTGOING = [Kind.REFUND, Kind.CHARGEBACK, Kind.CORRECTION]
#: What staff record by hand: with who and why.
BY_HAND = [Kind.OFFLINE, Kind.MATCH, Kind.CORRECTION]


class AppendOnlyError(TypeError):
    """Somebody tried to change the ledger. To put an entry right, add one that corrects it."""


class LedgerQuerySet(models.QuerySet):
    def update(self, **kwargs: Any) -> int:
        raise AppendOnlyError("Entries of the ledger can't be changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("Entries of the ledger can't be removed.")


class LedgerEntry(models.Model):
    """One movement of money. A trigger in the database refuses UPDATE and DELETE, whoever asks."""

    campaign = models.ForeignKey(Campaign, verbose_name=_("campaign"), on_delete=models.PROTECT, related_name="entries")
    donation = models.ForeignKey(
        Donation, verbose_name=_("donation"), null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    amount = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices)
    gateway = models.CharField(_("gateway"), max_length=50)
    external_id = models.CharField(_("number at the gateway or the bank"), max_length=255)
    occurred_at = models.DateTimeField(_("happened"))
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    # Text, not a key to the user: deleting an account must not need a change here.
    recorded_by = models.CharField(_("recorded by"), max_length=255, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    corrects = models.OneToOneField(
        "self", verbose_name=_("corrects"), null=True, blank=True, on_delete=models.PROTECT, related_name="correction"
    )

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "external_id", "kind"], name="a_movement_is_entered_once"),
            models.CheckConstraint(
                condition=Q(kind__in=INCOMING, amount__gt=0) | Q(kind__in=OUTGOING, amount__lt=0),
                name="the_sign_follows_from_the_kind",
            ),
            models.CheckConstraint(condition=Q(currency__in=Currency.values), name="an_entry_has_a_known_currency"),
            models.CheckConstraint(
                condition=(Q(kind="correction") & Q(corrects__isnull=False))
                | (~Q(kind="correction") & Q(corrects__isnull=True)),
                name="a_correction_corrects_something",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=BY_HAND) | (~Q(reason="") & ~Q(recorded_by="")),
                name="what_is_entered_by_hand_says_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=BY_HAND) | Q(donation__isnull=False), name="what_a_gateway_moved_has_a_donation"
            ),
        ]
        indexes = [models.Index(fields=["campaign", "-occurred_at"], name="ledger_by_campaign")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.major} {self.currency}"

    @property
    def major(self) -> str:
        """The amount in major units, for exports."""
        return to_major(self.amount)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("An entry of the ledger can't be changed.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("An entry of the ledger can't be removed.")
