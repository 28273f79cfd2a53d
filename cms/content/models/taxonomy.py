"""What content is filed under: sections, authors, tags."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from taggit.models import TagBase
from wagtail.admin.panels import FieldPanel
from wagtail.models import TranslatableMixin
from wagtail.search import index

from cms.content.slugs import slugify


class _Named(TranslatableMixin, index.Indexed, models.Model):
    """A name and a slug in one language; the same thing in another language is its translation."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=200, blank=True, help_text=_("Left empty, it is made of the name."))

    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale_id"),
    ]

    class Meta(TranslatableMixin.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self._fill_slug()

    def save(self, *args, **kwargs) -> None:
        self._fill_slug()
        super().save(*args, **kwargs)

    def _fill_slug(self) -> None:
        if not self.slug:
            self.slug = slugify(self.name, self.locale.language_code if self.locale_id else "uk")


class Section(_Named):
    """A part of the newsroom's output: politics, culture, the region."""

    description = models.TextField(_("description"), blank=True)
    sort_order = models.PositiveSmallIntegerField(_("order in menus"), default=100)

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("description"),
        FieldPanel("sort_order"),
    ]

    class Meta(_Named.Meta):
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["sort_order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "slug"],
                name="section_slug_once_a_locale",
                violation_error_message=_("Another section of this language has this slug."),
            )
        ]


class Author(_Named):
    """Somebody whose name stands in a byline."""

    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=200)
    role = models.CharField(_("role"), max_length=200, blank=True)
    bio = models.TextField(_("biography"), blank=True)
    photo = models.ForeignKey(
        "content.NewsroomImage",
        verbose_name=_("photo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("role"),
        FieldPanel("bio"),
        FieldPanel("photo"),
    ]

    class Meta(_Named.Meta):
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "slug"],
                name="author_slug_once_a_locale",
                violation_error_message=_("Another author of this language has this slug."),
            )
        ]


class Tag(TagBase):
    """A free keyword. Its slug is transliterated like every other slug here."""

    free_tagging = True

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def slugify(self, tag: str, i: int | None = None) -> str:
        slug = slugify(tag, "uk")
        return slug if i is None else f"{slug}-{i}"
