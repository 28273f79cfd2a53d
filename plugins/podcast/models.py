"""Podcasts: shows, and the episodes below them."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.signals import post_delete, pre_delete
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.search import index
from wagtail.signals import page_published, post_page_move

from cms.contract import RICH_TEXT_FEATURES, ContentPage, content_changed, plugin_settings, receiver
from plugins.podcast import addresses, artwork, captions, categories, storing
from plugins.podcast.audio import MIME_TYPES, AudioFacts, read_audio
from plugins.podcast.captions import Cue
from plugins.podcast.forms import FACTS, EpisodeForm
from plugins.podcast.plugin import PodcastSettings
from plugins.podcast.timecode import TimecodeField


def new_guid() -> str:
    """The identity of an episode that has had none elsewhere."""
    return str(uuid.uuid4())


class PodcastShowPage(ContentPage):
    """A show: what is said once of all its episodes. Its feed is made of it and of them."""

    class Kind(models.TextChoices):
        EPISODIC = "episodic", _("episodic: each episode stands alone, the newest first")
        SERIAL = "serial", _("serial: to be heard in order, from the first episode on")

    type_name = "podcast"

    artwork = models.ForeignKey(
        "content.NewsroomImage",
        verbose_name=_("artwork"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Square, at least 1400 × 1400 pixels, better 3000 × 3000. Directories list no show without it."),
    )
    author = models.CharField(
        _("author"), max_length=200, blank=True, help_text=_("Who makes the show, as listeners see it.")
    )
    owner_name = models.CharField(_("owner's name"), max_length=200, blank=True)
    owner_email = models.EmailField(
        _("owner's e-mail"),
        blank=True,
        help_text=_("Directories write to it to make sure that the feed is yours. Everybody can read it in the feed."),
    )
    category = models.CharField(_("category"), max_length=100, choices=categories.choices, default="News")
    second_category = models.CharField(_("second category"), max_length=100, choices=categories.choices, blank=True)
    explicit = models.BooleanField(_("explicit"), default=False, help_text=_("Strong language, or not for children."))
    kind = models.CharField(_("order of episodes"), max_length=10, choices=Kind.choices, default=Kind.EPISODIC)
    copyright = models.CharField(_("copyright"), max_length=200, blank=True)
    funding_url = models.URLField(_("where to support the show"), max_length=1000, blank=True)
    funding_text = models.CharField(_("words of that link"), max_length=128, blank=True)
    guid = models.UUIDField(
        _("podcast GUID"),
        null=True,
        blank=True,
        help_text=_(
            "Stays the same for as long as the podcast lives, wherever it moves. For a show that comes from another "
            "host, give the one of its old feed; left empty, it is made of this feed's address."
        ),
    )
    feed_locked = models.BooleanField(
        _("locked"), default=True, help_text=_("Other hosts are told not to import this feed. Unlock it to move away.")
    )

    subpage_types = ["podcast.EpisodePage"]
    exclude_fields_in_copy = [*ContentPage.exclude_fields_in_copy, "guid"]
    import_fields = [
        "author", "owner_name", "owner_email", "category", "second_category", "explicit", "kind", "copyright",
        "funding_url", "funding_text", "guid", "feed_locked", "people",
    ]  # fmt: skip

    content_panels = [
        *ContentPage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("artwork"),
                FieldRowPanel([FieldPanel("category"), FieldPanel("second_category")]),
                FieldRowPanel([FieldPanel("kind"), FieldPanel("explicit")]),
            ],
            heading=_("In directories of podcasts"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("author"),
                FieldRowPanel([FieldPanel("owner_name"), FieldPanel("owner_email")]),
                FieldPanel("copyright"),
                FieldRowPanel([FieldPanel("funding_url"), FieldPanel("funding_text")]),
            ],
            heading=_("Who makes it"),
        ),
        InlinePanel("people", label=_("person"), heading=_("Regular hosts and makers")),
    ]
    promote_panels = [
        *ContentPage.promote_panels,
        MultiFieldPanel([FieldPanel("guid"), FieldPanel("feed_locked")], heading=_("The feed")),
    ]
    search_fields = [*ContentPage.search_fields, index.SearchField("author")]

    class Meta:
        verbose_name = _("podcast")
        verbose_name_plural = _("podcasts")

    @property
    def feed_url(self) -> str:
        """The absolute address of the feed."""
        return addresses.feed_url(self.slug, self.locale.language_code)

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        try:
            artwork.check(self.artwork)
        except ValidationError as error:
            errors["artwork"] = error
        if bool(self.owner_name) != bool(self.owner_email):
            missing = "owner_email" if self.owner_name else "owner_name"
            errors[missing] = _("Directories want the owner's name and e-mail address, both or neither.")
        if self.funding_text and not self.funding_url:
            errors["funding_url"] = _("Give the address that these words lead to.")
        twins = PodcastShowPage.objects.filter(guid=self.guid, alias_of=None).exclude(pk=self.pk)
        if self.guid and not self.alias_of_id and twins.exists():
            errors["guid"] = _("Another podcast has this GUID.")
        if errors:
            raise ValidationError(errors)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        if self.live and self.guid is None:
            self._settle_guid()

    def _settle_guid(self) -> None:
        """Once, when there is a feed: its address may change later, the podcast stays who it is."""
        shows = PodcastShowPage.objects
        self.guid = shows.filter(pk=self.pk).values_list("guid", flat=True).first()
        if self.guid is None:
            guid = addresses.podcast_guid(self.feed_url)
            # The address may have been another show's before.
            self.guid = uuid.uuid4() if shows.filter(guid=guid).exists() else guid
        shows.filter(pk=self.pk).update(guid=self.guid)


class EpisodePage(ContentPage):
    """An episode: a piece of audio with all that listeners are told of it."""

    class Type(models.TextChoices):
        FULL = "full", _("full episode")
        TRAILER = "trailer", _("trailer")
        BONUS = "bonus", _("bonus")

    audio = models.FileField(
        _("audio file"),
        upload_to=storing.FOLDER,
        max_length=200,
        blank=True,
        help_text=_(
            "MP3 or M4A play everywhere; Ogg, FLAC and WAV are taken too. Its length is read from the file. "
            "Whoever knows its address can hear it even when the episode is unpublished or private: "
            "only deleting the episode takes it down."
        ),
    )
    audio_url = models.URLField(
        _("or its address elsewhere"), max_length=1000, blank=True, help_text=_("Of the audio file itself.")
    )
    duration = TimecodeField(_("duration"), null=True, blank=True, help_text=_("Minutes and seconds, such as 42:10."))
    audio_size = models.PositiveBigIntegerField(_("size in bytes"), null=True, blank=True)
    mime_type = models.CharField(_("kind of file"), max_length=40, choices=MIME_TYPES, blank=True)
    season = models.PositiveIntegerField(_("season"), null=True, blank=True, validators=[MinValueValidator(1)])
    episode = models.PositiveIntegerField(_("episode number"), null=True, blank=True, validators=[MinValueValidator(1)])
    episode_type = models.CharField(_("type"), max_length=10, choices=Type.choices, default=Type.FULL)
    explicit = models.BooleanField(_("explicit"), default=False, help_text=_("Strong language, or not for children."))
    transcript = RichTextField(_("transcript to read"), features=RICH_TEXT_FEATURES, blank=True)
    captions = models.TextField(
        _("transcript with times"),
        blank=True,
        help_text=_("The text of a WebVTT or SRT file. Podcast apps show it while the episode plays."),
    )
    guid = models.CharField(
        _("episode GUID"),
        max_length=500,
        default=new_guid,
        help_text=_("Apps know the episode by it. Change it only to that which an episode had at its former host."),
    )

    base_form_class = EpisodeForm
    parent_page_types = ["podcast.PodcastShowPage"]
    exclude_fields_in_copy = [*ContentPage.exclude_fields_in_copy, "guid"]
    import_fields = [
        "audio_url", "duration", "audio_size", "mime_type", "season", "episode", "episode_type", "explicit",
        "transcript", "captions", "guid", "chapters", "people",
    ]  # fmt: skip

    content_panels = [
        *ContentPage.content_panels,
        MultiFieldPanel(
            [
                HelpPanel(_("Upload the file here, or give its address elsewhere with its length, size and kind.")),
                FieldPanel("audio"),
                FieldPanel("audio_url"),
                FieldRowPanel([FieldPanel("duration"), FieldPanel("audio_size"), FieldPanel("mime_type")]),
            ],
            heading=_("Audio"),
        ),
        FieldRowPanel(
            [FieldPanel("season"), FieldPanel("episode"), FieldPanel("episode_type"), FieldPanel("explicit")],
            heading=_("Place in the show"),
        ),
        InlinePanel("chapters", label=_("chapter"), heading=_("Chapters")),
        MultiFieldPanel([FieldPanel("transcript"), FieldPanel("captions")], heading=_("Transcript")),
        InlinePanel(
            "people",
            label=_("person"),
            heading=_("People in this episode"),
            help_text=_("Left empty, it is the show's regular ones."),
        ),
    ]
    promote_panels = [*ContentPage.promote_panels, FieldPanel("guid")]
    search_fields = [*ContentPage.search_fields, index.SearchField("transcript")]

    class Meta:
        verbose_name = _("episode")
        verbose_name_plural = _("episodes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(audio="") | models.Q(audio_url=""),
                name="podcast_one_audio",
                violation_error_message=_("Either a file or an address, not both."),
            ),
        ]

    @cached_property
    def show(self) -> PodcastShowPage | None:
        """The show that it stands in. None for a page that stands nowhere yet."""
        parent = self.get_parent() if self.path else None
        return PodcastShowPage.objects.filter(pk=parent.pk).first() if parent else None

    @cached_property
    def cues(self) -> list[Cue]:
        """The transcript with times. Raises ValidationError."""
        return captions.parse(self.captions) if self.captions else []

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        for name, check in (("audio", self._read_upload), ("captions", lambda: captions.parse(self.captions))):
            try:
                check()
            except ValidationError as error:
                errors[name] = error
        if self.audio and self.audio_url:
            errors.setdefault("audio_url", _("Either a file or an address, not both."))
        if self.path and not self.alias_of_id:
            errors |= self.clashes(self.get_parent())
        if errors:
            raise ValidationError(errors)

    def clashes(self, show: Page) -> dict[str, Any]:
        """What another episode of this show has already, by field."""
        twins = EpisodePage.objects.child_of(show).filter(guid=self.guid, alias_of=None).exclude(pk=self.pk)
        words = _("Another episode of this show has this GUID: apps would take the two for one.")
        return {"guid": words} if twins.exists() else {}

    def missing(self) -> dict[str, Any]:
        """What must be given before it is published, by field. A draft may wait for it."""
        if self.audio:
            return {}
        if not self.audio_url:
            return {"audio": _("Upload the audio, or give its address.")}
        words = _("Directories want to know this of a file that lies elsewhere.")
        return {name: words for name in FACTS if not getattr(self, name)}

    def save(self, clean: bool = True, **kwargs: Any) -> None:
        self._store_upload()
        if clean and self.live and (missing := self.missing()):
            raise ValidationError(missing)
        super().save(clean=clean, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        # For a draft of a live page only the revision is saved, and it keeps only the name of the file.
        self._store_upload()
        return super().save_revision(*args, **kwargs)

    def _has_upload(self) -> bool:
        return bool(self.audio) and not self.audio._committed

    def _read_upload(self) -> AudioFacts | None:
        """Take length, size and kind from a newly uploaded file. Raises ValidationError."""
        if not self._has_upload():
            return None
        limit = plugin_settings(PodcastSettings).largest_upload * 1024**2
        facts = read_audio(self.audio.file, most_bytes=limit)
        self.duration, self.audio_size, self.mime_type = facts.duration, facts.size, facts.mime
        return facts

    def _store_upload(self) -> None:
        if facts := self._read_upload():
            self.audio = storing.store(self.audio, facts.ending)


class Chapter(Orderable):
    """A part of an episode that apps can jump to."""

    page = ParentalKey(EpisodePage, on_delete=models.CASCADE, related_name="chapters")
    start = TimecodeField(_("begins at"), help_text=_("Minutes and seconds, such as 12:34."))
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("link"), max_length=1000, blank=True)
    image = models.ForeignKey(
        "content.NewsroomImage",
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels = [
        FieldRowPanel([FieldPanel("start"), FieldPanel("title")]),
        FieldPanel("url"),
        FieldPanel("image"),
    ]

    def __str__(self) -> str:
        return self.title


class Person(Orderable):
    """Somebody who is heard, or has made it. Roles: https://podcasttaxonomy.com/"""

    class Role(models.TextChoices):
        HOST = "host", _("host")
        CO_HOST = "co-host", _("co-host")
        GUEST = "guest", _("guest")
        REPORTER = "reporter", _("reporter")
        NARRATOR = "narrator", _("narrator")
        PRODUCER = "producer", _("producer")
        EDITOR = "editor", _("editor")
        COMPOSER = "composer", _("composer")

    name = models.CharField(pgettext_lazy("person", "name"), max_length=128)
    role = models.CharField(pgettext_lazy("person", "role"), max_length=20, choices=Role.choices, default=Role.HOST)
    url = models.URLField(_("page about them"), max_length=1000, blank=True)

    panels = [FieldRowPanel([FieldPanel("name"), FieldPanel("role")]), FieldPanel("url")]

    class Meta(Orderable.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name


class ShowPerson(Person):
    """Somebody who belongs to the show."""

    page = ParentalKey(PodcastShowPage, on_delete=models.CASCADE, related_name="people")


class EpisodePerson(Person):
    """Somebody in one episode."""

    page = ParentalKey(EpisodePage, on_delete=models.CASCADE, related_name="people")


@receiver(page_published, sender=EpisodePage)
def show_lists_it(instance: EpisodePage, **kwargs: Any) -> None:
    """A show's document lists its episodes."""
    content_changed(PodcastShowPage.objects.ancestor_of(instance))


@receiver(post_page_move, sender=EpisodePage)
def shows_list_it(parent_page_before: Page, parent_page_after: Page, **kwargs: Any) -> None:
    """It stands in another show now."""
    content_changed(PodcastShowPage.objects.filter(pk__in=[parent_page_before.pk, parent_page_after.pk]))


@receiver(pre_delete, sender=EpisodePage)
def remember_files(instance: EpisodePage, **kwargs: Any) -> None:
    """Its revisions, which name files too, are gone when it is."""
    instance._files = storing.names_of(instance)


@receiver(post_delete, sender=EpisodePage)
def remove_files(instance: EpisodePage, **kwargs: Any) -> None:
    """Its audio goes with it, unless a copy of it shows the same."""
    storing.remove_unused(instance._files)
