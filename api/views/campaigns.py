"""Campaigns, their progress, donations, and the webhooks of gateways."""

import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions, status
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import campaigns, parameters
from api.http import respond
from api.parsers import MAX_BODY as LARGEST
from api.parsers import FormParser, JSONParser, TooLargeError
from api.problems import CONTENT_TYPE, Conflict, Problem, Unavailable, problem_response
from api.serializers.campaigns import (
    CampaignDocument,
    CampaignList,
    DonationAnswer,
    DonationForm,
    DonationRequest,
    DonationStatus,
    ProgressShape,
    WebhookAnswer,
)
from api.throttling import ClientThrottle
from api.views.schema import ERRORS, PRIVATE, locale_parameter
from cms.campaigns.gateways import GatewayError, SignatureError
from cms.campaigns.models import Campaign
from cms.campaigns.money import NotMoneyError, parse_major
from cms.campaigns.pages.texts import texts
from cms.campaigns.services import (
    DonationRefusedError,
    IdempotencyError,
    create_donation,
    donation_status,
    receive_webhook,
)
from cms.campaigns.services.donations import InvalidDonationError, allowed_return_url
from cms.campaigns.services.inbox import MAX_BODY, UnknownGatewayError

#: What documents of campaigns show: purses and totals, and what is published of them and beside them.
_TAGS = ("campaigns", "content")


def _refused(status: int, description: str) -> dict[tuple[int, str], OpenApiResponse]:
    """A problem; the built page's own form gets it as a page for the donor."""
    return {
        (status, CONTENT_TYPE): OpenApiResponse(Problem, description=description),
        (status, "text/html"): OpenApiResponse(OpenApiTypes.STR, description=description),
    }


_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class Campaigns(APIView):
    """The published campaigns."""

    @extend_schema(operation_id="campaigns", parameters=[locale_parameter()], responses={200: CampaignList, **ERRORS})
    def get(self, request: Request) -> HttpResponse:
        parameters.only(request.query_params, {"locale"})
        results = campaigns.campaign_list(parameters.locale(request.query_params) or "")
        document = {"results": results, "next": None, "previous": None}
        since, until = campaigns.turns(results)
        return respond(request, document, tags=_TAGS, since=since, until=until)


class CampaignDetail(APIView):
    """One campaign, by the slug of any of its pages."""

    @extend_schema(
        operation_id="campaign",
        parameters=[locale_parameter("The language wanted; that of the page with this slug if not given")],
        responses={200: CampaignDocument, **ERRORS},
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        parameters.only(request.query_params, {"locale"})
        document = campaigns.campaign_detail(slug, parameters.locale(request.query_params, default=None))
        if document is None:
            raise _no_campaign(slug)
        since, until = campaigns.turns([document])
        return respond(request, document, tags=_TAGS, since=since, until=until)


class CampaignProgress(APIView):
    """How far a campaign is. Small enough to be asked for every second."""

    @extend_schema(operation_id="campaign_progress", responses={200: ProgressShape, **ERRORS})
    def get(self, request: Request, slug: str) -> HttpResponse:
        document = campaigns.progress_at(slug)
        if document is None:
            raise _no_campaign(slug)
        return respond(request, document, tags=_TAGS)


class DonateThrottle(ClientThrottle):
    """Card testers try hundreds of cards an hour; donors don't."""

    scope = "donate"


class Donations(APIView):
    """Giving. The answer says where the donor pays; Ostriv never sees a card number."""

    parser_classes = [JSONParser, FormParser]
    throttle_classes = [DonateThrottle]

    @extend_schema(
        operation_id="donate",
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                description="Any string of at most 255 characters. A request repeated with the same key makes no "
                "second donation and gets the first one's answer.",
            )
        ],
        request={"application/json": DonationRequest, "application/x-www-form-urlencoded": DonationForm},
        responses={
            201: DonationAnswer,
            303: OpenApiResponse(description="To a browser that sent the form: where the donor pays"),
            **_refused(400, "A field is not as it must be"),
            **_refused(404, "No such campaign is published"),
            **_refused(409, "The campaign takes no money now"),
            **_refused(413, f"More than {LARGEST} bytes"),
            **_refused(422, "The Idempotency-Key was used for something else"),
            **_refused(429, "Too many requests; see Retry-After"),
            **_refused(503, "No gateway, or it does not answer"),
        },
    )
    def post(self, request: Request, slug: str) -> HttpResponseBase:
        if not (request.content_type or "").startswith("application/x-www-form-urlencoded"):
            return self._donate(request, slug, request.data)
        # The page's form, sent by a browser without its script: it is answered by pages, not by documents.
        try:
            answer = self._donate(request, slug, _from_form(request))
        except exceptions.APIException as error:
            return _problem_page(request, slug, error)
        return HttpResponseRedirect(answer.data["checkout_url"], status=status.HTTP_303_SEE_OTHER)

    def _donate(self, request: Request, slug: str, data: Any) -> Response:
        found = campaigns.find(slug)
        if found is None:
            raise _no_campaign(slug)
        campaign = Campaign.objects.get(translation_key=found.translation_key)
        wanted = DonationRequest(data=data)
        wanted.is_valid(raise_exception=True)
        fields = dict(wanted.validated_data)
        fields["return_url"] = _return_url(fields.get("return_url", ""), slug)
        fields.pop("locale", None)
        try:
            donation = create_donation(
                campaign.pk,
                **fields,
                locale=found.locale,
                title=campaign.title,
                idempotency_key=_idempotency_key(request),
            )
        except InvalidDonationError as error:
            raise exceptions.ValidationError({name: [text] for name, text in error.errors.items()}) from error
        except IdempotencyError as error:
            raise _UnprocessableError(str(error)) from error
        except DonationRefusedError as error:
            raise _refusal(error) from error
        answer = {"id": str(donation.id), "status": donation.status, "checkout_url": donation.checkout_url}
        return Response(answer, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


class Donation(APIView):
    """What became of a donation. Its id is known to the donor only."""

    @extend_schema(operation_id="donation", responses={200: DonationStatus, **ERRORS}, extensions=PRIVATE)
    def get(self, request: Request, id: UUID) -> HttpResponse:
        donation = donation_status(id)
        if donation is None:
            raise exceptions.NotFound("There is no such donation.")
        document = {
            "id": str(donation.pk),
            "status": donation.status,
            "amount": donation.amount,
            "currency": donation.currency,
            "campaign": campaigns.public_slug(donation.campaign.translation_key, donation.locale),
        }
        return respond(request, document, private=True)


class _RawParser(BaseParser):
    """Webhooks are verified on their raw bytes; nothing reads them before."""

    media_type = "*/*"


class Webhook(APIView):
    """Where the providers of gateways report. Signed requests only."""

    parser_classes = [_RawParser]

    @extend_schema(
        operation_id="gateway_webhook",
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={
            200: OpenApiResponse(WebhookAnswer, description="Taken in, now or before"),
            (400, CONTENT_TYPE): OpenApiResponse(Problem, description="The signature is wrong or too old"),
            (404, CONTENT_TYPE): OpenApiResponse(Problem, description="No such gateway is enabled"),
            (413, CONTENT_TYPE): OpenApiResponse(Problem, description=f"More than {MAX_BODY} bytes"),
            (503, CONTENT_TYPE): OpenApiResponse(Problem, description="The gateway's plugin failed; send it again"),
        },
    )
    def post(self, request: Request, gateway: str) -> Response:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > MAX_BODY:
            raise TooLargeError(f"A webhook may have at most {MAX_BODY} bytes.")
        try:
            received = receive_webhook(gateway, dict(request._request.headers), request._request.body)
        except UnknownGatewayError as error:
            raise exceptions.NotFound(f"No gateway {gateway!r} is enabled.") from error
        except SignatureError as error:
            raise _BadSignatureError(str(error)) from error
        except GatewayError as error:
            raise Unavailable() from error
        return Response({"received": received})


class _UnprocessableError(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY


class _BadSignatureError(exceptions.APIException):
    status_code = status.HTTP_400_BAD_REQUEST


def _no_campaign(slug: str) -> exceptions.NotFound:
    return exceptions.NotFound(f"No campaign “{slug[:100]}” is published.")


def _refusal(error: DonationRefusedError) -> exceptions.APIException:
    kind = Conflict if error.reason in ("not_running", "in_progress") else Unavailable
    return kind(str(error))


def _idempotency_key(request: Request) -> str:
    key: str | None = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise exceptions.ValidationError({"Idempotency-Key": "1 to 255 visible ASCII characters."})
    return key or ""


def _return_url(wanted: str, slug: str) -> str:
    if not wanted:
        return f"{settings.BASE_URL}/donate/{slug}/#thanks"
    if not allowed_return_url(wanted):
        raise exceptions.ValidationError(
            {"return_url": "Donors are sent back to this newsroom's own addresses only (see OSTRIV_FRONTEND_URL)."}
        )
    return wanted


def _fields(request: Request) -> dict[str, str]:
    data = request.data
    return {key: value for key, value in data.items() if isinstance(value, str)} if isinstance(data, dict) else {}


def _from_form(request: Request) -> dict[str, Any]:
    """The fields of the page's form. Its own amount is in major units, the amounts to choose from in minor ones."""
    data: dict[str, Any] = _fields(request)
    own = data.pop("own_amount", "").strip()
    if own:
        try:
            data["amount"] = parse_major(own)
        except NotMoneyError as error:
            raise exceptions.ValidationError({"amount": str(error)}) from error
    return data


def _problem_page(request: Request, slug: str, error: exceptions.APIException) -> HttpResponse:
    answer = problem_response(error, {"view": None})
    document: dict[str, Any] = answer.data if answer is not None and answer.data else {"detail": str(error)}
    locale = _fields(request).get("locale", "") or settings.LANGUAGE_CODE
    words = texts(locale)
    sentences = [each["message"] for each in document.get("errors", [])] or [document["detail"]]
    html = render_to_string(
        "campaigns/closed.html",
        {
            "locale": locale,
            "title": words["error"],
            "text": "",
            "sentences": sentences,
            "link": f"/donate/{slug}/?{urlencode({'again': 1})}#give",
            "link_text": words["give"],
        },
    )
    return HttpResponse(
        html,
        status=error.status_code,
        headers={"Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-store"},
    )


urlpatterns = [
    path("campaigns/", Campaigns.as_view(), name="campaigns"),
    path("campaigns/<slug:slug>/", CampaignDetail.as_view(), name="campaign"),
    path("campaigns/<slug:slug>/progress/", CampaignProgress.as_view(), name="campaign-progress"),
    path("campaigns/<slug:slug>/donations/", Donations.as_view(), name="donate"),
    path("donations/<uuid:id>/", Donation.as_view(), name="donation"),
    path("gateways/<slug:gateway>/webhook/", Webhook.as_view(), name="gateway-webhook"),
]
