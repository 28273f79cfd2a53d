"""The log of changes, for mirrors and static sites that follow it."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from api import parameters
from api.http import respond
from api.publications import changes
from api.publications.changes import Change, Place, Row
from api.publications.front import FRONT
from api.times import utc
from api.views.schema import ERRORS
from cms.content.types import content_types

PAGE_SIZE, LARGEST_PAGE = 100, 1000
_LONGEST_CURSOR = 80


class ChangeShape(serializers.Serializer[Any]):
    """One change of what is public. ``url`` is where readers find the page, if it is public now."""

    kind = serializers.ChoiceField(choices=Change.Kind.choices)
    id = serializers.IntegerField()
    type = serializers.CharField()
    locale = serializers.CharField()
    slug = serializers.CharField()
    path = serializers.CharField()
    url = serializers.URLField(allow_null=True)
    at = serializers.DateTimeField()


class ChangeList(serializers.Serializer[Any]):
    results = ChangeShape(many=True)
    next = serializers.CharField(help_text="The `since` of your next request, given also where nothing is new")
    has_more = serializers.BooleanField(help_text="Whether there is more behind `next` already")


_PARAMETERS = [
    OpenApiParameter("since", str, description="`next` of your last answer; the beginning of the log if not given"),
    OpenApiParameter("page_size", int, description=f"1 to {LARGEST_PAGE}; {PAGE_SIZE} if not given"),
    OpenApiParameter("type", str, description=f"Content types, comma-separated; `{FRONT}` is a front page"),
    OpenApiParameter("locale", str, description=f"Languages, comma-separated: {', '.join(parameters.LOCALES)}"),
    OpenApiParameter("kind", str, description=f"Kinds, comma-separated: {', '.join(Change.Kind.values)}"),
]


class Changes(APIView):
    """Every publish, update, unpublish and delete, in order; follow `next` for ever.

    An `unpublish` may come for what you have not seen, and a `publish` for what you have: replace or remove.
    """

    @extend_schema(operation_id="changes", parameters=_PARAMETERS, responses={200: ChangeList, **ERRORS})
    def get(self, request: Request) -> HttpResponse:
        query = request.query_params
        parameters.only(query, {each.name for each in _PARAMETERS})
        since, size = _since(query), parameters.page_size(query, PAGE_SIZE, LARGEST_PAGE)
        narrowed = {
            "types": parameters.choices(query, "type", [*content_types(), FRONT]),
            "locales": parameters.choices(query, "locale", parameters.LOCALES),
            "kinds": parameters.choices(query, "kind", Change.Kind.values),
        }
        try:
            found = changes.read(since, size, **narrowed)
        except changes.UnknownPlace as error:
            raise _not_a_cursor("The log has no such place, it may have been restored from a backup.") from error
        document = {
            "results": [_described(row) for row in found.rows],
            "next": found.next.encode(),
            "has_more": found.has_more,
        }
        # Every row comes with a change of some publication, so the tag of all of them is enough. What was committed
        # before an answer is rendered is in it, since rendering gives the places; what comes later raises the tag.
        return respond(request, document, tags=["content"])


def _since(query: QueryDict) -> Place:
    text = query.get("since", "")
    if not text:
        return changes.BEGINNING
    try:
        if len(text) > _LONGEST_CURSOR:
            raise ValueError(text)
        return Place.decode(text)
    except ValueError as error:
        raise _not_a_cursor("This is not a cursor of this list.") from error


def _not_a_cursor(why: str) -> ValidationError:
    return ValidationError({"since": f"{why} Take it from `next`, or begin anew without it."})


def _described(row: Row) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "id": row.page_id,
        "type": row.type,
        "locale": row.locale,
        "slug": row.slug,
        "path": row.path,
        "url": row.url,
        "at": utc(row.at),
    }


urlpatterns = [path("changes/", Changes.as_view(), name="changes")]
