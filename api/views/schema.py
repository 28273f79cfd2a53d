"""What many operations of the schema share, and the pages that show the schema."""

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.request import Request

from api import parameters
from api.http import respond_with
from api.openapi import document, extensions  # noqa: F401  (importing the extensions registers them)
from api.parameters import LOCALES
from api.problems import CONTENT_TYPE, Problem

#: The answers in which a reading operation says no.
ERRORS = {
    (400, CONTENT_TYPE): OpenApiResponse(Problem, description="A parameter is not as it must be"),
    (404, CONTENT_TYPE): OpenApiResponse(Problem, description="Nothing of this kind is published"),
}
#: Of operations that no cache may keep anything of: they have no ETag, and never answer 304.
PRIVATE = {"x-private": True}


def locale_parameter(
    description: str = "The language; the newsroom's first one if not given",
) -> OpenApiParameter:
    """The parameter ``locale``."""
    return OpenApiParameter("locale", str, enum=LOCALES, description=description)


def only_public(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """The schema is of the public API; Wagtail's admin has endpoints for itself."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


def multiple(name: str, description: str, values: list[str] | None = None) -> OpenApiParameter:
    """A parameter that takes several values with commas between."""
    items: dict[str, Any] = {"type": "string", "minLength": 1, **({"enum": values} if values else {})}
    return OpenApiParameter(
        name,
        {"type": "array", "items": items, "minItems": 1, "maxItems": parameters.MOST_VALUES},
        style="form",
        explode=False,
        description=description,
    )


def moment_parameter(name: str, description: str) -> OpenApiParameter:
    """A parameter that takes a time with its offset, or a date."""
    schema = {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}
    return OpenApiParameter(name, schema, description=description)


def page_parameters() -> list[OpenApiParameter]:
    """How much of a list, and from where."""
    size = {"type": "integer", "minimum": 1, "maximum": parameters.LARGEST_PAGE, "default": parameters.PAGE_SIZE}
    return [
        OpenApiParameter("page_size", size, description="How many results a page holds"),
        OpenApiParameter("cursor", str, description="A place in the list, from `next` or `previous`"),
    ]


class SchemaView(SpectacularAPIView):
    """The OpenAPI document of this installation, as YAML or JSON."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        media_type = str(request.accepted_media_type)
        body = document.rendered(is_json="json" in media_type)
        # Kept by no cache of ours, which know documents by their address: this one has two forms.
        response = respond_with(request, body, media_type)
        patch_vary_headers(response, ["Accept"])
        return response


urlpatterns = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
]
