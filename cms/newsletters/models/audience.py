"""Who gets a newsletter, and how we know that they want it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.newsletters.models.newsletter import Newsletter


class Subscriber(models.Model):
    """A person's address. Two spellings that differ only in case are one person."""

    email = models.EmailField(_("e-mail"), max_length=254)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=120, blank=True)
    locale = models.CharField(_("language"), max_length=12, default="uk")
    bounces = models.PositiveSmallIntegerField(
        _("refusals in a row"), default=0, help_text=_("How often, since the last success, the address was refused.")
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, db_default=Now())

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="subscriber_email_once",
                violation_error_message=_("There is a subscriber with this address."),
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def newsletters(self) -> str:
        """What this person subscribed to, with the state of each, for lists and exports."""
        return ", ".join(f"{each.newsletter} ({each.get_state_display()})" for each in self.subscriptions.all())


class Subscription(models.Model):
    """One person and one newsletter.

    The state only moves forward: pending, confirmed, then unsubscribed or suppressed. Somebody who unsubscribed
    and asks again starts a new ``round``, so a confirmation link of an older one opens nothing.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("not confirmed yet")
        CONFIRMED = "confirmed", _("confirmed")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        SUPPRESSED = "suppressed", _("suppressed")

    newsletter = models.ForeignKey(
        Newsletter, verbose_name=_("newsletter"), on_delete=models.PROTECT, related_name="subscriptions"
    )
    subscriber = models.ForeignKey(
        Subscriber, verbose_name=_("subscriber"), on_delete=models.CASCADE, related_name="subscriptions"
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PENDING)
    round = models.PositiveIntegerField(default=1, editable=False)
    requested_at = models.DateTimeField(_("asked for"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    source = models.CharField(
        _("source"), max_length=120, blank=True, help_text=_("Where the consent comes from: the sign-up form, a list.")
    )
    consent = models.JSONField(_("evidence of consent"), default=dict, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "subscriber"], name="one_subscription_a_person"),
            models.CheckConstraint(
                condition=Q(state="pending", confirmed_at=None, ended_at=None)
                | Q(state="confirmed", confirmed_at__isnull=False, ended_at=None)
                | Q(state__in=["unsubscribed", "suppressed"], ended_at__isnull=False),
                name="subscription_state_and_times_agree",
            ),
        ]
        indexes = [
            models.Index(fields=["newsletter", "subscriber"], name="audience", condition=Q(state="confirmed")),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} · {self.newsletter}"


class ConfirmationMail(models.Model):
    """A message that asks "did you want this?": one row for each, due until it is sent.

    The row is the record, so a lost wake-up delays the message and no more; and how many were sent to an address
    can be counted, so nobody's mailbox is flooded by somebody else's form.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="confirmation_mails")
    round = models.PositiveIntegerField()
    locale = models.CharField(max_length=12)
    name = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=120, blank=True)
    client = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the network address that asked.")
    requested_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("confirmation message")
        verbose_name_plural = _("confirmation messages")
        indexes = [
            models.Index(fields=["due_at"], name="confirmation_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["subscription", "requested_at"], name="confirmation_history"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription} {self.requested_at:%Y-%m-%d %H:%M}"
