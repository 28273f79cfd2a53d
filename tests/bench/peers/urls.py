"""Wagtail's API v2 and v3, with the fields that make their answers comparable to Ostriv's.

``tuned`` is v2 as somebody would write it who has counted its statements: related rows and renditions fetched for the
whole list.
"""

from django.db.models import Prefetch, QuerySet
from django.urls import path
from wagtail.api import APIField
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.images.api.fields import ImageRenditionField
from wagtail.models import Page

from cms.content.models import ArticlePage, NewsroomImage, Section

_RENDITION = ImageRenditionField("width-320|format-webp|webpquality-80", source="image")

# Ostriv's pages ask the database for their site each; Wagtail's own remember it.
ArticlePage.get_url_parts, ArticlePage.get_url, ArticlePage.url = Page.get_url_parts, Page.get_url, Page.url
Section.api_fields = [APIField("name"), APIField("slug")]
# v3 reads them when it is imported.
ArticlePage.api_fields = [
    APIField("lede"),
    APIField("published_at"),
    APIField("section"),
    APIField("image_small", serializer=_RENDITION),
    APIField("tags"),
    APIField("source_name"),
    APIField("source_url"),
    APIField("body"),
]

from wagtail.api.v3.urls import api as v3  # noqa: E402


class TunedPagesAPIViewSet(PagesAPIViewSet):
    """The same pages with what a list shows fetched at once."""

    name = "tuned"

    def get_queryset(self) -> QuerySet:
        pages = super().get_queryset().select_related("locale")
        if pages.model is not ArticlePage:
            return pages
        return pages.select_related("section").prefetch_related(
            Prefetch("image", NewsroomImage.objects.prefetch_related("renditions"))
        )


v2 = WagtailAPIRouter("wagtailapi_v2")
v2.register_endpoint("pages", PagesAPIViewSet)
v2.register_endpoint("tuned", TunedPagesAPIViewSet)

urlpatterns = [path("api/v2/", v2.urls), path("api/v3/", v3.urls)]
