"""Drafts: by a token that opens one of them, and by a key that opens all."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.views import APIView
from wagtail.models import Page

from api import parameters
from api.answers.preview import draft_document
from api.authentication import ApiKeyAuthentication, OpensDrafts
from api.http import respond
from api.problems import CONTENT_TYPE, Problem, Unavailable
from api.serializers.schema import DraftDocument
from api.views.schema import ERRORS, PRIVATE, locale_parameter
from cms.access import links
from cms.content import preview
from cms.content.types import content_types

_DRAFT = OpenApiResponse(
    DraftDocument,
    description="As the detail of its type, or as the front page. What was never saved or published has no `id`, "
    "`published_at` and `updated_at`: they are null, and so may be whatever else is not written yet",
)
_GONE = {
    (410, CONTENT_TYPE): OpenApiResponse(Problem, description="The link was revoked or has expired"),
    (503, CONTENT_TYPE): OpenApiResponse(Problem, description="Previews can't be shown for the moment"),
}
_KEYED = {
    (401, CONTENT_TYPE): OpenApiResponse(Problem, description="No key, or none that is known"),
    (403, CONTENT_TYPE): OpenApiResponse(Problem, description="The key has no scope `drafts`"),
}
_NO_PREVIEW = "This preview has expired. Open it again from the editor."
_NO_LINK = "There is no such link. Either it is not whole, or its page was deleted. Ask the newsroom for another."
_TORN = "This draft refers to something that was deleted since. Open the page in the editor and save it again."
_ENDED = {
    links.Ended.EXPIRED: "This link has expired. Ask the newsroom for another.",
    links.Ended.REVOKED: "The newsroom has taken this link back. Ask there for another.",
}


class Gone(APIException):
    """It was here once, and won't be again at this address."""

    status_code = 410
    default_code = "gone"


class _Draft(APIView):
    """What all answers with drafts have in common: nobody keeps them, finds them, or says where they were."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response


def _answer(request: Request, page: Page) -> HttpResponse:
    try:
        document = draft_document(page)
    except ObjectDoesNotExist as error:
        raise NotFound(_TORN) from error
    if document is None:
        raise NotFound("This is a page that readers never see: there is no preview of it.")
    return respond(request, document, private=True)


class Preview(_Draft):
    """A draft, for the minutes in which an editor's token opens it, or the days of a shared link."""

    @extend_schema(operation_id="preview", responses={200: _DRAFT, **ERRORS, **_GONE}, extensions=PRIVATE)
    def get(self, request: Request, token: str) -> HttpResponse:
        parameters.only(request.query_params, set())
        return _answer(request, _shared(token) if links.is_one(token) else _being_edited(token))


def _being_edited(token: str) -> Page:
    try:
        page = preview.load(token)
    except preview.Unreachable as error:
        raise Unavailable("Previews can't be shown just now. Nothing is lost; try again in a minute.") from error
    if page is None:
        raise NotFound(_NO_PREVIEW)
    return page


def _shared(token: str) -> Page:
    opened = links.open_link(token)
    if opened is None:
        raise NotFound(_NO_LINK)
    if isinstance(opened, links.Ended):
        raise Gone(_ENDED[opened])
    return opened


class Draft(_Draft):
    """The latest draft of a page by its id, for a key with the scope `drafts`."""

    authentication_classes = [ApiKeyAuthentication]
    permission_classes = [OpensDrafts]

    @extend_schema(operation_id="draft", responses={200: _DRAFT, **ERRORS, **_KEYED}, extensions=PRIVATE)
    def get(self, request: Request, page_id: int) -> HttpResponse:
        parameters.only(request.query_params, set())
        page = Page.objects.filter(pk=page_id, alias_of=None).first()
        if page is None:
            raise NotFound(f"There is no page {page_id}.")
        return _answer(request, page.get_latest_revision_as_object())


class DraftOfSlug(_Draft):
    """The latest draft of a page by its type and slug, for a key with the scope `drafts`."""

    authentication_classes = [ApiKeyAuthentication]
    permission_classes = [OpensDrafts]

    @extend_schema(
        operation_id="draft_of_slug",
        parameters=[
            OpenApiParameter("type", str, OpenApiParameter.PATH),
            OpenApiParameter("slug", str, OpenApiParameter.PATH, description="As last saved, not as in the draft"),
            locale_parameter("Only this language; without it the default one is preferred"),
        ],
        responses={200: _DRAFT, **ERRORS, **_KEYED},
        extensions=PRIVATE,
    )
    def get(self, request: Request, type: str, slug: str) -> HttpResponse:
        parameters.only(request.query_params, {"locale"})
        locale = parameters.locale(request.query_params, default=None)
        model = content_types().get(type)
        if model is None:
            raise NotFound(f"There is no type {type[:60]}. Types: {', '.join(content_types())}.")
        rows = model.objects.filter(slug=slug, alias_of=None).select_related("locale")
        found = [page for page in rows[:10] if locale in (None, page.locale.language_code)]
        found.sort(key=lambda page: page.locale.language_code != parameters.DEFAULT_LOCALE)
        if not found:
            raise NotFound(f"There is no {type} “{slug[:200]}”.")
        return _answer(request, found[0].get_latest_revision_as_object())


urlpatterns = [
    path("preview/<str:token>/", Preview.as_view(), name="preview"),
    path("drafts/<int:page_id>/", Draft.as_view(), name="draft"),
    path("drafts/<slug:type>/<slug:slug>/", DraftOfSlug.as_view(), name="draft-of-slug"),
]
