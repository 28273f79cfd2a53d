"""The answers and headers that operations have in common, named once in the document's components."""

from typing import Any

from api.openapi.references import reference_to
from api.problems import CONTENT_TYPE as PROBLEM

Schema = dict[str, Any]
_JSON = "application/json"
_REFERENCE = {"$ref": reference_to("Problem")}
#: Where plugins answer, each at addresses of its own.
_OF_PLUGINS = "/api/v1/x/"


def _example(status: int, title: str, detail: str, errors: list[dict[str, str]] | None = None) -> Schema:
    problem: Schema = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return {**problem, "errors": errors} if errors else problem


def _problem(description: str, example: Schema, *headers: str) -> Schema:
    answer: Schema = {
        "description": description,
        "content": {PROBLEM: {"schema": dict(_REFERENCE), "example": example}},
    }
    if headers:
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    return answer


_SHORT = "Not among: en, ru, uk."
#: By name: the status, and the answer.
RESPONSES: dict[str, tuple[str, Schema]] = {
    "BadRequest": (
        "400",
        _problem(
            "Something in the request is not as it must be: `errors` names each parameter or field, and says what is "
            "allowed. A parameter that doesn't exist is refused, not ignored.",
            _example(400, "Bad Request", f"locale: {_SHORT}", [{"field": "locale", "message": _SHORT}]),
        ),
    ),
    "Unauthorized": (
        "401",
        _problem(
            "The key is missing where one is needed, or it is wrong, revoked or out of date.",
            _example(401, "Unauthorized", "This key is not valid."),
            "WWW-Authenticate",
        ),
    ),
    "Forbidden": (
        "403",
        _problem(
            "The key is good, and not for this.",
            _example(403, "Forbidden", "This key has no scope for drafts."),
        ),
    ),
    "NotFound": (
        "404",
        _problem(
            "Nothing of this kind is published here: it never was, is not any more, or not in this language.",
            _example(404, "Not Found", "There is no published article “mist”."),
        ),
    ),
    "ContentTooLarge": (
        "413",
        _problem(
            "The body is longer than anything that belongs here.",
            _example(413, "Request Entity Too Large", "A request may have at most 65536 bytes."),
        ),
    ),
    "UnsupportedMediaType": (
        "415",
        _problem(
            "The body is of a media type that isn't read here.",
            _example(415, "Unsupported Media Type", "Unsupported media type “text/plain” in request."),
        ),
    ),
    "TooManyRequests": (
        "429",
        _problem(
            "Too many requests from this client. Wait for as many seconds as `Retry-After` says.",
            _example(429, "Too Many Requests", "Request was throttled. Expected available in 12 seconds."),
            "Retry-After",
            "RateLimit",
            "RateLimit-Policy",
        ),
    ),
    "Failed": (
        "500",
        _problem(
            "Something failed here, in Ostriv or in a plugin. It is logged for the newsroom.",
            _example(500, "Internal Server Error", "Something failed here. It is logged; please try again later."),
        ),
    ),
    "Unavailable": (
        "503",
        _problem(
            "Something that the answer needs can't be reached, or took too long. The same request may do later.",
            _example(503, "Service Unavailable", "This can't be done right now. Please try again in a few minutes."),
            "Retry-After",
        ),
    ),
    "SwitchedOff": (
        "404",
        _problem(
            "There is no such thing here, or the plugin that answers here is switched off.",
            _example(404, "Not Found", "There is nothing at this address."),
        ),
    ),
    "Resting": (
        "503",
        _problem(
            "The plugin that answers here rests after faults, or something that the answer needs can't be reached, or "
            "took too long. The same request may do later.",
            _example(503, "Service Unavailable", "This part of the newsroom rests after faults."),
            "Retry-After",
        ),
    ),
}
#: What each operation of a plugin may answer in its plugin's place, and how it is said beside the view's own words.
_IN_PLACE_OF_PLUGINS = {
    "404": ("SwitchedOff", "the plugin is switched off"),
    "503": ("Resting", "the plugin rests after faults"),
}

_TEXT = {"type": "string"}
HEADERS: dict[str, Schema] = {
    "ETag": {
        "description": "Strong. Send it back in `If-None-Match`, and get a 304 while nothing has changed.",
        "schema": {"type": "string", "pattern": r'^"[^"]+"$'},
    },
    "Last-Modified": {"description": "When the document was changed last.", "schema": _TEXT},
    "Cache-Control": {
        "description": "How long caches may keep it, and for how long they may go on while they ask.",
        "schema": _TEXT,
    },
    "Cache-Tag": {
        "description": "What the document shows, comma-separated: caches purge by these.",
        "schema": {"type": "string", "pattern": "^[^,\\s]+(,[^,\\s]+)*$"},
    },
    "RateLimit": {
        "description": "What is left of the limit, and for how many seconds "
        "(https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/).",
        "schema": _TEXT,
    },
    "RateLimit-Policy": {"description": "The limit itself: so many requests in so many seconds.", "schema": _TEXT},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}},
    "WWW-Authenticate": {"description": "How to show a key.", "schema": _TEXT},
}
#: What every answer may carry.
EVERYWHERE = ("Cache-Control", "RateLimit", "RateLimit-Policy")
#: What a document that caches may keep carries too.
KEPT = ("ETag", "Cache-Tag", "Last-Modified")
NOT_MODIFIED: Schema = {
    "description": "What you have is still right: `If-None-Match` named its ETag.",
    "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("ETag", *EVERYWHERE, "Cache-Tag")},
}


def components() -> dict[str, Schema]:
    """The answers and headers, as the document's components list them."""
    return {
        "responses": {name: answer for name, (_status, answer) in RESPONSES.items()},
        "headers": {name: dict(header) for name, header in HEADERS.items()},
    }


def complete(path: str, method: str, operation: Schema) -> None:
    """Add to an operation what it may answer beside what its view says, and the headers of all."""
    responses = operation["responses"]
    # A wrong key is refused everywhere, and where the API is private so is whoever has none.
    if path.startswith(_OF_PLUGINS):
        _answer_in_place_of_plugin(responses)
    names = ["BadRequest", "Unauthorized", "Forbidden", "TooManyRequests", "Failed", "Unavailable"]
    if "{" in path:
        names.append("NotFound")
    if "requestBody" in operation:
        names += ["ContentTooLarge", "UnsupportedMediaType"]
    for name in names:
        status, _answer = RESPONSES[name]
        responses.setdefault(status, {"$ref": f"#/components/responses/{name}"})
    for status in list(responses):
        responses[status] = _shared(status, responses[status])
    if operation.get("security") == [{}]:
        # Where anybody may read, a key has a rate of its own; where the API is private it is needed.
        operation["security"] = [{"apiKey": []}, {}]
    is_kept = method == "get" and "x-private" not in operation and not _is_stream(responses)
    if is_kept:
        responses.setdefault("304", NOT_MODIFIED)
    for status, answer in responses.items():
        if status.startswith("2"):
            headers = answer.setdefault("headers", {})
            for name in (*EVERYWHERE, *(KEPT if is_kept else ())):
                headers.setdefault(name, {"$ref": f"#/components/headers/{name}"})
    operation["responses"] = dict(sorted(responses.items()))


def _answer_in_place_of_plugin(responses: Schema) -> None:
    for status, (name, words) in _IN_PLACE_OF_PLUGINS.items():
        if own := responses.get(status):
            said = own.get("description")
            own["description"] = f"{said}; or {words}" if said else RESPONSES[name][1]["description"]
        else:
            responses[status] = {"$ref": f"#/components/responses/{name}"}


def _is_stream(responses: Schema) -> bool:
    return "text/event-stream" in responses.get("200", {}).get("content", {})


def _shared(status: str, answer: Schema) -> Schema:
    """A problem that the view describes in its own words keeps them, and gets the example and the headers."""
    contents = answer.get("content", {})
    if status >= "400" and contents.get(_JSON, {}).get("schema") == _REFERENCE:
        # `404: Problem`, as one writes it: every problem has the media type of problems.
        answer = {**answer, "content": {PROBLEM if name == _JSON else name: each for name, each in contents.items()}}
    if answer.get("content", {}).get(PROBLEM, {}).get("schema") != _REFERENCE:
        return answer
    common = next((common for own, common in RESPONSES.values() if own == status), None)
    if common is None:
        return answer
    content = {**answer["content"], PROBLEM: {**common["content"][PROBLEM], **answer["content"][PROBLEM]}}
    headers = {**common.get("headers", {}), **answer.get("headers", {})}
    return {**answer, "content": content, **({"headers": headers} if headers else {})}
