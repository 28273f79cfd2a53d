"""A review of other media: cited pieces, each with its outlet, its words and what the reviewer says of them."""

from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable

from cms.contract import APIField, ContentPage

#: Characters of a quote, and of what is said of it: a review cites, and does not copy.
LONGEST_TEXT = 5000


class PressReviewPage(ContentPage):
    """A press review."""

    content_panels = [
        *ContentPage.content_panels,
        InlinePanel("pieces", label=_("cited piece"), heading=_("Cited pieces"), min_num=1),
    ]
    api_fields = [APIField("pieces")]
    import_fields = ["pieces"]

    class Meta:
        verbose_name = _("press review")
        verbose_name_plural = _("press reviews")


class CitedPiece(Orderable):
    """One piece of another outlet.

    Outlet and country are text: a review cites whom it likes, and a directory of outlets to be kept beside it would
    be work that no reader sees. Readers and filters take two spellings for one where they make one slug.
    """

    page = ParentalKey(PressReviewPage, on_delete=models.CASCADE, related_name="pieces")
    outlet = models.CharField(_("outlet"), max_length=200)
    title = models.CharField(_("title"), max_length=300)
    url = models.URLField(_("link"), max_length=1000)
    archive_url = models.URLField(
        _("archived copy"),
        max_length=1000,
        blank=True,
        help_text=_("Where the piece can still be read once it is gone or changed."),
    )
    country = models.CharField(_("country"), max_length=100, blank=True)
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        validators=[RegexValidator(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", _("Write a code such as uk, pl or pt-BR."))],
        help_text=_("Code of the language that the piece is written in, such as uk or pl."),
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)
    quote = models.TextField(_("quote"), blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)])
    comment = models.TextField(_("reviewer's comment"), blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)])

    panels = [
        FieldRowPanel([FieldPanel("outlet"), FieldPanel("title")]),
        FieldPanel("url"),
        FieldPanel("quote"),
        FieldPanel("comment"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("country"), FieldPanel("language"), FieldPanel("published_on")]),
                FieldPanel("archive_url"),
            ],
            heading=_("More about the piece"),
            classname="collapsed",
        ),
    ]
    api_fields = [
        APIField(name)
        for name in (
            "outlet",
            "title",
            "url",
            "archive_url",
            "country",
            "language",
            "published_on",
            "quote",
            "comment",
        )
    ]

    def __str__(self) -> str:
        return self.title
