"""The campaign itself: one purse, whatever the number of languages it is written in."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.campaigns.money import Currency, percent


class State(models.TextChoices):
    """Whether a campaign takes money now."""

    UPCOMING = "upcoming", _("upcoming")
    RUNNING = "running", _("running")
    ENDED = "ended", _("ended")


def state_of(starts_at: datetime | None, ends_at: datetime | None, now: datetime | None = None) -> State:
    """The state at ``now``. Without a start it runs since ever, without an end for ever."""
    now = now or timezone.now()
    if ends_at and now >= ends_at:
        return State.ENDED
    return State.UPCOMING if starts_at and now < starts_at else State.RUNNING


class Campaign(models.Model):
    """What money is given to, and the terms it is asked on, as last published.

    Its pages in three languages share one ``translation_key``, and so one purse. The terms are edited on one of the
    pages (``terms_page``) and copied here when that page is published: a draft changes nothing.
    """

    translation_key = models.UUIDField(unique=True, editable=False)
    title = models.CharField(_("headline"), max_length=255)
    goal = models.BigIntegerField(_("goal"))
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    gateways = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    terms_page = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(condition=Q(goal__gt=0), name="a_goal_is_positive"),
            models.CheckConstraint(condition=Q(currency__in=Currency.values), name="a_campaign_has_a_known_currency"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> State:
        return state_of(self.starts_at, self.ends_at)


class Progress(models.Model):
    """The totals of a campaign: the sum of its ledger, kept ready.

    Written only together with the ledger, in one transaction, under the lock of this row;
    ``cms.campaigns.services.progress`` checks that it equals the sum.
    """

    campaign = models.OneToOneField(
        Campaign, verbose_name=_("campaign"), primary_key=True, on_delete=models.CASCADE, related_name="progress"
    )
    raised = models.BigIntegerField(_("raised"), default=0)
    donors = models.PositiveIntegerField(_("donors"), default=0)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now)

    class Meta:
        verbose_name = _("total")
        verbose_name_plural = _("totals")

    def __str__(self) -> str:
        return f"{self.campaign}: {self.raised}"

    @property
    def percent(self) -> int:
        return percent(self.raised, self.campaign.goal)
