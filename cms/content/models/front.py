"""The front page: an order of things that an editor chose, each for as long as it is to stand there."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, Page

from cms.content.forms import FrontPageForm
from cms.content.models.base import ContentPage
from cms.content.models.public import PublicPageMixin
from cms.content.models.timed import Timed
from cms.content.panels import FoldedPanel, PhasePanel

#: Places of the list of what is new that something can be pinned to.
PIN_POSITIONS = 20


class FrontPage(PublicPageMixin, Page):
    """The front page of one language. Its slug is the language's code, and the first part of every path in it."""

    base_form_class = FrontPageForm
    parent_page_types = ["wagtailcore.Page"]

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                HelpPanel(
                    _(
                        "Readers see these from the top down. A slot may hold what is not published yet: it appears "
                        "when that is, and until then its stand-in, or nothing. What would stand here twice stands "
                        "in its first slot only."
                    )
                ),
                InlinePanel("slots", label=_("slot"), max_num=40),
            ],
            heading=_("Slots"),
        ),
        MultiFieldPanel(
            [
                HelpPanel(
                    _("Something that stays at one place of the list of the newest for a time, whatever else comes.")
                ),
                InlinePanel("pins", label=_("pin"), max_num=PIN_POSITIONS),
            ],
            heading=_("Pinned among the newest"),
        ),
    ]

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")


class FrontSlot(Timed, Orderable):
    """One place on the front page, with words of its own where the front page wants others."""

    class Size(models.TextChoices):
        LEAD = "lead", _("lead")
        STANDARD = "standard", _("standard")
        COMPACT = "compact", _("compact")

    front = ParentalKey(FrontPage, on_delete=models.CASCADE, related_name="slots")
    page = models.ForeignKey(
        ContentPage,
        verbose_name=_("content"),
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("It may be a draft with a schedule: the slot is its own from the second in which it is published."),
    )
    fallback = models.ForeignKey(
        ContentPage,
        verbose_name=_("stand-in"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Stands here while the content is not public. Left empty, the next slot moves up."),
    )
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
        PhasePanel(),
        FieldPanel("page"),
        FieldPanel("size"),
        FoldedPanel(
            [FieldPanel("headline"), FieldPanel("lede"), FieldPanel("image")],
            words=_("Instead of the content's own"),
        ),
        FoldedPanel(
            [FieldRowPanel([FieldPanel("shown_from"), FieldPanel("shown_until")]), FieldPanel("fallback")],
            words=_("For a time only"),
        ),
    ]

    class Meta(Timed.Meta, Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.headline or str(self.page)


class FrontPin(Timed, Orderable):
    """Content that keeps its place among the newest for a time."""

    front = ParentalKey(FrontPage, on_delete=models.CASCADE, related_name="pins")
    page = models.ForeignKey(ContentPage, verbose_name=_("content"), on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(
        _("place"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(PIN_POSITIONS)],
        help_text=_("1 is the first of the list."),
    )
    shown_until = models.DateTimeField(
        _("until"), help_text=_("A pin always ends: one that is forgotten would bury the news.")
    )

    panels = [
        PhasePanel(),
        FieldPanel("page"),
        FieldPanel("position"),
        FieldRowPanel([FieldPanel("shown_from"), FieldPanel("shown_until")]),
    ]

    class Meta(Timed.Meta, Orderable.Meta):
        constraints = [
            *Timed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=PIN_POSITIONS), name="frontpin_has_a_place"
            ),
        ]

    def __str__(self) -> str:
        return str(self.page)
