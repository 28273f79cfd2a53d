"""What many operations of the schema share, and the pages that show the schema."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from api.parameters import LOCALES
from api.problems import Problem

#: The answers in which a reading operation says no.
ERRORS = {
    (400, "application/problem+json"): OpenApiResponse(Problem, description="A parameter is not as it must be"),
    (404, "application/problem+json"): OpenApiResponse(Problem, description="Nothing of this kind is published"),
}


def locale_parameter(
    description: str = "The language; the newsroom's first one if not given",
) -> OpenApiParameter:
    """The parameter ``locale``."""
    return OpenApiParameter("locale", str, enum=LOCALES, description=description)


def only_public(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """The schema is of the public API; Wagtail's admin has endpoints for itself."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
]
