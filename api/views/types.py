"""The content types of this installation, and the JSON Schema of each."""

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from api import parameters
from api.addresses import absolute_url
from api.answers.filtering import active_types
from api.http import respond, respond_with
from api.json_text import dump
from api.openapi import document
from api.serializers.schema import TypeList
from api.views.schema import ERRORS

SCHEMA_MIME = "application/schema+json"


class Types(APIView):
    """The content types of this newsroom. Plugins add some, and may be switched on and off."""

    @extend_schema(operation_id="types", responses={200: TypeList})
    def get(self, request: Request) -> HttpResponse:
        parameters.only(request.query_params, set())
        results = [
            {
                "type": name,
                "name": str(model._meta.verbose_name),
                "listed": model.listed,
                "schema_url": _address(name),
            }
            for name, model in active_types().items()
        ]
        return respond(request, {"results": results}, tags=["types"])


class Type(APIView):
    """The JSON Schema of a type's detail, 2020-12 and self-contained: for generators and validators."""

    @extend_schema(
        operation_id="type",
        parameters=[OpenApiParameter("type", str, OpenApiParameter.PATH, description="As `/types/` lists them")],
        responses={
            (200, SCHEMA_MIME): OpenApiResponse(
                {
                    "type": "object",
                    "properties": {
                        "$schema": {"type": "string", "const": document.DIALECT},
                        "$id": {"type": "string", "format": "uri"},
                        "title": {"type": "string"},
                    },
                    "required": ["$schema", "$id", "title"],
                    "additionalProperties": True,
                },
                description="A JSON Schema (https://json-schema.org/draft/2020-12)",
            ),
            **ERRORS,
        },
    )
    def get(self, request: Request, type: str) -> HttpResponse:
        parameters.only(request.query_params, set())
        active = active_types()
        if type not in active:
            raise NotFound(f"There is no type “{type}”. Types: {', '.join(active)}.")
        schema = document.detail_schema(active[type], _address(type))
        return respond_with(request, dump(schema).encode(), SCHEMA_MIME, tags=["types"])


def _address(name: str) -> str:
    return absolute_url(f"/api/v1/types/{name}/")


urlpatterns = [
    path("types/", Types.as_view(), name="types"),
    path("types/<slug:type>/", Type.as_view(), name="type"),
]
