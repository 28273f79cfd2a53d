"""Live blogs. The page is edited like any other; what happens live is beside it, in tables of its own.

A draft of the page knows nothing of entries, state and summary, so publishing an old one can't undo them.
"""

import re
import uuid
from html import unescape
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.signals import pre_delete
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import HelpPanel
from wagtail.fields import RichTextField

from cms.contract import RICH_TEXT_FEATURES, ContentPage, NewsroomImage, receiver, record_event

#: What the text of an entry may have: a few quick sentences need no more.
ENTRY_FEATURES = [name for name in RICH_TEXT_FEATURES if name not in ("superscript", "subscript", "hr")]
#: Where one paragraph, line or item ends and the next begins.
_BREAK = re.compile(r"</(p|li)>|<br ?/?>")


class State(models.TextChoices):
    """Where a coverage stands."""

    # With a context: Wagtail calls published pages "live" too.
    NOT_STARTED = "not_started", pgettext_lazy("coverage", "not started")
    LIVE = "live", pgettext_lazy("coverage", "live")
    CLOSED = "closed", pgettext_lazy("coverage", "closed")


class LiveBlogPage(ContentPage):
    """A live blog. Its text is the introduction; its entries are posted at the live desk."""

    type_name = "liveblog"

    content_panels = [HelpPanel(template="liveblog/desk_panel.html"), *ContentPage.content_panels]

    class Meta:
        verbose_name = _("live blog")
        verbose_name_plural = _("live blogs")

    @property
    def live_coverage(self) -> "Coverage":
        """The coverage of this page; one that has not begun, and is not saved, where nobody has been at its desk."""
        if self.pk is None:
            return Coverage()
        try:
            return self.coverage
        except Coverage.DoesNotExist:
            return Coverage(page_id=self.pk)


class Coverage(models.Model):
    """The live side of one page. ``last_change`` is the number of the newest change; who makes one holds this row."""

    page = models.OneToOneField(LiveBlogPage, on_delete=models.CASCADE, primary_key=True, related_name="coverage")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.NOT_STARTED)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    summary = RichTextField(_("closing summary"), features=ENTRY_FEATURES, blank=True)
    last_change = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()  # those of its page count
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="liveblog_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(state=State.NOT_STARTED) | models.Q(started_at__isnull=False),
                name="liveblog_begun_has_a_start",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.CLOSED, ended_at__isnull=False)
                | (~models.Q(state=State.CLOSED) & models.Q(ended_at__isnull=True)),
                name="liveblog_only_closed_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.state}"

    @property
    def is_closed(self) -> bool:
        return self.state == State.CLOSED


class StateChange(models.Model):
    """One line of a coverage's log: it was started, closed or reopened."""

    coverage = models.ForeignKey(Coverage, on_delete=models.CASCADE, related_name="log")
    change = models.PositiveBigIntegerField()
    state = models.CharField(max_length=20, choices=State)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["change"]
        constraints = [models.UniqueConstraint(fields=["coverage", "change"], name="liveblog_one_line_a_change")]

    def __str__(self) -> str:
        return f"{self.change}: {self.state}"


class LiveEntry(models.Model):
    """One entry. ``id`` is its name for ever; ``change`` is the number of its latest change, unique on its page."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page = models.ForeignKey(LiveBlogPage, on_delete=models.CASCADE, related_name="entries")
    change = models.PositiveBigIntegerField(editable=False)
    #: Counts the changes of words, picture and state: how a second editor's save is recognised.
    edition = models.PositiveIntegerField(default=1, editable=False)
    shown_at = models.DateTimeField(
        _("time"), default=timezone.now, help_text=_("When it happened, as readers see it.")
    )
    headline = models.CharField(_("headline"), max_length=255, blank=True)
    text = RichTextField(_("text"), features=ENTRY_FEATURES, blank=True)
    author = models.ForeignKey(
        "content.Author",
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="live_entries",
    )
    image = models.ForeignKey(
        "content.NewsroomImage",
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_credit = models.CharField(
        _("credit"), max_length=255, blank=True, help_text=_("Left empty, the image's own credit is shown.")
    )
    pinned = models.BooleanField(_("pinned"), default=False)
    key = models.BooleanField(_("key moment"), default=False)
    withdrawn = models.BooleanField(_("withdrawn"), default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    #: When its words or picture were changed last.
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        default_permissions = ()
        ordering = ["-shown_at", "-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["page", "change"], name="liveblog_one_entry_a_change"),
            models.CheckConstraint(condition=models.Q(change__gt=0), name="liveblog_changes_count_from_1"),
        ]
        indexes = [
            models.Index(
                "page",
                models.F("shown_at").desc(),
                models.F("created_at").desc(),
                models.F("id").desc(),
                name="liveblog_newest",
                condition=models.Q(withdrawn=False),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def words(self) -> str:
        """The text without its mark-up."""
        return " ".join(unescape(strip_tags(_BREAK.sub(" ", self.text))).split())

    @property
    def title(self) -> str:
        """The headline, else the beginning of the text, else the time."""
        return self.headline or Truncator(self.words).chars(110) or f"{timezone.localtime(self.shown_at):%H:%M}"


def entries_for_readers(**filters: Any) -> "models.QuerySet[LiveEntry]":
    """Entries with all that their documents show, in two queries however many there are."""
    rows = LiveEntry.objects.filter(**filters).select_related("author", "image")
    return rows.prefetch_related("image__renditions")


@receiver(pre_delete, sender=NewsroomImage)
def _note_image(instance: NewsroomImage, **kwargs: Any) -> None:
    # Now: after the deletion no entry says any more that it had this image.
    entries = LiveEntry.objects.filter(image=instance.pk).values_list("pk", flat=True)
    if entries:
        record_event("liveblog.image_deleted", entries=[str(pk) for pk in entries])
