"""The values of the core's blocks, as a body shows them. ``api.publications.blocks`` makes them."""

from typing import Any

from rest_framework import serializers

from api.serializers.content import TeaserSerializer
from api.serializers.fields import HtmlField
from api.serializers.shapes import CampaignReference, ImageShape

Shape = serializers.Serializer[Any] | serializers.Field[Any, Any, Any, Any]


class HeadingValue(serializers.Serializer[Any]):
    text = serializers.CharField()
    level = serializers.ChoiceField(choices=[2, 3], help_text="As in `<h2>` and `<h3>`; the headline is `<h1>`")


class QuoteValue(serializers.Serializer[Any]):
    text = serializers.CharField(help_text="What was said; plain text, its line breaks mean something")
    attribution = serializers.CharField(help_text="Who said it, or empty")
    role = serializers.CharField(help_text="What they are, or empty")


class ImageValue(serializers.Serializer[Any]):
    image = ImageShape(allow_null=True, help_text="Null if its file is gone")
    caption = serializers.CharField()


class GalleryValue(serializers.Serializer[Any]):
    images = ImageValue(many=True)


class EmbedValue(serializers.Serializer[Any]):
    """Something to watch or hear elsewhere."""

    url = serializers.URLField(help_text="Where it is; link to it where you show no player")
    provider = serializers.CharField(help_text="Name of the service, or its host")
    title = serializers.CharField()
    html = serializers.CharField(help_text="An `<iframe>` with its player, or empty for services we know none of")


class TableValue(serializers.Serializer[Any]):
    caption = serializers.CharField()
    head = serializers.ListField(
        child=serializers.CharField(), help_text="The cells of the header row; empty if there is none"
    )
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class DocumentValue(serializers.Serializer[Any]):
    """A file to download."""

    title = serializers.CharField()
    url = serializers.URLField()
    size = serializers.IntegerField(min_value=0, allow_null=True, help_text="Bytes; null if the file can't be read")
    filename = serializers.CharField()


class PulloutValue(serializers.Serializer[Any]):
    """A box beside the text."""

    title = serializers.CharField()
    text = HtmlField()


class DonationCallValue(serializers.Serializer[Any]):
    """Where a text or a button is empty, show those of `donation_call` of `/site/`."""

    text = serializers.CharField()
    button = serializers.CharField()
    campaign = CampaignReference(allow_null=True, help_text="Null if none is chosen or it isn't public")


class TeasersValue(serializers.Serializer[Any]):
    """Chosen content under a heading."""

    heading = serializers.CharField()
    teasers = TeaserSerializer(many=True)


class DividerValue(serializers.Serializer[Any]):
    """A line between two parts: nothing to say."""


#: The shape of the value of each block of the core.
VALUES: dict[str, Shape] = {
    "paragraph": HtmlField(),
    "heading": HeadingValue(),
    "quote": QuoteValue(),
    "image": ImageValue(),
    "gallery": GalleryValue(),
    "embed": EmbedValue(),
    "table": TableValue(),
    "document": DocumentValue(),
    "pullout": PulloutValue(),
    "donation_call": DonationCallValue(),
    "related": TeaserSerializer(many=True),
    "teasers": TeasersValue(),
    "divider": DividerValue(),
}
