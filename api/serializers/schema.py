"""The documents as the schema describes them, where they are assembled from ready-made parts when read."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from api.parameters import LOCALES
from api.serializers import shapes
from api.serializers.content import TeaserSerializer, detail_serializer
from api.serializers.fields import ConstField
from cms.content.models import ContentPage
from cms.content.types import content_types


class _List(serializers.Serializer[Any]):
    """One page of a list."""

    next = serializers.URLField(allow_null=True, help_text="The page after this one, as it is; null at the end")
    previous = serializers.URLField(allow_null=True, help_text="The page before this one; null at the beginning")


class ListedTeaser(TeaserSerializer):
    """A teaser, with related content where `expand=related` asks for it."""

    related = TeaserSerializer(many=True, required=False)


class TeaserList(_List):
    results = ListedTeaser(many=True)


class RelatedContent(TeaserSerializer):
    """Content that a detail refers to: a teaser, or whole where `expand=related` asks for it."""


_documents: dict[type[ContentPage], type[serializers.Serializer[Any]]] = {}


def detail_document_schema(model: type[ContentPage]) -> type[serializers.Serializer[Any]]:
    """The detail of a type as it leaves: references filled, translations behind."""
    if model not in _documents:
        base = detail_serializer(model)
        fields = {
            "type": ConstField(model.get_type_name(), help_text="The content type"),
            "related": RelatedContent(many=True, help_text="What to read next, as far as it is public"),
            "translations": shapes.TranslationShape(many=True, help_text="The same in other languages"),
        }
        meta = type("Meta", (base.Meta,), {"fields": [*base.Meta.fields, "translations"]})
        own_words = base.__doc__ or base.__mro__[1].__doc__
        _documents[model] = type(base.__name__, (base,), {**fields, "__doc__": own_words, "Meta": meta})
    return _documents[model]


def _detail_documents() -> dict[str, serializers.Serializer[Any] | type[serializers.Serializer[Any]]]:
    return {name: detail_document_schema(model) for name, model in content_types().items()}


#: The detail of any type.
DetailDocument = PolymorphicProxySerializer(
    component_name="Detail", serializers=_detail_documents, resource_type_field_name="type"
)


class SlotShape(serializers.Serializer[Any]):
    """Where on the front page, and how big."""

    position = serializers.IntegerField(min_value=1)
    size = serializers.ChoiceField(choices=["lead", "standard", "compact"])


class SlottedTeaser(TeaserSerializer):
    """A teaser with the words and the picture of the front page over its own."""

    slot = SlotShape()


class PinShape(serializers.Serializer[Any]):
    """That it was pinned to this place of the list, and until when."""

    position = serializers.IntegerField(min_value=1)
    until = serializers.DateTimeField()


class PinnedTeaser(TeaserSerializer):
    """A teaser that may keep its place among the newest for a time."""

    pin = PinShape(required=False)


class PlaceShape(serializers.Serializer[Any]):
    """The front page in another language."""

    locale = serializers.ChoiceField(choices=LOCALES)
    path = serializers.CharField()


class FrontDocument(serializers.Serializer[Any]):
    """The front page: what editors placed, and the newest that they didn't."""

    type = ConstField("front")
    locale = serializers.ChoiceField(choices=LOCALES)
    path = serializers.CharField()
    updated_at = serializers.DateTimeField(allow_null=True, help_text="Null if editors never arranged it")
    slots = SlottedTeaser(many=True)
    latest = PinnedTeaser(many=True, help_text="The newest that stands in no slot, and what is pinned among it")
    translations = PlaceShape(many=True)


def _drafts() -> dict[str, serializers.Serializer[Any] | type[serializers.Serializer[Any]]]:
    return {**_detail_documents(), "front": FrontDocument}


#: What a preview shows: the schema makes of each detail one in which much may be missing yet (``api.openapi.drafts``).
DraftDocument = PolymorphicProxySerializer(component_name="Draft", serializers=_drafts, resource_type_field_name="type")


class ResolvedPage(serializers.Serializer[Any]):
    """Content stands here: ask for `/content/{type}/{slug}/?locale={locale}`."""

    kind = ConstField("page")
    id = serializers.IntegerField(min_value=1)
    type = serializers.CharField()
    slug = serializers.CharField()
    locale = serializers.ChoiceField(choices=LOCALES)
    path = serializers.CharField()


class ResolvedFront(ResolvedPage):
    """The front page stands here: ask for `/front/?locale={locale}`."""

    kind = ConstField("front")


class ResolvedRedirect(serializers.Serializer[Any]):
    """It has moved: send the reader there, with this status."""

    kind = ConstField("redirect")
    location = serializers.CharField(help_text="A path of your site, or an address elsewhere")
    status = serializers.ChoiceField(choices=[301, 302])


#: What stands at a path.
ResolvedPath = PolymorphicProxySerializer(
    component_name="ResolvedPath",
    serializers={"page": ResolvedPage, "front": ResolvedFront, "redirect": ResolvedRedirect},
    resource_type_field_name="kind",
)


class TypeShape(serializers.Serializer[Any]):
    """A content type of this newsroom."""

    type = serializers.CharField(help_text="As in `/content/{type}/{slug}/` and in the filter `type`")
    name = serializers.CharField(help_text="For people")
    listed = serializers.BooleanField(help_text="Whether lists show it that ask for no type")
    schema_url = serializers.URLField(help_text="The JSON Schema of its detail")


class TypeList(serializers.Serializer[Any]):
    results = TypeShape(many=True)


class SectionShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    count = serializers.IntegerField(min_value=0, help_text="Publications that lists show")


class AuthorShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()
    bio = serializers.CharField()
    photo = shapes.ImageShape(allow_null=True)
    count = serializers.IntegerField(min_value=0, help_text="Publications that lists show")


class TagShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField(min_value=0, help_text="Publications that lists show")


class _WholeList(serializers.Serializer[Any]):
    """All of a short list at once."""

    next = serializers.URLField(allow_null=True, help_text="Always null: the list is whole")
    previous = serializers.URLField(allow_null=True, help_text="Always null: the list is whole")


class SectionList(_WholeList):
    results = SectionShape(many=True)


class AuthorList(_WholeList):
    results = AuthorShape(many=True)


class TagList(_WholeList):
    results = TagShape(many=True)


class DonationCallShape(serializers.Serializer[Any]):
    """The newsroom's call to its readers."""

    headline = serializers.CharField()
    text = serializers.CharField()
    button = serializers.CharField()
    campaign = shapes.CampaignReference(allow_null=True, help_text="Null if none is chosen or it isn't public")


class LocaleShape(serializers.Serializer[Any]):
    """A language of the newsroom."""

    code = serializers.ChoiceField(choices=LOCALES, help_text="BCP 47")
    name = serializers.CharField(help_text="In the language itself")
    path = serializers.CharField(help_text="Of its front page")


class SiteDocument(serializers.Serializer[Any]):
    """What the frame of every page needs."""

    name = serializers.CharField()
    tagline = serializers.CharField()
    logo = shapes.ImageShape(allow_null=True)
    locales = LocaleShape(many=True)
    donation_call = DonationCallShape(allow_null=True)
    sections = SectionShape(many=True)
