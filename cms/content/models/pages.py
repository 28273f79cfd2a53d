"""The content types that every newsroom has, and the folders that hold them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.models import Page

from cms.content.models.base import ContentPage


class ArticlePage(ContentPage):
    """An article."""

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class TeaserPage(ContentPage):
    """A teaser of its own: it stands in lists like an article, and opens another page or another site."""

    target_page = models.ForeignKey(
        ContentPage,
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="teasers",
    )
    target_url = models.URLField(_("address on another site"), blank=True, max_length=1000)

    content_panels = [
        *[panel for panel in ContentPage.content_panels if getattr(panel, "field_name", "") != "body"],
        MultiFieldPanel(
            [
                HelpPanel(_("Choose a page here, or give an address on another site.")),
                FieldPanel("target_page"),
                FieldPanel("target_url"),
            ],
            heading=_("What it opens"),
        ),
    ]

    class Meta:
        verbose_name = _("teaser")
        verbose_name_plural = _("teasers")

    def clean(self) -> None:
        super().clean()
        if self.target_page_id and self.target_url:
            raise ValidationError({"target_url": _("Choose either a page or an address, not both.")})
        if self.target_page_id and self.target_page_id == self.pk:
            raise ValidationError({"target_page": _("A teaser can't open itself.")})


class FolderPage(Page):
    """A container that keeps the tree tidy: a year, a project, the campaigns. Readers don't see it."""

    preview_modes: list[tuple[str, str]] = []
    parent_page_types = ["content.FrontPage", "content.FolderPage"]

    class Meta:
        verbose_name = _("folder")
        verbose_name_plural = _("folders")

    def get_url_parts(self, request=None):
        return None
