"""The front page: an order of things that an editor chose."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, Page

from cms.content.models.base import ContentPage
from cms.content.models.public import PublicPageMixin


class FrontPage(PublicPageMixin, Page):
    """The front page of one language. Its slug is the language's code, and the first part of every path in it."""

    parent_page_types = ["wagtailcore.Page"]

    content_panels = [
        *Page.content_panels,
        InlinePanel("slots", label=_("slot"), heading=_("Slots"), max_num=40),
    ]

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")


class FrontSlot(Orderable):
    """One place on the front page, with words of its own where the front page wants others."""

    class Size(models.TextChoices):
        LEAD = "lead", _("lead")
        STANDARD = "standard", _("standard")
        COMPACT = "compact", _("compact")

    front = ParentalKey(FrontPage, on_delete=models.CASCADE, related_name="slots")
    page = models.ForeignKey(ContentPage, verbose_name=_("content"), on_delete=models.CASCADE, related_name="+")
    size = models.CharField(_("size"), max_length=10, choices=Size.choices, default=Size.STANDARD)
    headline = models.CharField(_("headline"), max_length=255, blank=True)
    lede = models.TextField(_("lede"), blank=True, max_length=2000)
    image = models.ForeignKey(
        "content.NewsroomImage",
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels = [
        FieldPanel("page"),
        FieldPanel("size"),
        MultiFieldPanel(
            [FieldPanel("headline"), FieldPanel("lede"), FieldPanel("image")],
            heading=_("Instead of the content's own"),
            classname="collapsed",
        ),
    ]

    def __str__(self) -> str:
        return self.headline or str(self.page)
