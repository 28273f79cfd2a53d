"""The small shapes that the documents are made of; they also speak for themselves in the schema."""

from datetime import UTC
from typing import Any

from rest_framework import serializers
from wagtail.images.models import AbstractImage

from api.publications import images


class RenditionShape(serializers.Serializer[Any]):
    url = serializers.URLField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class RenditionsShape(serializers.Serializer[Any]):
    small = RenditionShape()
    medium = RenditionShape()
    large = RenditionShape()


class ImageShape(serializers.Serializer[Any]):
    """A picture with the words owed to readers and makers; widths of the renditions: 320, 640, 1280 pixels."""

    alt = serializers.CharField()
    credit = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    renditions = RenditionsShape()

    def to_representation(self, instance: AbstractImage) -> Any:
        return images.describe(instance)


class NamedShape(serializers.Serializer[Any]):
    """A section or an author, as a teaser names it."""

    slug = serializers.CharField()
    name = serializers.CharField()


class SourceShape(serializers.Serializer[Any]):
    """The agency or paper that a text is credited to."""

    name = serializers.CharField()
    url = serializers.CharField()


class BlockShape(serializers.Serializer[Any]):
    """One block of a body; the shape of ``value`` follows from ``type``."""

    id = serializers.CharField()
    type = serializers.CharField()
    value = serializers.JSONField()


class CorrectionShape(serializers.Serializer[Any]):
    made_at = serializers.DateTimeField(default_timezone=UTC)
    text = serializers.CharField(help_text="HTML")


class TranslationShape(serializers.Serializer[Any]):
    """The same content in another language."""

    locale = serializers.CharField()
    slug = serializers.CharField()
    path = serializers.CharField()
    url = serializers.URLField()
    headline = serializers.CharField()


class SeoShape(serializers.Serializer[Any]):
    title = serializers.CharField()
    description = serializers.CharField()
    canonical = serializers.URLField()


class TargetShape(serializers.Serializer[Any]):
    """What a teaser of its own opens."""

    url = serializers.URLField()
    external = serializers.BooleanField()
