"""A photo report: photos in the editor's order, each with its caption and its credit."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, MultipleChooserPanel
from wagtail.models import Orderable

from cms.contract import ContentPage
from plugins.gallery.forms import GalleryForm, TakenAtField, UploadPanel


class _TakenAt(models.DateTimeField):
    """A column as any other, with a form field of its own: the form of a row is made by Wagtail."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": TakenAtField, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs


class GalleryPage(ContentPage):
    """A photo report. Its own image is the cover; without one, the first photo is."""

    base_form_class = GalleryForm
    import_fields = ["photos"]

    class Meta:
        verbose_name = _("photo report")
        verbose_name_plural = _("photo reports")


class Photo(Orderable):
    """One photo of a report. Words of its own stand before those that the image has in the library."""

    page = ParentalKey(GalleryPage, on_delete=models.CASCADE, related_name="photos")
    # An image that is deleted from the library leaves the reports, drafts too.
    image = models.ForeignKey(
        "content.NewsroomImage", verbose_name=_("image"), on_delete=models.CASCADE, related_name="+"
    )
    caption = models.TextField(_("caption"), blank=True, max_length=2000)
    credit = models.CharField(
        _("credit"), max_length=255, blank=True, help_text=_("Left empty, the image's own credit is shown.")
    )
    alt = models.CharField(
        _("text for those who can't see it"),
        max_length=255,
        blank=True,
        help_text=_("Left empty, the image's own description is shown."),
    )
    taken_at = _TakenAt(_("taken at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=255, blank=True)

    panels = [
        FieldPanel("image"),
        FieldPanel("caption"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("credit"), FieldPanel("alt")]),
                FieldRowPanel([FieldPanel("taken_at"), FieldPanel("place")]),
            ],
            heading=_("More about the photo"),
            classname="collapsed",
        ),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return self.caption or str(self.image)


_photos = [
    MultipleChooserPanel("photos", chooser_field_name="image", label=_("photo"), heading=_("Photos")),
    UploadPanel(heading=_("Many photos at once")),
]
# The photos are what a report is made of: they stand where an article's text begins.
_text = [getattr(panel, "field_name", "") for panel in ContentPage.content_panels].index("body")
GalleryPage.content_panels = [*ContentPage.content_panels[:_text], *_photos, *ContentPage.content_panels[_text:]]
