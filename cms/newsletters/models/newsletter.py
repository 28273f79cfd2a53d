"""A newsletter: a name that people subscribe to, in one language."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import TranslatableMixin
from wagtail.search import index

from cms.content.slugs import slugify
from cms.newsletters.addresses import InvalidAddress, normalise_address


class Newsletter(TranslatableMixin, index.Indexed, models.Model):
    """What readers subscribe to. The same newsletter in another language is its translation."""

    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(_("slug"), max_length=100, blank=True, help_text=_("Left empty, it is made of the name."))
    description = models.TextField(_("description"), blank=True, max_length=1000)
    frequency = models.CharField(
        _("how often"), max_length=120, blank=True, help_text=_("As readers see it: “every Friday morning”.")
    )
    from_name = models.CharField(_("sender's name"), max_length=120)
    from_email = models.EmailField(
        _("sender's address"), help_text=_("Your mail provider must be allowed to send for its domain (SPF, DKIM).")
    )
    reply_to = models.EmailField(_("address for answers"), blank=True)
    imprint = models.TextField(
        _("imprint"),
        blank=True,
        max_length=1000,
        help_text=_("Who publishes this and where: the postal and legal lines at the foot of every message."),
    )
    active = models.BooleanField(_("open for subscriptions"), default=True)

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("description"),
        FieldPanel("frequency"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("from_name"), FieldPanel("from_email")]), FieldPanel("reply_to")],
            heading=_("Sender"),
        ),
        FieldPanel("imprint"),
        FieldPanel("active"),
    ]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name"), index.FilterField("locale_id")]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "slug"],
                name="newsletter_slug_once_a_locale",
                violation_error_message=_("Another newsletter of this language has this slug."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self._fill_slug()
        for field in ("name", "from_name"):
            if any(not character.isprintable() for character in getattr(self, field)):
                raise ValidationError({field: _("Write this in one line: it becomes a header of the message.")})
        for field in ("from_email", "reply_to"):
            if getattr(self, field):
                try:
                    setattr(self, field, normalise_address(getattr(self, field)))
                except InvalidAddress as error:
                    raise ValidationError({field: _(str(error))}) from error

    def save(self, *args, **kwargs) -> None:
        self._fill_slug()
        super().save(*args, **kwargs)

    def _fill_slug(self) -> None:
        if not self.slug:
            self.slug = slugify(self.name, self.locale.language_code if self.locale_id else "uk")
