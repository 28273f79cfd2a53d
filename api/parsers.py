"""How request bodies are read: never more of them than a form of ours can have."""

import io
from http import HTTPStatus
from typing import Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import FormParser as DRFFormParser
from rest_framework.parsers import JSONParser as DRFJSONParser

#: The largest body that strangers may send, in bytes.
MAX_BODY = 64 * 1024


class TooLargeError(APIException):
    """The body is larger than anything that is taken here."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = f"A request may have at most {MAX_BODY} bytes."
    default_code = "too_large"


class JSONParser(DRFJSONParser):
    """DRF's parser with a limit; text nested too deep to be read is the sender's error and not a fault of ours."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = _limited(stream, parser_context)
        try:
            return super().parse(body, media_type, parser_context)
        except RecursionError:
            raise ParseError("The JSON is nested too deep.") from None


class FormParser(DRFFormParser):
    """DRF's parser with a limit."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return super().parse(_limited(stream, parser_context), media_type, parser_context)


def _limited(stream: Any, parser_context: Any) -> io.BytesIO:
    """The body in memory. Its declared length is believed only when it is too large: there may be none, or a lie."""
    request = (parser_context or {}).get("request")
    declared = request.META.get("CONTENT_LENGTH") if request is not None else None
    if declared and declared.isdecimal() and (len(declared) > 18 or int(declared) > MAX_BODY):
        raise TooLargeError()
    body = bytearray()
    while len(body) <= MAX_BODY and (part := stream.read(MAX_BODY + 1 - len(body))):
        body += part
    if len(body) > MAX_BODY:
        raise TooLargeError()
    return io.BytesIO(bytes(body))
