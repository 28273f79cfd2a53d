"""What lets somebody in without a login: keys of the API, and links to previews."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision


class Ending(models.Model):
    """Something that was given out by somebody, may end by itself, and can be taken back."""

    #: SHA-256 of the secret. The secret itself is shown once and kept nowhere.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_live(self) -> bool:
        """Whether it still lets somebody in."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())

    @property
    def state(self) -> str:
        """For people: whether it still works, and if not, why."""
        if self.revoked_at:
            return str(_("revoked"))
        return str(_("works")) if self.is_live else str(_("expired"))

    def revoke(self) -> None:
        """Let nobody in by it any more. The row stays: it tells who had been given what."""
        if self.revoked_at is None:
            self.revoked_at = timezone.now()
            self.save(update_fields=["revoked_at"])


class ApiKey(Ending):
    """A program's key to the API. ``rate`` is in requests a minute."""

    class Scope(models.TextChoices):
        READ = "read", _("what is published, at its own rate, also where the API is private")
        DRAFTS = "drafts", _("the latest draft of every page")

    name = models.CharField(_("name"), max_length=120, help_text=_("Which program has it, and who looks after that."))
    #: The beginning of the key: enough to tell which one stands in a configuration.
    prefix = models.CharField(_("begins with"), max_length=16, editable=False)
    scopes = ArrayField(
        models.CharField(max_length=20, choices=Scope.choices),
        default=list,
        size=len(Scope.values),
        verbose_name=_("opens"),
    )
    rate = models.PositiveIntegerField(
        _("requests a minute"),
        default=60_000,
        validators=[MinValueValidator(1), MaxValueValidator(10_000_000)],
    )
    expires_at = models.DateTimeField(
        _("works until"), null=True, blank=True, help_text=_("Left empty, it works until it is revoked.")
    )
    #: Written at most once in five minutes.
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=1), name="api_key_has_a_rate"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=["read", "drafts"]) & Q(scopes__len__gte=1),
                name="api_key_has_known_scopes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def scopes_in_words(self) -> str:
        """The scopes, for a list."""
        return ", ".join(self.scopes)


class ShareLink(Ending):
    """A link that shows a page's draft to whoever has it. It dies with its page, and no copy of the page has it.

    With a ``revision`` it shows that one, and dies with it; without, the latest draft at the time of opening.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", editable=False)
    revision = models.ForeignKey(
        Revision, verbose_name=_("version"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("For whom it is. Only editors see this.")
    )
    expires_at = models.DateTimeField(_("works until"))
    #: Written at most once a minute.
    last_opened_at = models.DateTimeField(_("last opened"), null=True, editable=False)

    class Meta:
        verbose_name = _("link to a preview")
        verbose_name_plural = _("links to previews")
        ordering = ["-created_at", "-pk"]
        default_permissions: tuple[str, ...] = ()  # who may edit the page may share it
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="share_link_lives"),
        ]

    def __str__(self) -> str:
        return self.note or str(self.created_at)
