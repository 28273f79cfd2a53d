"""A fact-check: one claim, who made it, what the newsroom found, and the sources that anybody can look up."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from cms.contract import ContentPage, plugin_settings
from plugins.factcheck.plugin import FactCheckSettings
from plugins.factcheck.verdicts import all_choices, choices_of

_PANELS = ContentPage.content_panels
#: The text comes after what was said and found.
_BODY = next(place for place, panel in enumerate(_PANELS) if getattr(panel, "field_name", "") == "body")


class FactCheckForm(WagtailAdminPageForm):
    """Offers the verdicts of the newsroom's scale."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "verdict" in self.fields:
            scale = plugin_settings(FactCheckSettings).scale
            self.fields["verdict"].choices = [("", "---------"), *choices_of(scale, self.instance.verdict)]


class FactCheckPage(ContentPage):
    """A fact-check of one claim."""

    class Claimant(models.TextChoices):
        PERSON = "person", _("person")
        ORGANIZATION = "organization", _("organisation")

    claim = models.TextField(
        _("claim"), max_length=1000, help_text=_("In one or two sentences. Search engines show about 75 characters.")
    )
    claimant = models.CharField(_("who said it"), max_length=200)
    claimant_type = models.CharField(_("which is a"), max_length=20, choices=Claimant.choices, default=Claimant.PERSON)
    claimant_role = models.CharField(_("role"), max_length=255, blank=True)
    claimant_url = models.URLField(
        _("page about them"), max_length=1000, blank=True, help_text=_("Their own site, or an encyclopedia's page.")
    )
    said_on = models.DateField(_("when it was said"), null=True, blank=True)
    said_where = models.CharField(
        _("where it was said"), max_length=255, blank=True, help_text=_("A session, a broadcast, a social network.")
    )
    # A function: another verdict is no change of the table.
    verdict = models.CharField(_("verdict"), max_length=30, choices=all_choices)
    explanation = models.TextField(
        _("explanation in short"), max_length=1000, blank=True, help_text=_("Why this verdict, in a few sentences.")
    )
    method = RichTextField(_("how it was checked"), blank=True, features=["bold", "italic", "link", "ol", "ul"])

    base_form_class = FactCheckForm
    content_panels = [
        *_PANELS[:_BODY],
        MultiFieldPanel(
            [
                FieldPanel("claim"),
                FieldRowPanel([FieldPanel("claimant"), FieldPanel("claimant_type")]),
                FieldRowPanel([FieldPanel("claimant_role"), FieldPanel("claimant_url")]),
                FieldRowPanel([FieldPanel("said_on"), FieldPanel("said_where")]),
                InlinePanel("appearances", label=_("appearance"), heading=_("Where the claim can be seen"), max_num=20),
            ],
            heading=_("What was said"),
        ),
        MultiFieldPanel([FieldPanel("verdict"), FieldPanel("explanation")], heading=_("What we found")),
        InlinePanel("sources", label=_("source"), heading=_("Sources"), min_num=1, max_num=50),
        FieldPanel("method"),
        *_PANELS[_BODY:],
    ]
    import_fields = [
        "claim",
        "claimant",
        "claimant_type",
        "claimant_role",
        "claimant_url",
        "said_on",
        "said_where",
        "verdict",
        "explanation",
        "method",
        "appearances",
        "sources",
    ]

    class Meta:
        verbose_name = _("fact-check")
        verbose_name_plural = _("fact-checks")


class ClaimAppearance(Orderable):
    """A place where the claim can be read, heard or seen."""

    page = ParentalKey(FactCheckPage, on_delete=models.CASCADE, related_name="appearances")
    url = models.URLField(_("link"), max_length=1000)

    panels = [FieldPanel("url")]

    def __str__(self) -> str:
        return self.url


class FactCheckSource(Orderable):
    """What a verdict rests on."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("document")
        STATISTICS = "statistics", _("statistics")
        RESEARCH = "research", _("research")
        MEDIA = "media", _("publication")
        EXPERT = "expert", _("expert's comment")
        WITNESS = "witness", _("witness")
        REQUEST = "request", _("answer to a request")
        FOOTAGE = "footage", _("photo or video")
        OTHER = "other", _("other")

    page = ParentalKey(FactCheckPage, on_delete=models.CASCADE, related_name="sources")
    title = models.CharField(_("title"), max_length=300)
    # A comment or an answer has no address of its own.
    url = models.URLField(_("link"), max_length=1000, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.DOCUMENT)
    archived_url = models.URLField(_("archived copy"), max_length=1000, blank=True)
    note = models.TextField(_("what it shows"), blank=True, max_length=1000)

    panels = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("url")]),
        FieldPanel("archived_url"),
        FieldPanel("note"),
    ]

    def __str__(self) -> str:
        return self.title
