"""What stands at a path of the public site."""

from typing import Any

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from api.answers.resolving import LONGEST_PATH, resolve
from api.http import respond_answer
from api.problems import CONTENT_TYPE, Problem
from api.serializers.schema import ResolvedPath
from api.views.schema import ERRORS


class NearestShape(serializers.Serializer[Any]):
    """What is published at the path that is most like the one asked for."""

    id = serializers.IntegerField()
    type = serializers.CharField()
    slug = serializers.CharField()
    locale = serializers.CharField()
    path = serializers.CharField()
    url = serializers.CharField()
    headline = serializers.CharField()


class NothingThereProblem(Problem):
    """Nothing stands at this path."""

    nearest = NearestShape(allow_null=True, help_text="What may have been meant; null if nothing is like it")


class Resolve(APIView):
    """What stands at a path of the public site: a page, a front page, or a redirect to where it is now."""

    @extend_schema(
        operation_id="resolve",
        parameters=[
            OpenApiParameter(
                "path",
                {"type": "string", "pattern": "^/[^\\x00]*$", "maxLength": LONGEST_PATH},
                required=True,
                description="For example `/uk/2026/slug/`, with or without the slash at its end",
            )
        ],
        responses={
            200: ResolvedPath,
            **ERRORS,
            (404, CONTENT_TYPE): OpenApiResponse(NothingThereProblem, description="Nothing is published at this path"),
        },
    )
    def get(self, request: Request) -> HttpResponse:
        return respond_answer(request, resolve(request.query_params))


urlpatterns = [path("resolve/", Resolve.as_view(), name="resolve")]
