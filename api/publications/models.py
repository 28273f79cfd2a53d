"""The table that the public API reads."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from wagtail.models import Page

from cms.registry.declared import switched_off


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible(self) -> "PublicationQuerySet":
        """Those whose time has not run out, whether or not a worker has taken them down yet, and whose plugin works."""
        rows = self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()))
        hidden = switched_off("content type")
        return rows.exclude(type__in=hidden) if hidden else rows


class Publication(models.Model):
    """One public page, rendered: the keys that it is found by, and the documents that answer.

    ``teaser`` and ``detail`` are JSON objects as text, ready to be sent. A detail may hold references to other
    pages (``references`` lists them), which are resolved when it is read.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="publication")
    type = models.CharField(max_length=60)
    locale = models.CharField(max_length=20)
    slug = models.CharField(max_length=255)
    path = models.TextField()
    translation_key = models.UUIDField()
    listed = models.BooleanField(default=True)
    section = models.CharField(max_length=200, blank=True)
    authors = ArrayField(models.CharField(max_length=200), default=list)
    tags = ArrayField(models.CharField(max_length=100), default=list)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    teaser = models.TextField()
    detail = models.TextField()
    references = ArrayField(models.BigIntegerField(), default=list)
    #: What plugins' filters find it by: ``name=value``, and a moment of its own (the start of an event).
    keys = ArrayField(models.TextField(), default=list, db_default=[])
    moment = models.DateTimeField(null=True)
    stale = models.BooleanField(default=False)  # something that it shows has changed; a worker will write it anew
    search_text = models.TextField(blank=True)  # the words behind the teaser; `api.search` makes its entries of both

    objects = PublicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type", "locale", "slug"], name="publication_found_by_one_slug"),
        ]
        indexes = [
            models.Index(
                "locale",
                F("published_at").desc(),
                F("page").desc(),
                name="publication_list",
                condition=Q(listed=True),
            ),
            models.Index("locale", "type", F("published_at").desc(), F("page").desc(), name="publication_list_type"),
            models.Index(
                "locale",
                "section",
                F("published_at").desc(),
                F("page").desc(),
                name="publication_list_section",
            ),
            models.Index(
                "locale",
                "type",
                F("updated_at").desc(),
                F("page").desc(),
                name="publication_updated",
            ),
            models.Index("locale", F("updated_at").desc(), F("page").desc(), name="publication_updated_any"),
            models.Index(fields=["expires_at"], name="publication_expiry", condition=Q(expires_at__isnull=False)),
            models.Index(fields=["path"], name="publication_path", opclasses=["text_pattern_ops"]),
            models.Index(
                fields=["locale", "page"], include=["type", "updated_at", "expires_at"], name="publication_sitemap"
            ),
            models.Index(fields=["page"], name="publication_stale", condition=Q(stale=True)),
            models.Index(fields=["translation_key"], name="publication_translation"),
            GinIndex(fields=["authors"], name="publication_authors"),
            GinIndex(fields=["tags"], name="publication_tags"),
            GinIndex(fields=["keys"], name="publication_keys"),
            models.Index(fields=["type", "moment"], name="publication_moment", condition=Q(moment__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.path}"
