"""An edition: a page like any other, with drafts, a workflow, a preview and a place in the web archive."""

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.api import APIField
from wagtail.search import index

from cms.content.fields import BodyField
from cms.content.models import ContentPage
from cms.newsletters.blocks import EditionBlock
from cms.newsletters.models.newsletter import Newsletter


class EditionPage(ContentPage):
    """One issue of a newsletter. The headline is the subject of the message, the lede its introduction."""

    type_name = "edition"
    listed = False
    is_creatable = True

    newsletter = models.ForeignKey(
        Newsletter, verbose_name=_("newsletter"), on_delete=models.PROTECT, related_name="editions"
    )
    preheader = models.CharField(
        _("preview line"),
        max_length=160,
        blank=True,
        help_text=_("What mailboxes show beside the subject. Left empty, it is the beginning of the introduction."),
    )
    content = BodyField(EditionBlock(), verbose_name=pgettext_lazy("what is inside", "content"), blank=True)

    api_fields = [APIField("preheader"), APIField("content"), APIField("newsletter_slug")]
    search_fields = [*ContentPage.search_fields, index.SearchField("content")]
    parent_page_types = ["content.FolderPage"]

    content_panels = [
        TitleFieldPanel("title", heading=_("Subject"), classname="title"),
        FieldPanel("newsletter"),
        FieldPanel("preheader"),
        FieldPanel("lede", heading=_("Introduction")),
        FieldPanel("content"),
    ]

    preview_modes = [
        ("mail", _("The message")),
        ("text", _("The message as plain text")),
        ("", _("The web version, as readers will see it")),
    ]
    default_preview_mode = "mail"

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    @property
    def newsletter_slug(self) -> str:
        return self.newsletter.slug

    def clean(self) -> None:
        super().clean()
        if self.newsletter_id and self.locale_id and self.newsletter.locale_id != self.locale_id:
            raise ValidationError({"newsletter": _("“%s” is a newsletter of another language.") % self.newsletter})
        if any(not character.isprintable() for character in self.title):
            raise ValidationError({"title": _("Write this in one line: it becomes the subject of the message.")})

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        if mode_name not in {"mail", "text"}:
            return super().serve_preview(request, mode_name)
        from cms.newsletters.rendering import RenderingError, render_edition  # which need this model

        try:
            message = render_edition(self).example()
        except RenderingError as error:
            sentence = _("This edition can't be made into a message: %s") % error
            return HttpResponse(sentence, content_type="text/plain; charset=utf-8")
        if mode_name == "text":
            return HttpResponse(message.text, content_type="text/plain; charset=utf-8")
        return HttpResponse(message.html)
