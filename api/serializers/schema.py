"""The documents as the schema describes them, where they are assembled from ready-made parts when read."""

from typing import Any

from rest_framework import serializers

from api.serializers import shapes
from api.serializers.content import TeaserSerializer, detail_serializer
from cms.content.models import ContentPage


class TeaserList(serializers.Serializer[Any]):
    results = TeaserSerializer(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


_documents: dict[type[ContentPage], type[serializers.Serializer[Any]]] = {}


def detail_document_schema(model: type[ContentPage]) -> type[serializers.Serializer[Any]]:
    """The detail of a type as it leaves: references filled, translations behind."""
    if model not in _documents:
        base = detail_serializer(model)
        fields = {
            "related": TeaserSerializer(many=True),
            "translations": shapes.TranslationShape(many=True),
        }
        meta = type("Meta", (base.Meta,), {"fields": [*base.Meta.fields, "translations"]})
        _documents[model] = type(base.__name__, (base,), {**fields, "Meta": meta})
    return _documents[model]


class SlotShape(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    size = serializers.ChoiceField(choices=["lead", "standard", "compact"])


class SlottedTeaser(TeaserSerializer):
    """A teaser with the words and the picture of the front page over its own."""

    slot = SlotShape()


class PlaceShape(serializers.Serializer[Any]):
    locale = serializers.CharField()
    path = serializers.CharField()


class FrontDocument(serializers.Serializer[Any]):
    type = serializers.CharField()
    locale = serializers.CharField()
    path = serializers.CharField()
    updated_at = serializers.DateTimeField(allow_null=True)
    slots = SlottedTeaser(many=True)
    latest = TeaserSerializer(many=True)
    translations = PlaceShape(many=True)


class ResolvedPath(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["page", "front", "redirect"])
    id = serializers.IntegerField(required=False)
    type = serializers.CharField(required=False)
    slug = serializers.CharField(required=False)
    locale = serializers.CharField(required=False)
    path = serializers.CharField(required=False)
    location = serializers.CharField(required=False)
    status = serializers.IntegerField(required=False, help_text="301 or 302")


class TypeShape(serializers.Serializer[Any]):
    type = serializers.CharField()
    name = serializers.CharField()
    listed = serializers.BooleanField()
    schema_url = serializers.URLField()


class TypeList(serializers.Serializer[Any]):
    results = TypeShape(many=True)


class SectionShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    count = serializers.IntegerField()


class AuthorShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()
    bio = serializers.CharField()
    photo = shapes.ImageShape(allow_null=True)
    count = serializers.IntegerField()


class TagShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField()


class _List(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class SectionList(_List):
    results = SectionShape(many=True)


class AuthorList(_List):
    results = AuthorShape(many=True)


class TagList(_List):
    results = TagShape(many=True)


class CampaignReference(serializers.Serializer[Any]):
    slug = serializers.CharField()
    headline = serializers.CharField()
    url = serializers.URLField()


class DonationCallShape(serializers.Serializer[Any]):
    headline = serializers.CharField()
    text = serializers.CharField()
    button = serializers.CharField()
    campaign = CampaignReference(allow_null=True)


class LocaleShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    path = serializers.CharField()


class SiteDocument(serializers.Serializer[Any]):
    name = serializers.CharField()
    tagline = serializers.CharField()
    logo = shapes.ImageShape(allow_null=True)
    locales = LocaleShape(many=True)
    donation_call = DonationCallShape(allow_null=True)
    sections = SectionShape(many=True)
