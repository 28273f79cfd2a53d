"""Content: the list, the detail, the front page, paths, types and previews."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView
from wagtail.contrib.redirects.models import Redirect

from api import parameters, problems
from api.addresses import absolute_url
from api.http import respond
from api.publications import reading
from api.publications.filters import parameters_of, plugin_filters
from api.publications.models import Publication, PublicationQuerySet
from api.publications.rendering import detail_document, dump, front_document
from api.serializers.content import teaser_serializer
from api.serializers.schema import FrontDocument, ResolvedPath, TeaserList, TypeList, detail_document_schema
from api.views.filtering import active_types, narrowed, plugin_parameters
from api.views.schema import ERRORS, locale_parameter
from cms.content import preview
from cms.content.models import FrontPage
from cms.content.types import content_types

_CORE_PARAMETERS = [
    OpenApiParameter("type", str, description="Content types, comma-separated; `/types/` lists them"),
    OpenApiParameter("section", str, description="Slugs of sections, comma-separated"),
    OpenApiParameter("author", str, description="Slugs of authors, comma-separated"),
    OpenApiParameter("tag", str, description="Slugs of tags, comma-separated"),
    locale_parameter(),
    OpenApiParameter("published_after", OpenApiTypes.DATETIME, description="This moment or later"),
    OpenApiParameter("published_before", OpenApiTypes.DATETIME, description="Earlier than this moment"),
    OpenApiParameter("q", str, description="Words that the content contains"),
    OpenApiParameter("page_size", int, description=f"1 to {parameters.LARGEST_PAGE}"),
    OpenApiParameter("cursor", str, description="From `next` or `previous`"),
    OpenApiParameter("fields", str, description="Only these keys of each result, comma-separated"),
]
LIST_PARAMETERS = [each.name for each in _CORE_PARAMETERS]


def _list_parameters() -> list[OpenApiParameter]:
    """What a list is filtered by, plugins' filters behind the core's."""
    keys, moments = plugin_filters()
    return [
        *_CORE_PARAMETERS,
        *(OpenApiParameter(each.name, str, description=f"{each.description}; comma-separated") for each in keys),
        *(
            OpenApiParameter(name, OpenApiTypes.DATETIME, description=each.description)
            for each in moments
            for name in parameters_of(each)
        ),
    ]


class ContentList(APIView):
    """Published content, newest first."""

    @extend_schema(operation_id="content_list", parameters=_list_parameters(), responses={200: TeaserList, **ERRORS})
    def get(self, request: Request) -> HttpResponse:
        query = request.query_params
        parameters.only(query, set(LIST_PARAMETERS) | set(plugin_parameters()))
        found = reading.listing(filtered(query), size=parameters.page_size(query), cursor=parameters.cursor(query))
        teasers = _sparse(found.teasers, parameters.words(query, "fields"))
        next_, previous = (parameters.with_cursor(request, each) for each in (found.next, found.previous))
        document = f'{{"results":[{",".join(teasers)}],"next":{json.dumps(next_)},"previous":{json.dumps(previous)}}}'
        return respond(request, document, tags=["content"])


def filtered(query: Any) -> PublicationQuerySet:
    """The publications that the filters of a list ask for."""
    rows = Publication.objects.visible().filter(locale=parameters.locale(query))
    if types := parameters.words(query, "type"):
        active = active_types()
        if unknown := sorted(set(types) - set(active)):
            known = ", ".join(active)
            raise ValidationError({"type": f"There is no type {', '.join(unknown)[:60]}. Types: {known}."})
        rows = rows.filter(type__in=types)
    else:
        rows = rows.filter(listed=True)
    if sections := parameters.words(query, "section"):
        rows = rows.filter(section__in=sections)
    if authors := parameters.words(query, "author"):
        rows = rows.filter(authors__overlap=authors)
    if tags := parameters.words(query, "tag"):
        rows = rows.filter(tags__overlap=tags)
    if after := parameters.moment(query, "published_after"):
        rows = rows.filter(published_at__gte=after)
    if before := parameters.moment(query, "published_before"):
        rows = rows.filter(published_at__lt=before)
    if words := parameters.text(query, "q"):
        rows = reading.matching(rows, words)
    return narrowed(rows, query)


def _sparse(teasers: list[str], fields: list[str]) -> list[str]:
    if not fields:
        return teasers
    allowed = list(
        dict.fromkeys(str(key) for model in content_types().values() for key in teaser_serializer(model)().fields)
    )
    if unknown := sorted(set(fields) - set(allowed)):
        known = ", ".join(allowed)
        raise ValidationError({"fields": f"There is no {', '.join(unknown)[:60]} in a teaser. Allowed: {known}."})
    documents = [json.loads(teaser) for teaser in teasers]
    return [dump({key: each[key] for key in fields if key in each}) for each in documents]


def _detail_schemas() -> dict[str, serializers.Serializer[Any] | type[serializers.Serializer[Any]]]:
    return {name: detail_document_schema(model) for name, model in content_types().items()}


class ContentDetail(APIView):
    """One piece of content, whole."""

    @extend_schema(
        operation_id="content_detail",
        parameters=[locale_parameter("Only this language; without it the default one is preferred")],
        responses={
            200: PolymorphicProxySerializer(
                component_name="Detail",
                serializers=_detail_schemas,
                resource_type_field_name="type",
            ),
            **ERRORS,
        },
    )
    def get(self, request: Request, type: str, slug: str) -> HttpResponse:
        parameters.only(request.query_params, {"locale"})
        found = reading.detail(
            type=type,
            slug=slug,
            locale=parameters.locale(request.query_params, default=None),
            default_locale=parameters.DEFAULT_LOCALE,
        )
        if found is None:
            raise NotFound(f"There is no published {type} “{slug}”.")
        return respond(request, found.json, tags=[f"page-{found.page_id}"])


class Front(APIView):
    """The front page as its editors arranged it, and the newest content beside it."""

    LATEST = 20

    @extend_schema(operation_id="front", parameters=[locale_parameter()], responses={200: FrontDocument, **ERRORS})
    def get(self, request: Request) -> HttpResponse:
        parameters.only(request.query_params, {"locale"})
        locale = str(parameters.locale(request.query_params))
        front = reading.front(locale) or {
            "locale": locale,
            "slots": [],
            "translations": [],
            "updated_at": None,
        }
        shown = [slot["id"] for slot in front["slots"]]
        rows = Publication.objects.visible().filter(locale=locale, listed=True).exclude(pk__in=shown)
        latest = reading.listing(rows, size=self.LATEST).teasers
        front.update(type="front", path=front.get("path", f"/{locale}/"), latest=[json.loads(each) for each in latest])
        return respond(request, front, tags=["front", "content"])


class Resolve(APIView):
    """What stands at a path of the public site."""

    @extend_schema(
        operation_id="resolve",
        parameters=[OpenApiParameter("path", str, required=True, description="For example `/uk/2026/slug/`")],
        responses={200: ResolvedPath, **ERRORS},
    )
    def get(self, request: Request) -> HttpResponse:
        parameters.only(request.query_params, {"path"})
        path = _normal_path(request.query_params.get("path", ""))
        if found := reading.at_path(path):
            kind = "front" if found.type == "front" else "page"
            document = {
                "kind": kind,
                "id": found.pk,
                "type": found.type,
                "slug": found.slug,
                "locale": found.locale,
                "path": found.path,
            }
            return respond(request, document, tags=[f"page-{found.pk}"])
        if redirect := Redirect.objects.filter(old_path=path.rstrip("/")).select_related("redirect_page").first():
            location = _location(redirect)
            if location:
                status = 301 if redirect.is_permanent else 302
                document = {"kind": "redirect", "location": location, "status": status}
                return respond(request, document, tags=["redirects"])
        raise NotFound(f"There is nothing published at {path[:200]}")


def _normal_path(path: str) -> str:
    if not path.startswith("/") or len(path) > 2000 or "\x00" in path:
        raise ValidationError({"path": "A path that starts with a slash, of at most 2,000 characters."})
    return path.split("?")[0].rstrip("/") + "/"


def _location(redirect: Redirect) -> str:
    """Where a redirect leads; nowhere if its page is not public."""
    if redirect.redirect_page_id:
        target = Publication.objects.visible().filter(pk=redirect.redirect_page_id).first()
        return target.path if target else ""
    return str(redirect.redirect_link)


class Types(APIView):
    """The content types of this installation."""

    @extend_schema(operation_id="types", responses={200: TypeList})
    def get(self, request: Request) -> HttpResponse:
        results = [
            {
                "type": name,
                "name": str(model._meta.verbose_name),
                "listed": model.listed,
                "schema_url": absolute_url("/api/v1/schema/"),
            }
            for name, model in active_types().items()
        ]
        return respond(request, {"results": results}, tags=["types"])


class Preview(APIView):
    """A draft, for the minutes in which its token opens it."""

    @extend_schema(operation_id="preview", responses={200: OpenApiTypes.OBJECT, **ERRORS})
    def get(self, request: Request, token: str) -> HttpResponse:
        page = preview.load(token)
        if page is None:
            raise NotFound("This preview has expired. Open it again from the editor.")
        if isinstance(page, FrontPage):
            document = {
                **reading.filled(front_document(page)),
                "latest": [],
                "translations": [],
                "updated_at": None,
            }
        else:
            document = {**reading.filled(detail_document(page)), "translations": []}
        return respond(request, document, private=True)


@csrf_exempt  # a POST to nowhere is a 404 too
def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address under the API."""
    return problems.not_found(request)


urlpatterns = [
    path("content/", ContentList.as_view(), name="content-list"),
    path("content/<slug:type>/<slug:slug>/", ContentDetail.as_view(), name="content-detail"),
    path("front/", Front.as_view(), name="front"),
    path("resolve/", Resolve.as_view(), name="resolve"),
    path("types/", Types.as_view(), name="types"),
    path("preview/<str:token>/", Preview.as_view(), name="preview"),
]
