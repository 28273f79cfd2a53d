"""What the documents of shows and episodes add to the common shape."""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.contract import DetailSerializer, RichTextRepresentation, TeaserSerializer, absolute_url, reference
from cms.contract import plugin_settings
from plugins.podcast import addresses, categories, shapes
from plugins.podcast.models import EpisodePage, PodcastShowPage
from plugins.podcast.pictures import artwork_of, chapter_image
from plugins.podcast.plugin import PodcastSettings

logger = logging.getLogger(__name__)
Json = dict[str, Any]


class ShowDetail(DetailSerializer):
    """A show, and its newest episodes."""

    artwork = shapes.ArtworkShape(allow_null=True)
    author = serializers.CharField()
    owner = serializers.SerializerMethodField()
    categories = serializers.SerializerMethodField()
    explicit = serializers.BooleanField()
    kind = serializers.ChoiceField(choices=PodcastShowPage.Kind.values)
    copyright = serializers.CharField()
    funding = serializers.SerializerMethodField()
    guid = serializers.SerializerMethodField(help_text="podcast:guid")
    locked = serializers.BooleanField(source="feed_locked", help_text="podcast:locked")
    people = shapes.PersonShape(many=True)
    feed_url = serializers.URLField()
    episodes = serializers.SerializerMethodField(help_text="The newest first; `?type=episode&show=` lists them all")

    @extend_schema_field(shapes.OwnerShape(allow_null=True))
    def get_owner(self, page: PodcastShowPage) -> Json | None:
        return {"name": page.owner_name, "email": page.owner_email} if page.owner_email else None

    @extend_schema_field(shapes.CategoryShape(many=True))
    def get_categories(self, page: PodcastShowPage) -> list[Json]:
        return [categories.as_json(each) for each in (page.category, page.second_category) if each]

    @extend_schema_field(shapes.FundingShape(allow_null=True))
    def get_funding(self, page: PodcastShowPage) -> Json | None:
        return {"url": page.funding_url, "text": page.funding_text} if page.funding_url else None

    def get_guid(self, page: PodcastShowPage) -> str:
        return str(page.guid or addresses.podcast_guid(page.feed_url))

    @extend_schema_field(TeaserSerializer(many=True))
    def get_episodes(self, page: PodcastShowPage) -> list[Json]:
        return [reference(pk) for pk in newest_episodes(page)]


class EpisodeTeaser(TeaserSerializer):
    """A teaser that can be played."""

    audio = serializers.SerializerMethodField()

    @extend_schema_field(shapes.AudioShape(allow_null=True))
    def get_audio(self, page: EpisodePage) -> Json | None:
        return audio_of(page)


class EpisodeDetail(DetailSerializer):
    """An episode."""

    audio = serializers.SerializerMethodField()
    show = serializers.SerializerMethodField()
    season = serializers.IntegerField(allow_null=True)
    episode = serializers.IntegerField(allow_null=True)
    episode_type = serializers.ChoiceField(choices=EpisodePage.Type.values)
    explicit = serializers.BooleanField()
    guid = serializers.CharField()
    artwork = serializers.SerializerMethodField(help_text="The image, where it is a square that podcast apps show")
    people = shapes.PersonShape(many=True)
    chapters = serializers.SerializerMethodField()
    chapters_url = serializers.SerializerMethodField(help_text="The chapters as podcast apps read them, or empty")
    transcript = serializers.SerializerMethodField()

    @extend_schema_field(shapes.AudioShape(allow_null=True))
    def get_audio(self, page: EpisodePage) -> Json | None:
        return audio_of(page)

    @extend_schema_field(TeaserSerializer(allow_null=True))
    def get_show(self, page: EpisodePage) -> Json | None:
        return reference(page.show.pk) if page.show else None

    @extend_schema_field(shapes.ArtworkShape(allow_null=True))
    def get_artwork(self, page: EpisodePage) -> Json | None:
        return artwork_of(page.image)

    @extend_schema_field(shapes.ChapterShape(many=True))
    def get_chapters(self, page: EpisodePage) -> list[Json]:
        return [
            {"start": each.start, "title": each.title, "url": each.url, "image": chapter_image(each.image)}
            for each in sorted(page.chapters.all(), key=lambda chapter: chapter.start)
        ]

    @extend_schema_field(serializers.URLField(allow_blank=True))
    def get_chapters_url(self, page: EpisodePage) -> str:
        return _file_url(page, "chapters") if page.chapters.all() else ""

    @extend_schema_field(shapes.TranscriptShape(allow_null=True))
    def get_transcript(self, page: EpisodePage) -> Json | None:
        try:
            cues = [cue.as_json() for cue in page.cues]
        except ValidationError as error:
            # No form lets it pass. What an import wrote must not keep the episode from being published.
            logger.warning("The timed transcript of episode %s can't be read: %s", page.pk, error)
            cues = []
        if not page.transcript and not cues:
            return None
        html = RichTextRepresentation().to_representation(page.transcript)
        return {"html": html, "cues": cues, "url": _file_url(page, "transcript") if cues else ""}


def newest_episodes(show: PodcastShowPage) -> list[int]:
    """The ids of a show's newest live episodes, as many as its feed may have."""
    live = EpisodePage.objects.child_of(show).live().order_by("-published_at", "-pk")
    return list(live.values_list("pk", flat=True)[: plugin_settings(PodcastSettings).episodes_shown])


def audio_of(page: EpisodePage) -> Json | None:
    """The file to play."""
    url = absolute_url(page.audio.url) if page.audio else page.audio_url
    if not url:
        return None
    return {"url": url, "mime": page.mime_type, "size": page.audio_size or 0, "duration": page.duration or 0}


def _file_url(page: EpisodePage, file: str) -> str:
    return addresses.file_url(page.show.slug, page.slug, file, page.locale.language_code) if page.show else ""
