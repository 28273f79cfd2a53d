"""Search."""

from typing import Any

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from api import parameters
from api.answers.search import FACETS, LARGEST_FACET, MOST_SUGGESTED, SORTS, SUGGESTED, search, suggest
from api.http import respond_answer
from api.parameters import LOCALES
from api.search.finding import COUNTED
from api.serializers.search import SearchResult
from api.views.list_parameters import FIELDS
from api.views.schema import ERRORS, moment_parameter, multiple, page_parameters

_QUESTION = {"type": "string", "minLength": 1, "maxLength": parameters.LONGEST_QUERY}


class MeantShape(serializers.Serializer[Any]):
    """The question as it was probably meant."""

    query = serializers.CharField()
    applied = serializers.BooleanField(help_text="Whether the results are of the corrected words too")


class FacetValue(serializers.Serializer[Any]):
    value = serializers.CharField()
    count = serializers.IntegerField(min_value=1)


class FacetsShape(serializers.Serializer[Any]):
    """How many of the results have which value, the most frequent first; those facets that were asked for."""

    complete = serializers.BooleanField(
        help_text=f"False: there are more than {COUNTED} results, the newest were counted, and counts are lower bounds"
    )
    counted = serializers.IntegerField(help_text="How many results were counted")
    section = FacetValue(many=True, required=False)
    type = FacetValue(many=True, required=False)
    year = FacetValue(many=True, required=False)


class SearchDocument(serializers.Serializer[Any]):
    results = SearchResult(many=True)
    query = serializers.CharField(help_text="What was asked")
    correction = MeantShape(allow_null=True, help_text="Null if all words are known")
    facets = FacetsShape(required=False)
    next = serializers.URLField(allow_null=True, help_text="The page after this one, as it is; null at the end")
    previous = serializers.URLField(allow_null=True, help_text="The page before this one; null at the beginning")


class Suggestions(serializers.Serializer[Any]):
    query = serializers.CharField(help_text="What was asked")
    completions = serializers.ListField(child=serializers.CharField(), help_text="How the question may go on")
    results = SearchResult(many=True)


class Search(APIView):
    """What is published about something: words in any of their forms, in headline, lede, text, authors and tags."""

    @extend_schema(
        operation_id="search",
        parameters=[
            OpenApiParameter(
                "q", _QUESTION, required=True,
                description='Words; `"just so"` for this form only, `-without`, `begin*`',
            ),
            multiple("type", "Content types; `/types/` lists them"),
            multiple("section", "Slugs of sections"),
            multiple("author", "Slugs of authors"),
            multiple("tag", "Slugs of tags"),
            multiple("locale", "Languages; the newsroom's first one if not given", LOCALES),
            moment_parameter("published_after", "This moment or later"),
            moment_parameter("published_before", "Earlier than this moment"),
            OpenApiParameter("sort", str, enum=list(SORTS), default=SORTS[0], description="Best or newest first"),
            multiple("facets", f"Count results by these; at most {LARGEST_FACET} values of each", list(FACETS)),
            OpenApiParameter(
                "highlight", bool, default=True, description="`false`: don't mark what was found; answers sooner",
            ),
            FIELDS,
            *page_parameters(),
        ],
        responses={200: SearchDocument, **ERRORS},
    )  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        return respond_answer(request, search(request.query_params))


class Suggest(APIView):
    """How a question may go on, and what would be found: for a field that answers while one types."""

    @extend_schema(
        operation_id="search_suggest",
        parameters=[
            OpenApiParameter("q", _QUESTION, required=True, description="What has been typed; its last word may go on"),
            multiple("locale", "Languages; the newsroom's first one if not given", LOCALES),
            OpenApiParameter(
                "page_size", {"type": "integer", "minimum": 1, "maximum": MOST_SUGGESTED, "default": SUGGESTED},
                description="How many results",
            ),
            FIELDS,
        ],
        responses={200: Suggestions, **ERRORS},
    )  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        return respond_answer(request, suggest(request.query_params))


urlpatterns = [
    path("search/", Search.as_view(), name="search"),
    path("search/suggest/", Suggest.as_view(), name="search-suggest"),
]
