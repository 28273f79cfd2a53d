"""Newsletters: which there are, asking for one, and what was sent."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from api import parameters
from api.http import respond
from api.parsers import MAX_BODY
from api.problems import CONTENT_TYPE, Problem
from api.publications.listing import listing
from api.publications.selection import Selection
from api.serializers.schema import TeaserList
from api.throttling import ClientThrottle
from api.views.schema import ERRORS, locale_parameter
from cms.newsletters import services
from cms.newsletters.addresses import InvalidAddress, normalise_address
from cms.newsletters.models import Dispatch, EditionPage, Newsletter

_SENT = [Dispatch.State.SENDING.value, Dispatch.State.SENT.value]
#: The publications of what was sent of one newsletter.
_OF_NEWSLETTER = """p.page_id IN (
    SELECT e.contentpage_ptr_id FROM newsletters_editionpage e
    JOIN newsletters_dispatch d ON d.edition_id = e.contentpage_ptr_id
    WHERE e.newsletter_id = %s::bigint AND d.state = ANY(%s::text[])
)"""


class NewsletterShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    locale = serializers.CharField(source="locale.language_code")
    frequency = serializers.CharField()


class NewsletterList(serializers.Serializer[Any]):
    results = NewsletterShape(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class SubscriptionRequest(serializers.Serializer[Any]):
    email = serializers.CharField(max_length=320, help_text="Where the newsletter should go")
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    locale = serializers.ChoiceField(
        choices=parameters.LOCALES, required=False, help_text="The reader's language; the newsletter's if not given"
    )

    def validate_email(self, email: str) -> str:
        try:
            return normalise_address(email)
        except InvalidAddress as error:
            raise serializers.ValidationError(str(error)) from error


class SubscriptionAnswer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["confirmation_sent"])


class SubscribeThrottle(ClientThrottle):
    """A form can be filled in for somebody else: one client may ask for so many addresses an hour."""

    scope = "subscribe"


class Newsletters(APIView):
    """The newsletters that readers can subscribe to."""

    @extend_schema(
        operation_id="newsletters",
        parameters=[locale_parameter("Only newsletters in this language; all if not given")],
        responses={200: NewsletterList, **ERRORS},
    )
    def get(self, request: Request) -> HttpResponse:
        parameters.only(request.query_params, {"locale"})
        locale = parameters.locale(request.query_params, default=None)
        found = Newsletter.objects.filter(active=True).select_related("locale").order_by("name", "pk")
        if locale:
            found = found.filter(locale__language_code=locale)
        document = {"results": NewsletterShape(found, many=True).data, "next": None, "previous": None}
        return respond(request, document, tags=["newsletters"])


class Subscriptions(APIView):
    """Asking for a newsletter. The subscription begins when the reader opens the link in the mail that follows."""

    throttle_classes = [SubscribeThrottle]

    @extend_schema(
        operation_id="subscribe",
        request=SubscriptionRequest,
        responses={
            202: OpenApiResponse(SubscriptionAnswer, description="The same for every address, subscribed or not"),
            (413, CONTENT_TYPE): OpenApiResponse(Problem, description=f"More than {MAX_BODY} bytes"),
            (429, CONTENT_TYPE): OpenApiResponse(Problem, description="Too many requests; see Retry-After"),
            **ERRORS,
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        wanted = SubscriptionRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        newsletter = services.find_newsletter(slug, wanted.validated_data.get("locale", ""))
        if newsletter is None:
            raise NotFound(f"There is no newsletter “{slug}” to subscribe to.")
        services.subscribe(
            newsletter,
            wanted.validated_data["email"],
            name=wanted.validated_data["name"],
            locale=wanted.validated_data.get("locale", ""),
            source="api",
            client=BaseThrottle().get_ident(request) or "",  # evidence of consent: not the network
        )
        return Response({"status": "confirmation_sent"}, status=status.HTTP_202_ACCEPTED)


class Editions(APIView):
    """What was sent of a newsletter and is published, newest first."""

    @extend_schema(
        operation_id="editions",
        parameters=[
            locale_parameter("Of the newsletter in this language; the newsroom's first one if not given"),
            OpenApiParameter("page_size", int, description=f"1 to {parameters.LARGEST_PAGE}"),
            OpenApiParameter("cursor", str, description="From `next` or `previous`"),
        ],
        responses={200: TeaserList, **ERRORS},
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        query = request.query_params
        parameters.only(query, {"locale", "page_size", "cursor"})
        newsletter = self._newsletter(slug, parameters.locale(query, default=None))
        editions = Selection(locales=(), types=[EditionPage.get_type_name()])
        editions.where(_OF_NEWSLETTER, newsletter.pk, _SENT, finds=True)
        found = listing(editions, size=parameters.page_size(query), cursor=parameters.cursor(query))
        next_, previous = (parameters.with_cursor(request, each) for each in (found.next, found.previous))
        document = (
            f'{{"results":[{",".join(found.teasers)}],"next":{json.dumps(next_)},"previous":{json.dumps(previous)}}}'
        )
        return respond(request, document, tags=["newsletters", "content"])

    def _newsletter(self, slug: str, locale: str | None) -> Newsletter:
        """Also of a newsletter that takes no more subscriptions: its archive stays."""
        found = list(Newsletter.objects.filter(slug=slug).select_related("locale"))
        wanted = locale or settings.LANGUAGE_CODE
        found.sort(key=lambda each: each.locale.language_code != wanted)
        if not found or (locale and found[0].locale.language_code != locale):
            raise NotFound(f"There is no newsletter “{slug}”.")
        return found[0]


urlpatterns = [
    path("newsletters/", Newsletters.as_view(), name="newsletters"),
    path("newsletters/<slug:slug>/subscriptions/", Subscriptions.as_view(), name="subscriptions"),
    path("newsletters/<slug:slug>/editions/", Editions.as_view(), name="editions"),
]
