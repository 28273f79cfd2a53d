"""Serializers of the core's own types, where the common shape is not enough."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers import shapes
from api.serializers.content import DetailSerializer, TeaserSerializer, register
from cms.content.models import TeaserPage


class _Target(serializers.Serializer[TeaserPage]):
    """A teaser that opens something else says so, and a click on it goes there."""

    target = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, page: TeaserPage) -> str:
        target = self.get_target(page)
        return target["url"] if target else page.public_url

    @extend_schema_field(shapes.TargetShape(allow_null=True))
    def get_target(self, page: TeaserPage) -> dict[str, Any] | None:
        if page.target_url:
            return {"url": page.target_url, "external": True}
        if page.target_page and hasattr(page.target_page, "publication"):
            return {"url": page.target_page.specific.public_url, "external": False}
        return None


class TargetTeaserSerializer(_Target, TeaserSerializer):
    target = serializers.SerializerMethodField()


class TargetDetailSerializer(_Target, DetailSerializer):
    target = serializers.SerializerMethodField()


def register_core_types() -> None:
    """Called once, when the app is ready."""
    register(TeaserPage, teaser=TargetTeaserSerializer, detail=TargetDetailSerializer)
