"""ContentPage: what every published type has in common."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.search import index

from cms.content.blocks import BodyBlock
from cms.content.fields import BodyField
from cms.content.indexing import indexed_once
from cms.content.models.public import PublicPageMixin
from cms.content.models.taxonomy import Author, Section, Tag
from cms.content.slugs import slugify
from cms.registry.owners import owner_of
from cms.registry.states import is_active


class ContentTag(ItemBase):
    """A tag on a page."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged_content")
    content_object = ParentalKey("content.ContentPage", on_delete=models.CASCADE, related_name="tag_items")


class ContentPage(PublicPageMixin, Page):
    """A headline, a lede and a body: the base of articles, teasers, campaigns, editions and of plugins' types.

    The headline is Wagtail's ``title``. A subclass adds its fields, its panels and, in ``api_fields``
    (``wagtail.api.APIField``), what the API shows beside the common shape; nothing else is needed for it to be
    published, listed, found, previewed and mailed.
    """

    #: The name of this type in the API; left empty, the class name in lower case without its ``Page``.
    type_name = ""
    #: Whether lists that ask for no type show this one. Campaigns and editions have lists of their own.
    listed = True
    #: Fields of the import format, beyond the common ones, that are copied as they are.
    import_fields: list[str] = []

    lede = models.TextField(_("lede"), blank=True, max_length=2000)
    image = models.ForeignKey(
        "content.NewsroomImage",
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    section = models.ForeignKey(
        Section,
        verbose_name=_("section"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pages",
    )
    published_at = models.DateTimeField(
        _("date and time shown to readers"),
        null=True,
        blank=True,
        help_text=_("Left empty, it is the moment of the first publication."),
    )
    source_name = models.CharField(_("source"), max_length=200, blank=True)
    source_url = models.URLField(_("address of the source"), blank=True, max_length=1000)
    body = BodyField(BodyBlock(), verbose_name=_("text"), blank=True)
    tags = ClusterTaggableManager(through=ContentTag, blank=True, verbose_name=_("tags"))
    # Null, not empty, for pages written here: a unique column holds any number of nulls.
    import_id = models.CharField(max_length=255, null=True, unique=True, editable=False)  # noqa: DJ001
    import_fingerprint = models.CharField(max_length=64, blank=True, editable=False)

    exclude_fields_in_copy = ["import_id", "import_fingerprint"]
    parent_page_types = ["content.FrontPage", "content.FolderPage"]
    subpage_types: list[str] = []
    is_creatable = False

    search_fields = [
        *Page.search_fields,
        index.SearchField("lede"),
        index.SearchField("body"),
        index.SearchField("source_name"),
        index.FilterField("section_id"),
        index.FilterField("published_at"),
        index.FilterField("locale_id"),
    ]

    content_panels = [
        TitleFieldPanel("title", heading=_("Headline")),
        FieldPanel("lede"),
        MultiFieldPanel(
            [
                FieldPanel("section"),
                InlinePanel("bylines", label=_("author"), heading=_("Authors")),
                FieldRowPanel([FieldPanel("source_name"), FieldPanel("source_url")]),
            ],
            heading=_("Filed under"),
        ),
        FieldPanel("image"),
        FieldPanel("body"),
        InlinePanel("related_items", label=_("related content"), heading=_("Related content"), max_num=10),
        InlinePanel("corrections", label=_("correction"), heading=_("Corrections")),
    ]
    promote_panels = [
        FieldPanel("slug"),
        FieldPanel("tags"),
        FieldPanel("published_at"),
        MultiFieldPanel([FieldPanel("seo_title"), FieldPanel("search_description")], heading=_("For search engines")),
    ]

    class Meta:
        verbose_name = _("content")
        verbose_name_plural = pgettext_lazy("many", "content")

    @classmethod
    def get_type_name(cls) -> str:
        """The name of this type in the API."""
        if "type_name" in cls.__dict__ and cls.type_name:
            return cls.type_name
        return cls.__name__.removesuffix("Page").lower()

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Pages of a switched-off plugin can be opened and saved; new ones of them are not made."""
        return bool(super().can_create_at(parent)) and is_active(owner_of(cls))

    def clean(self) -> None:
        super().clean()
        self._file_under_own_language()
        if self.slug and self._same_slug().exists():
            raise ValidationError({"slug": _("Another page of this type and language has the slug “%s”.") % self.slug})
        if self.published_at and self.published_at > timezone.now() + timedelta(minutes=5):
            raise ValidationError(
                {"published_at": _("This date is in the future. To publish later, set a schedule instead.")}
            )

    def save(self, clean: bool = True, user=None, log_action=False, **kwargs) -> None:
        if self._state.adding and self.path:
            self._settle_copy()
        if self.live and not self.published_at:
            self.published_at = self.first_published_at or timezone.now()
        with indexed_once(self, kwargs.get("update_fields")):
            super().save(clean=clean, user=user, log_action=log_action, **kwargs)

    def save_revision(self, *args, clean: bool = True, **kwargs):
        if not clean and self.pk and self._same_slug().exists():
            # The draft of a copy still has the slug of its original.
            self.slug = type(self).objects.values_list("slug", flat=True).get(pk=self.pk)
        return super().save_revision(*args, clean=clean, **kwargs)

    def _settle_copy(self) -> None:
        """Make a new page fit where no form asked an editor: copies of folders, translations, aliases.

        (A form has refused a slug that is taken, or a section of another language, before this.)
        """
        if self.locale_id is None:
            self.locale = self.get_default_locale()
        self.slug = self.slug or slugify(self.title, self.locale.language_code)
        if self._same_slug().exists():
            self.slug = self._get_autogenerated_slug(self.slug)
        if self.section and self.section.locale_id != self.locale_id:
            self.section = self.section.get_translation_or_none(self.locale)

    def _same_slug(self) -> models.QuerySet:
        """Other pages that the API would know by the same type, language and slug."""
        return type(self).objects.filter(locale_id=self.locale_id, slug=self.slug).exclude(pk=self.pk)

    def _get_autogenerated_slug(self, base_slug: str) -> str:
        slug, suffix = super()._get_autogenerated_slug(base_slug), 1
        taken = set(
            type(self)
            .objects.filter(locale_id=self.locale_id, slug__startswith=base_slug)
            .exclude(pk=self.pk)
            .values_list("slug", flat=True)
        )
        while slug in taken:
            suffix += 1
            slug = super()._get_autogenerated_slug(f"{base_slug}-{suffix}")
        return slug

    def _file_under_own_language(self) -> None:
        """A page copied for translation keeps its section's original; take the section of its own language."""
        if self.section is None or self.section.locale_id == self.locale_id:
            return
        translation = self.section.get_translation_or_none(self.locale)
        if translation is None:
            raise ValidationError(
                {
                    "section": _("“%s” is a section of another language. Choose one of this page's language.")
                    % self.section
                }
            )
        self.section = translation


class ContentByline(Orderable):
    """One author of a page; the order is the order of the byline."""

    page = ParentalKey(ContentPage, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, verbose_name=_("author"), on_delete=models.PROTECT, related_name="bylines")

    panels = [FieldPanel("author")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "author"], name="an_author_once_in_a_byline")]

    def __str__(self) -> str:
        return str(self.author)


class ContentCorrection(Orderable):
    """What was wrong and is put right, told to readers with its date."""

    page = ParentalKey(ContentPage, on_delete=models.CASCADE, related_name="corrections")
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    text = RichTextField(_("correction"), features=["bold", "italic", "link"])

    panels = [FieldPanel("made_at"), FieldPanel("text")]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


class ContentRelated(Orderable):
    """Something to read next, chosen by an editor."""

    page = ParentalKey(ContentPage, on_delete=models.CASCADE, related_name="related_items")
    related = models.ForeignKey(
        ContentPage, verbose_name=_("content"), on_delete=models.CASCADE, related_name="related_from"
    )

    panels = [FieldPanel("related")]

    def __str__(self) -> str:
        return str(self.related)
