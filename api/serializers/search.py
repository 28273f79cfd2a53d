"""What search adds to a teaser."""

from typing import Any

from rest_framework import serializers

from api.serializers.content import TeaserSerializer


class HighlightShape(serializers.Serializer[Any]):
    """HTML in which `<mark>` is the only tag: what was found, in the texts that it was found in."""

    headline = serializers.CharField(help_text="The headline, whole")
    lede = serializers.CharField(allow_blank=True, help_text="The lede, whole")
    body = serializers.CharField(
        allow_null=True, help_text="The piece of the text that answers most of the question; null if none of it does"
    )


class SearchResult(TeaserSerializer):
    """A teaser, and why it was found."""

    highlight = HighlightShape(allow_null=True, help_text="Null if `highlight=false` was asked for")
    score = serializers.FloatField(allow_null=True, help_text="Of use to compare results of one answer; null by time")
