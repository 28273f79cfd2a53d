"""The small shapes that the documents of shows and episodes are made of."""

from typing import Any

from rest_framework import serializers
from wagtail.images.models import AbstractImage

from plugins.podcast import pictures
from plugins.podcast.models import Person


class ArtworkShape(serializers.Serializer[Any]):
    """A square picture, as JPEG: apps that show podcasts take no WebP."""

    url = serializers.URLField()
    width = serializers.IntegerField(min_value=1)
    height = serializers.IntegerField(min_value=1)
    alt = serializers.CharField()
    credit = serializers.CharField()

    def to_representation(self, instance: AbstractImage) -> Any:
        return pictures.artwork_of(instance)


class OwnerShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    email = serializers.EmailField()


class CategoryShape(serializers.Serializer[Any]):
    """A category of Apple Podcasts, by Apple's names."""

    name = serializers.CharField()
    subcategory = serializers.CharField(allow_null=True)


class FundingShape(serializers.Serializer[Any]):
    url = serializers.URLField()
    text = serializers.CharField()


class PersonShape(serializers.Serializer[Any]):
    """Somebody who is heard, or has made it."""

    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Person.Role.values)
    url = serializers.URLField(allow_blank=True)


class AudioShape(serializers.Serializer[Any]):
    """The file to play: bytes, and whole seconds."""

    url = serializers.URLField()
    mime = serializers.CharField()
    size = serializers.IntegerField(min_value=0, help_text="Bytes; 0 if unknown")
    duration = serializers.IntegerField(min_value=0, help_text="Seconds; 0 if unknown")


class ChapterShape(serializers.Serializer[Any]):
    """``start`` is in seconds from the beginning."""

    start = serializers.IntegerField(min_value=0)
    title = serializers.CharField()
    url = serializers.URLField(allow_blank=True)
    image = serializers.URLField(allow_null=True)


class CueShape(serializers.Serializer[Any]):
    """What is said from ``start`` to ``end``, in seconds; ``speaker`` may be empty."""

    start = serializers.FloatField(min_value=0)
    end = serializers.FloatField(min_value=0)
    speaker = serializers.CharField()
    text = serializers.CharField()


class TranscriptShape(serializers.Serializer[Any]):
    """What is said: ``html`` to read, ``cues`` to follow, ``url`` of the same as WebVTT. Any of them may be empty."""

    html = serializers.CharField()
    cues = CueShape(many=True)
    url = serializers.URLField(allow_blank=True)


class AppChapterShape(serializers.Serializer[Any]):
    """One chapter as podcast apps read it; ``startTime`` is in seconds."""

    startTime = serializers.FloatField()  # noqa: N815  (the format's own names)
    title = serializers.CharField()
    url = serializers.URLField(required=False)
    img = serializers.URLField(required=False)


class AppChaptersShape(serializers.Serializer[Any]):
    """JSON chapters, version 1.2."""

    version = serializers.CharField()
    title = serializers.CharField()
    chapters = AppChapterShape(many=True)
