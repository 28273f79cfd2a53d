"""Content: the list, the detail and the front page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from api import parameters, problems
from api.answers.content import EXPANDABLE, MOST_EXPANDED, RICH_TEXT, content_detail, content_list
from api.answers.front import front
from api.http import respond_answer
from api.serializers.schema import DetailDocument, FrontDocument, TeaserList
from api.views.list_parameters import FIELDS, of_content, several
from api.views.schema import ERRORS, locale_parameter


class ContentList(APIView):
    """Published content, newest first."""

    @extend_schema(operation_id="content_list", parameters=of_content(), responses={200: TeaserList, **ERRORS})
    def get(self, request: Request) -> HttpResponse:
        return respond_answer(request, content_list(request.query_params))


_DETAIL_PARAMETERS = [
    several(
        "locale",
        "Only in this language, also where the slug is a translation's. Several, in the order of preference: the first "
        "that has it. Without it, any that has the slug, the newsroom's first language before others",
        {"type": "string", "enum": parameters.LOCALES},
        len(parameters.LOCALES),
    ),
    FIELDS,
    several(
        "expand",
        f"`related` shows related content whole, the first {MOST_EXPANDED}; what is behind them stays a teaser",
        {"type": "string", "enum": EXPANDABLE},
        len(EXPANDABLE),
    ),
    OpenApiParameter(
        "rich_text",
        {"type": "string", "enum": RICH_TEXT, "default": RICH_TEXT[0]},
        description="What running text is written in: clean HTML, or Markdown (CommonMark)",
    ),
]


class ContentDetail(APIView):
    """One piece of content, whole."""

    @extend_schema(
        operation_id="content_detail",
        parameters=_DETAIL_PARAMETERS,
        responses={
            200: DetailDocument,
            **ERRORS,
        },
    )
    def get(self, request: Request, type: str, slug: str) -> HttpResponse:
        return respond_answer(request, content_detail(type, slug, request.query_params))


class Front(APIView):
    """The front page as its editors arranged it for this moment, and the newest content beside it."""

    @extend_schema(operation_id="front", parameters=[locale_parameter()], responses={200: FrontDocument, **ERRORS})
    def get(self, request: Request) -> HttpResponse:
        return respond_answer(request, front(request.query_params))


@csrf_exempt  # a POST to nowhere is a 404 too
def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address under the API."""
    return problems.not_found(request)


urlpatterns = [
    path("content/", ContentList.as_view(), name="content-list"),
    path("content/<slug:type>/<slug:slug>/", ContentDetail.as_view(), name="content-detail"),
    path("front/", Front.as_view(), name="front"),
]
