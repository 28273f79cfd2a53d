"""Pictures, with the words that a newsroom owes to their readers and their makers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    WagtailImageField,
    WagtailImageFieldFile,
    get_upload_to,
)
from wagtail.search import index

from cms.content.pictures.darkroom import upright_size


class UprightImageFile(WagtailImageFieldFile):
    """A picture's file, whose width and height are those of the picture as it is shown."""

    def get_image_dimensions(self) -> tuple[int, int]:
        closed = self.closed
        self.open()
        try:
            return upright_size(self.file)
        finally:
            self.close() if closed else self.seek(0)


class UprightImageField(WagtailImageField):
    attr_class = UprightImageFile


class NewsroomImage(AbstractImage):
    """A picture with its credit; ``description`` (Wagtail's) is its text for those who can't see it."""

    file = UprightImageField(
        verbose_name=_("file"), upload_to=get_upload_to, width_field="width", height_field="height"
    )
    credit = models.CharField(
        _("credit"),
        max_length=255,
        blank=True,
        help_text=_("Photographer, agency or licence, as readers see it."),
    )
    #: The colour that most of it has, ``#rrggbb``; empty until it was looked at, and where it can't be read.
    color = models.CharField(max_length=7, blank=True, default="", db_default="", editable=False)
    #: Which version of the set of renditions was made of its file (``cms.content.pictures``); 0: not yet all of them.
    renditions_version = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = [*AbstractImage.search_fields, index.SearchField("credit")]

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]
        indexes = [models.Index(fields=["renditions_version"], name="image_renditions_version")]


class NewsroomRendition(AbstractRendition):
    """One size of a picture."""

    image = models.ForeignKey(NewsroomImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_a_filter_and_focus"
            )
        ]
