"""What was built for which address below /donate/."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PageBuild(models.Model):
    """The worker's notes on one built page: what is there, and since when. The page itself is served without them."""

    slug = models.SlugField(_("slug"), max_length=255, unique=True)
    locale = models.CharField(_("language"), max_length=10)
    page_id = models.IntegerField(db_index=True)
    built_at = models.DateTimeField(_("built"), null=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    version = models.CharField(_("version"), max_length=64, blank=True)
    gone = models.BooleanField(_("taken down"), default=False)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("donation page")
        verbose_name_plural = _("donation pages")

    def __str__(self) -> str:
        return self.slug
