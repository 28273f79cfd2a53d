"""The small shapes that the documents are made of; they also speak for themselves in the schema."""

from datetime import UTC
from typing import Any

from rest_framework import serializers
from wagtail.images.models import AbstractImage

from api.parameters import LOCALES
from api.publications import images
from api.serializers.fields import HtmlField


class FormatsShape(serializers.Serializer[Any]):
    """One picture in several formats, for the `<source>`s of a `<picture>`. Show the first that the browser knows."""

    avif = serializers.URLField(required=False, help_text="The smallest; missing where it could not be made")
    webp = serializers.URLField()
    jpeg = serializers.URLField(required=False, help_text="For mail, feeds and social networks")


class RenditionShape(serializers.Serializer[Any]):
    """A picture at one width, made when the page was published."""

    url = serializers.URLField(help_text="WebP")
    width = serializers.IntegerField(min_value=1, help_text="Pixels")
    height = serializers.IntegerField(min_value=1, help_text="Pixels")
    formats = FormatsShape(required=False)


class RenditionsShape(serializers.Serializer[Any]):
    """At most 320, 640 and 1280 pixels wide; a smaller original is not blown up."""

    small = RenditionShape()
    medium = RenditionShape()
    large = RenditionShape()


class FocalPointShape(serializers.Serializer[Any]):
    """What a crop must keep, as fractions of width and height: `object-position: {x*100}% {y*100}%`."""

    x = serializers.FloatField(min_value=0, max_value=1)
    y = serializers.FloatField(min_value=0, max_value=1)


class ImageShape(serializers.Serializer[Any]):
    """A picture with the words owed to readers and makers."""

    alt = serializers.CharField(help_text="For the `alt` attribute; empty if it only decorates")
    credit = serializers.CharField(help_text="Who made it; show it")
    width = serializers.IntegerField(min_value=1, help_text="Of the original, in pixels")
    height = serializers.IntegerField(min_value=1, help_text="Of the original, in pixels")
    focal_point = FocalPointShape(allow_null=True, required=False, help_text="Null if no editor has marked one")
    color = serializers.RegexField(
        r"^#[0-9a-f]{6}$",
        allow_null=True,
        required=False,
        help_text="What dominates the picture, to show while it loads; null if unknown",
    )
    renditions = RenditionsShape()

    def to_representation(self, instance: AbstractImage) -> Any:
        return images.describe(instance)


class NamedShape(serializers.Serializer[Any]):
    """A section, an author or a tag, as content names it. Filters take the slug."""

    slug = serializers.CharField()
    name = serializers.CharField()


class SourceShape(serializers.Serializer[Any]):
    """The agency or paper that a text is credited to."""

    name = serializers.CharField()
    url = serializers.URLField(allow_blank=True)


class CorrectionShape(serializers.Serializer[Any]):
    """What was put right after publication. Show it."""

    made_at = serializers.DateTimeField(default_timezone=UTC)
    text = HtmlField()


class TranslationShape(serializers.Serializer[Any]):
    """The same content in another language, for `<link rel="alternate" hreflang>`."""

    locale = serializers.ChoiceField(choices=LOCALES)
    slug = serializers.CharField()
    path = serializers.CharField()
    url = serializers.URLField()
    headline = serializers.CharField()


class SeoShape(serializers.Serializer[Any]):
    """What goes into the head of the page."""

    title = serializers.CharField()
    description = serializers.CharField()
    canonical = serializers.URLField()


class TargetShape(serializers.Serializer[Any]):
    """What a teaser of its own opens."""

    url = serializers.URLField()
    external = serializers.BooleanField(help_text="It leads to another site")


class CampaignReference(serializers.Serializer[Any]):
    """A campaign to donate to."""

    slug = serializers.CharField()
    headline = serializers.CharField()
    url = serializers.URLField(help_text="The donation page")
