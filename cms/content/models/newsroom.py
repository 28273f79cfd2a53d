"""What the newsroom says of itself on every page: name, logo, donation call."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Locale, Page


@register_setting(icon="home")
class NewsroomSettings(ClusterableModel, BaseSiteSetting):
    """The newsroom: a logo, and its words in each language."""

    logo = models.ForeignKey(
        "content.NewsroomImage",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    feeds_full_text = models.BooleanField(
        _("full text in feeds"),
        default=False,
        db_default=False,
        help_text=_("Whole texts instead of ledes: readers then need not come to your site for the rest."),
    )

    panels = [
        FieldPanel("logo"),
        InlinePanel("texts", label=_("language"), heading=_("Languages")),
        FieldPanel("feeds_full_text"),
    ]

    class Meta:
        verbose_name = _("newsroom")


class NewsroomText(models.Model):
    """The newsroom's name and donation call in one language."""

    newsroom = ParentalKey(NewsroomSettings, on_delete=models.CASCADE, related_name="texts")
    locale = models.ForeignKey(Locale, verbose_name=_("language"), on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    tagline = models.CharField(_("tagline"), max_length=255, blank=True)
    donation_headline = models.CharField(_("headline"), max_length=160, blank=True)
    donation_text = models.TextField(_("text"), blank=True)
    donation_button = models.CharField(_("button"), max_length=60, blank=True)
    donation_campaign = models.ForeignKey(
        Page, verbose_name=_("campaign"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    panels = [
        FieldPanel("locale"),
        FieldPanel("name"),
        FieldPanel("tagline"),
        MultiFieldPanel(
            [
                FieldPanel("donation_headline"),
                FieldPanel("donation_text"),
                FieldPanel("donation_button"),
                PageChooserPanel("donation_campaign", "campaigns.CampaignPage"),
            ],
            heading=_("Donation call"),
        ),
    ]

    class Meta:
        verbose_name = _("newsroom text")
        constraints = [models.UniqueConstraint(fields=["newsroom", "locale"], name="one_newsroom_text_a_language")]

    def __str__(self) -> str:
        return self.name
