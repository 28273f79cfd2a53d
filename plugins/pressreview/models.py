"""A review of other media: cited pieces, each with its outlet, its words and what the reviewer says of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from cms.contract import APIField, ContentPage


class PressReviewPage(ContentPage):
    """A press review."""

    content_panels = [*ContentPage.content_panels, InlinePanel("pieces", label=_("cited piece"), min_num=1)]
    api_fields = [APIField("pieces")]
    import_fields = ["pieces"]

    class Meta:
        verbose_name = _("press review")
        verbose_name_plural = _("press reviews")


class CitedPiece(Orderable):
    """One piece of another outlet."""

    page = ParentalKey(PressReviewPage, on_delete=models.CASCADE, related_name="pieces")
    outlet = models.CharField(_("outlet"), max_length=200)
    title = models.CharField(_("title"), max_length=300)
    url = models.URLField(_("link"), max_length=1000)
    country = models.CharField(_("country"), max_length=100, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    quote = models.TextField(_("quote"), blank=True)
    comment = models.TextField(_("reviewer's comment"), blank=True)

    panels = [FieldPanel(name) for name in ("outlet", "title", "url", "country", "published_on", "quote", "comment")]
    api_fields = [APIField(name) for name in ("outlet", "title", "url", "country", "published_on", "quote", "comment")]

    def __str__(self) -> str:
        return self.title
