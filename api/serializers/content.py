"""The teaser and the detail of a content page.

The teaser is one shape for every type. The detail adds the body and what the type declares in ``api_fields``;
a plugin with other wishes registers a serializer of its own (``api.contract.serializes``).
"""

from datetime import UTC
from functools import cache
from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import AbstractImage
from wagtail.models import Page

from api.parameters import LOCALES
from api.publications import blocks, rich_text
from api.serializers import shapes
from api.serializers.fields import HtmlField, JsonLdField
from api.serializers.json_ld import json_ld
from cms.content.models import ContentPage
from cms.content.wagtail_api import WagtailField
from cms.registry.claims import claim
from cms.registry.discovery import PluginError
from cms.registry.owners import owner_of


class RichTextRepresentation(HtmlField):
    """Stored rich text as safe HTML."""

    def to_representation(self, value: Any) -> str:
        return rich_text.render(value or "")


class BodyRepresentation(serializers.Field[Any, Any, Any, Any]):
    """A stream of blocks. ``api.openapi.blocks`` tells the schema which there may be."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, source=kwargs.get("source"))

    def to_representation(self, data: Any) -> Any:
        return blocks.render_body(data)


class PageReference(serializers.Serializer[Any]):
    """A page as a reference: its public teaser when the document is read, null if it isn't public."""

    def to_representation(self, instance: Page) -> Any:
        return blocks.reference(instance.pk)


class TypeFieldsSerializer(serializers.ModelSerializer[Any]):
    """A model serializer that knows the fields pages are made of."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        RichTextField: RichTextRepresentation,
        StreamField: BodyRepresentation,
    }

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        if isinstance(model_field, StreamField):
            return BodyRepresentation, {}
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if isinstance(model_field, models.DateTimeField):
            kwargs["default_timezone"] = UTC
        return field_class, kwargs

    def build_relational_field(self, field_name: str, relation_info: Any) -> Any:
        related = relation_info.related_model
        if relation_info.to_many and hasattr(related, "api_fields"):
            return fields_serializer(related), {"many": True, "read_only": True}
        if issubclass(related, AbstractImage):
            return shapes.ImageShape, {"read_only": True, "allow_null": True}
        if issubclass(related, Page):
            return PageReference, {"read_only": True, "allow_null": True}
        return super().build_relational_field(field_name, relation_info)


@cache
def fields_serializer(model: type[models.Model]) -> type[TypeFieldsSerializer]:
    """A serializer of just what a child model declares in ``api_fields``."""
    declared, names = _declared(model)
    meta = type("Meta", (), {"model": model, "fields": names})
    words = model.__doc__
    return type(f"{model.__name__}Fields", (TypeFieldsSerializer,), {**declared, "__doc__": words, "Meta": meta})


def _declared(model: type[models.Model]) -> tuple[dict[str, Any], list[str]]:
    """The ``api_fields`` of a model: serializers that it names itself, and the names of all."""
    fields = APIField.get_fields_for_model(model)
    api_fields = [field for field in fields if not isinstance(field, WagtailField)]
    return {field.name: field.serializer for field in api_fields if field.serializer}, [f.name for f in api_fields]


class TeaserSerializer(serializers.Serializer[ContentPage]):
    """Content as lists show it."""

    id = serializers.IntegerField(source="pk", min_value=1)
    type = serializers.CharField(source="get_type_name", help_text="The content type; `/types/` lists them")
    locale = serializers.ChoiceField(choices=LOCALES, source="locale.language_code")
    slug = serializers.CharField(help_text="With `type` and `locale` it names the content in addresses of the API")
    path = serializers.CharField(source="public_path", help_text="Path on the frontend; `/resolve/` takes it")
    url = serializers.SerializerMethodField(help_text="What a click opens")
    headline = serializers.CharField(source="title", help_text="Plain text")
    lede = serializers.CharField(help_text="The first sentences, plain text; may be empty")
    section = shapes.NamedShape(allow_null=True)
    authors = serializers.SerializerMethodField(help_text="In the order of the byline")
    published_at = serializers.DateTimeField(default_timezone=UTC, help_text="The moment shown to readers")
    updated_at = serializers.SerializerMethodField(help_text="When it was last published")
    image = shapes.ImageShape(allow_null=True)
    tags = serializers.SerializerMethodField(help_text="Slugs")
    source = serializers.SerializerMethodField(help_text="Null if it is the newsroom's own")  # type: ignore[assignment]

    @extend_schema_field(serializers.URLField())
    def get_url(self, page: ContentPage) -> str:
        return page.public_url

    @extend_schema_field(serializers.DateTimeField())
    def get_updated_at(self, page: ContentPage) -> str | None:
        # What was made live past Wagtail has no such time; a draft has it once it is public.
        moment = page.last_published_at or (page.published_at if page.live else None)
        return serializers.DateTimeField(default_timezone=UTC).to_representation(moment) if moment else None

    @extend_schema_field(shapes.NamedShape(many=True))
    def get_authors(self, page: ContentPage) -> list[dict[str, str]]:
        return [{"slug": byline.author.slug, "name": byline.author.name} for byline in page.bylines.all()]

    def get_tags(self, page: ContentPage) -> list[str]:
        return [item.tag.slug for item in page.tag_items.all()]

    @extend_schema_field(shapes.SourceShape(allow_null=True))
    def get_source(self, page: ContentPage) -> dict[str, str] | None:
        return {"name": page.source_name, "url": page.source_url} if page.source_name else None


class DetailSerializer(TypeFieldsSerializer, TeaserSerializer):
    """One piece of content, whole: what its teaser says, its body, and what belongs to it."""

    body = BodyRepresentation()
    keywords = serializers.SerializerMethodField(help_text="The tags with their names")
    corrections = serializers.SerializerMethodField()
    related = serializers.SerializerMethodField(help_text="What editors chose to read next, as far as it is public")
    seo = serializers.SerializerMethodField()
    json_ld = serializers.SerializerMethodField()

    @extend_schema_field(shapes.NamedShape(many=True))
    def get_keywords(self, page: ContentPage) -> list[dict[str, str]]:
        return [{"slug": item.tag.slug, "name": item.tag.name} for item in page.tag_items.all()]

    @extend_schema_field(shapes.CorrectionShape(many=True))
    def get_corrections(self, page: ContentPage) -> list[dict[str, Any]]:
        field = serializers.DateTimeField(default_timezone=UTC)
        return [
            {"made_at": field.to_representation(each.made_at), "text": rich_text.render(each.text)}
            for each in page.corrections.all()
        ]

    def get_related(self, page: ContentPage) -> list[dict[str, Any]]:
        return [blocks.reference(item.related_id) for item in page.related_items.all()]

    @extend_schema_field(shapes.SeoShape())
    def get_seo(self, page: ContentPage) -> dict[str, str]:
        return {
            "title": page.seo_title or page.title,
            "description": page.search_description or page.lede,
            "canonical": page.public_url,
        }

    @extend_schema_field(JsonLdField())
    def get_json_ld(self, page: ContentPage) -> dict[str, Any]:
        return json_ld(page)


COMMON_FIELDS = [*TeaserSerializer().fields, "body", "keywords", "corrections", "related", "seo", "json_ld"]


_details: dict[type[ContentPage], type[DetailSerializer]] = {}


def detail_serializer(model: type[ContentPage]) -> type[DetailSerializer]:
    """The detail of one type: the common shape and its ``api_fields``."""
    if model not in _details:
        _details[model] = _build_detail(model)
    return _details[model]


def _build_detail(model: type[ContentPage]) -> type[DetailSerializer]:
    declared, names = _declared(model)
    base = _base_of(model)
    # What the type's own serializer adds; without it in Meta, DRF would leave it out.
    own = [name for name in base._declared_fields if name not in COMMON_FIELDS]
    meta = type("Meta", (), {"model": model, "fields": list(dict.fromkeys([*COMMON_FIELDS, *own, *names]))})
    return type(f"{model.__name__.removesuffix('Page')}Detail", (base,), {**declared, "Meta": meta})


_bases: dict[type[ContentPage], type[DetailSerializer]] = {}
_teasers: dict[type[ContentPage], type[TeaserSerializer]] = {}


def register(
    model: type[ContentPage],
    *,
    teaser: type[TeaserSerializer] | None = None,
    detail: type[DetailSerializer] | None = None,
) -> None:
    """Give a type a teaser or a detail of its own. Raises PluginError if another has given it one."""
    for own in (teaser, detail):
        if own and owner_of(own) not in ("", owner_of(model)):
            raise PluginError(
                f"Plugin {owner_of(own)!r} registers {own.__name__} for {model.__name__}, which is no type of its own."
            )
    if teaser:
        claim("teaser of the type", model._meta.label, owner_of(teaser), by=teaser.__name__)
        _teasers[model] = teaser
    if detail:
        claim("detail of the type", model._meta.label, owner_of(detail), by=detail.__name__)
        _bases[model] = detail


def teaser_serializer(model: type[ContentPage]) -> type[TeaserSerializer]:
    """The serializer of this type's teaser."""
    return _teasers.get(model, TeaserSerializer)


def _base_of(model: type[ContentPage]) -> type[DetailSerializer]:
    return _bases.get(model, DetailSerializer)
