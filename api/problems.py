"""Errors as problem details (RFC 9457, https://www.rfc-editor.org/rfc/rfc9457)."""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

CONTENT_TYPE = "application/problem+json"
logger = logging.getLogger(__name__)


class FieldProblem(serializers.Serializer[Any]):
    field = serializers.CharField()
    message = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """What went wrong, for a program (``type``, ``status``) and for a person (``title``, ``detail``)."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]  # DRF has a property of this name


class Conflict(exceptions.APIException):
    """The request is well-formed, and what it is about is not in a state for it."""

    status_code = HTTPStatus.CONFLICT
    default_detail = "This can't be done now."
    default_code = "conflict"


class Unavailable(exceptions.APIException):
    """Something that the request needs can't be reached; the same request may do later."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_detail = "This can't be done right now. Please try again in a few minutes."
    default_code = "unavailable"


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """One problem document."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        document["errors"] = errors
    return document


def problem_response(exception: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: any error that DRF knows, as a problem document."""
    if isinstance(exception, Http404) and exception.args:
        exception = exceptions.NotFound(str(exception.args[0]))
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    response = exception_handler(exception, context)
    if response is None:
        return None
    if isinstance(exception, exceptions.ValidationError):
        errors = list(_flatten(response.data))
        response.data = problem(response.status_code, words_of(exception), errors)
    else:
        response.data = problem(response.status_code, str(getattr(exception, "detail", exception)))
        response.data.update(getattr(exception, "members", {}))
    response.content_type = CONTENT_TYPE
    response["Cache-Control"] = "no-store"  # what is missing now may be published a moment later
    return response


def words_of(exception: exceptions.APIException) -> str:
    """What an exception of the API says, in one line."""
    errors = _flatten(exception.detail)
    return " ".join(f"{each['field']}: {each['message']}" if each["field"] else each["message"] for each in errors)


def _flatten(data: Any, field: str = "") -> Iterator[dict[str, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            name = "" if key == "non_field_errors" else str(key)
            yield from _flatten(value, ".".join(filter(None, (field, name))))
    elif isinstance(data, list):
        for item in data:
            yield from _flatten(item, field)
    else:
        yield {"field": field, "message": str(data)}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Django's 400 under /api/, for what never reaches a view: a host that isn't ours, a malformed path."""
    return plain(HTTPStatus.BAD_REQUEST, "This request can't be understood: check its host, path and headers.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Django's 404 for an address under /api/ that nothing answers."""
    return plain(HTTPStatus.NOT_FOUND, f"There is nothing at {request.path}. /api/v1/docs/ lists what there is.")


def server_error(request: HttpRequest) -> JsonResponse:
    """Django's 500 under /api/: what happened is in the log, and no trace of it in the answer."""
    return plain(HTTPStatus.INTERNAL_SERVER_ERROR, "Something failed here. It is logged; please try again later.")


def plain(status: HTTPStatus, detail: str) -> JsonResponse:
    """One problem, outside of DRF's views."""
    headers = {"Cache-Control": "no-store"}
    return JsonResponse(problem(status, detail), status=status, content_type=CONTENT_TYPE, headers=headers)
