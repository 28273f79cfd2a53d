"""Holds every answer of the API against the OpenAPI document: path, status, media type, headers, body.

It is on in every test run: an answer to the test client that the document doesn't allow fails the test that asked for
it. The document is made once, and its parts are compiled when they are first needed.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs

from ostriv.testing import formats, strictness

Json = dict[str, Any]
PREFIX = "/api/v1/"
PROBLEM = "application/problem+json"
_METHODS = {"GET": "get", "HEAD": "get", "POST": "post", "PUT": "put", "PATCH": "patch", "DELETE": "delete"}
#: What is for people, and described to them: the documentation itself.
_FOR_PEOPLE = ("text/html",)
#: The document doesn't describe itself.
_UNDESCRIBED = (f"{PREFIX}schema/",)
_PROBLEM_SCHEMA = {"$ref": "#/components/schemas/Problem"}


def document() -> Json:
    """The OpenAPI document of this installation."""
    from api.openapi.document import document as made

    return made()


class Contract:
    """An OpenAPI document, ready to be held against answers."""

    def __init__(self, openapi: Json) -> None:
        self.openapi = openapi
        self._operations = [
            (re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path))), path, item)
            for path, item in openapi["paths"].items()
        ]
        self._validators: dict[tuple[str, bool], Any] = {}

    def operation_at(self, path: str, method: str = "get") -> tuple[str, Json] | None:
        """The address as the document writes it, and its operation; None if there is none. The nearest of several."""
        fitting = [(each, item) for pattern, each, item in self._operations if pattern.fullmatch(path)]
        if not fitting:
            return None
        template, item = min(fitting, key=lambda each: each[0].count("{"))
        return (template, item[method]) if method in item else None

    def knows(self, path: str) -> bool:
        """Whether the document describes anything at this path."""
        return any(pattern.fullmatch(path) for pattern, _path, _item in self._operations)

    def faults(self, method: str, address: str, query: str, response: Any) -> list[str]:
        """In which respects this answer is not what the document says; empty if it is right."""
        status, media_type = response.status_code, response.get("Content-Type", "").partition(";")[0]
        if method not in _METHODS or address in _UNDESCRIBED:
            return []
        found = self.operation_at(address, _METHODS[method])
        if found is None:
            return self._where_nothing_is(method, address, status, media_type, response)
        _template, operation = found
        answer = operation["responses"].get(str(status))
        if status == 405 or answer is None:
            return [] if status == 405 else [f"the document has no answer {status} of this operation"]
        answer = self.followed(answer)
        names = [name for name, _value in parse_qsl(query, keep_blank_values=True)]
        wrong = self._headers(answer, response) + self._parameters(operation, names, status)
        if method == "HEAD" or status in (204, 304):
            return wrong
        is_sparse = "fields" in names
        return wrong + self._body(answer, media_type, response, is_sparse=is_sparse)

    def followed(self, value: Json) -> Json:
        """What a reference refers to."""
        while "$ref" in value:
            kind, name = value["$ref"].removeprefix("#/components/").split("/")
            value = self.openapi["components"][kind][name]
        return value

    def faults_of_body(self, schema: Json, body: Any, *, is_sparse: bool = False) -> list[str]:
        """In which places this value is not what the schema says; each with what was found."""
        validator = self._validator(schema, is_sparse=is_sparse)
        return [f"{_place(error)}: {error.message[:300]}" for error in validator.iter_errors(body)]

    # --- the parts of an answer ---

    def _where_nothing_is(self, method: str, address: str, status: int, media_type: str, response: Any) -> list[str]:
        if self.knows(address) and status in (403, 404, 405):
            return []
        if status in (301, 302, 303) or media_type in _FOR_PEOPLE:
            return []
        # Who may not come in is not told what there is; who asks too often neither.
        if status in (401, 403, 404, 429, 503) and media_type == PROBLEM:
            return [] if method == "HEAD" else self.faults_of_body(_PROBLEM_SCHEMA, response.json())
        return [f"the document describes nothing there, and it answers {status} {media_type}"]

    def _parameters(self, operation: Json, names: list[str], status: int) -> list[str]:
        if not 200 <= status < 300:
            return []
        known = {each["name"] for each in operation.get("parameters", []) if each["in"] == "query"}
        return [f"the document has no parameter {name!r} here, and it is taken" for name in set(names) - known]

    def _headers(self, answer: Json, response: Any) -> list[str]:
        wrong = []
        for name, reference in answer.get("headers", {}).items():
            header, value = self.followed(reference), response.get(name)
            if value is None:
                if header.get("required"):
                    wrong.append(f"the header {name} is missing")
                continue
            typed: Any = int(value) if header["schema"].get("type") == "integer" and value.isdigit() else value
            found = self.faults_of_body(header["schema"], typed)
            wrong += [f"the header {name} is {value!r}: {each}" for each in found]
        is_kept = "ETag" in answer.get("headers", {}) and "no-store" not in response.get("Cache-Control", "no-store")
        if is_kept and response.status_code == 200 and not response.has_header("ETag"):
            wrong.append("caches may keep it, and it has no ETag")
        return wrong

    def _body(self, answer: Json, media_type: str, response: Any, *, is_sparse: bool) -> list[str]:
        contents = answer.get("content", {})
        if not contents:
            return []
        if media_type not in contents:
            return [f"it is {media_type or 'of no media type'}, and the document has {', '.join(contents)}"]
        if response.streaming or not media_type.endswith("json"):
            return []
        try:
            body = json.loads(response.content)
        except ValueError as error:
            return [f"it is not JSON: {error}"]
        return self.faults_of_body(contents[media_type].get("schema", {}), body, is_sparse=is_sparse)

    def _validator(self, schema: Json, *, is_sparse: bool) -> Any:
        key = (json.dumps(schema, sort_keys=True), is_sparse)
        if key not in self._validators:
            strict = strictness.strict(schema, self.openapi["components"]["schemas"], is_sparse=is_sparse)
            self._validators[key] = jsonschema_rs.Draft202012Validator(
                strict, validate_formats=True, formats=formats.CHECKS
            )
        return self._validators[key]


@cache
def contract() -> Contract:
    """That of this installation."""
    return Contract(document())


@contextmanager
def held() -> Iterator[None]:
    """While this lasts, an answer to a test client that the document doesn't allow is an AssertionError."""
    from django.test import Client

    ask = Client.request

    def request(self: Any, **extra: Any) -> Any:
        response = ask(self, **extra)
        asked = response.request
        if asked["PATH_INFO"].startswith(PREFIX):
            _hold(asked, response)
        return response

    Client.request = request  # type: ignore[method-assign]
    try:
        yield
    finally:
        Client.request = ask  # type: ignore[method-assign]


def _hold(asked: Json, response: Any) -> None:
    method, path, query = asked["REQUEST_METHOD"], asked["PATH_INFO"], asked.get("QUERY_STRING", "")
    wrong = contract().faults(method, path, query, response)
    address = f"{path}?{query}" if query else path
    assert not wrong, (
        f"{method} {address} answered {response.status_code}, and this is not what /api/v1/schema/ says: "
        + "; ".join(wrong[:10])
    )


def _place(error: Any) -> str:
    return "$" + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in error.instance_path)
