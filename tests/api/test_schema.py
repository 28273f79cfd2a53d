"""The schema is part of the product: valid, and changed only on purpose."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator, FormatChecker

from cms.content.types import content_types
from cms.registry.discovery import bundled_labels

PROJECT = Path(__file__).resolve().parents[2]
SNAPSHOTS = PROJECT / "docs" / "api"
#: Real documents of every content type; tests/clients keeps them so.
EXAMPLES = PROJECT / "clients" / "typescript" / "examples"
#: What frontends were promised. Paths and methods are added to, never taken away.
PROMISED = [
    "GET /content/",
    "GET /content/{type}/{slug}/",
    "GET /front/",
    "GET /sections/",
    "GET /authors/",
    "GET /tags/",
    "GET /resolve/",
    "GET /changes/",
    "GET /types/",
    "GET /types/{type}/",
    "GET /search/",
    "GET /preview/{token}/",
    "GET /drafts/{type}/{slug}/",
    "GET /campaigns/",
    "GET /campaigns/{slug}/",
    "GET /campaigns/{slug}/progress/",
    "POST /campaigns/{slug}/donations/",
    "GET /newsletters/",
    "POST /newsletters/{slug}/subscriptions/",
    "GET /newsletters/{slug}/editions/",
]
#: Which snapshot stands for which choice of plugins.
CHOICES = {"core.yml": [], "bundled.yml": bundled_labels()}


@pytest.fixture
def schema(db: None) -> dict[str, object]:
    with translation.override("en"):
        return SchemaGenerator().get_schema(request=None, public=True)


def test_the_schema_is_valid_and_nothing_in_it_had_to_be_guessed(schema: dict[str, object]) -> None:
    validate_schema(schema)
    assert not GENERATOR_STATS, "run `ostriv spectacular` to see what had to be guessed"


def test_the_schema_is_the_one_that_was_agreed_on(schema: dict[str, object]) -> None:
    enabled = sorted(plugin.label for plugin in settings.OSTRIV_PLUGINS)
    for name, labels in CHOICES.items():
        if enabled == sorted(labels):
            now = OpenApiYamlRenderer().render(schema, renderer_context={}).decode()
            assert now == (SNAPSHOTS / name).read_text(), (
                f"docs/api/{name} is not what the code says any more. If that is meant: make schema"
            )
            return
    pytest.skip("no snapshot stands for this choice of plugins")


def test_the_schema_describes_the_public_api_alone(schema: dict[str, object]) -> None:
    assert all(path.startswith("/api/v1/") for path in schema["paths"])  # type: ignore[attr-defined]


def test_swagger_is_served_from_here_and_not_from_a_cdn(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    assert "drf_spectacular_sidecar/swagger-ui-dist" in page
    assert "cdn" not in page.lower()


def test_every_promised_operation_is_in_it(schema: dict[str, Any]) -> None:
    assert set(PROMISED) <= {f"{method} {path}" for method, path, _operation in _operations(schema)}


def test_every_refusal_is_a_problem_and_a_limit_says_when_it_ends(schema: dict[str, Any]) -> None:
    for method, path, operation in _operations(schema):
        answers = {status: _followed(schema, answer) for status, answer in operation["responses"].items()}
        assert {"400", "401", "403", "429", "503"} <= set(answers), f"{method} {path}"
        for status, answer in answers.items():
            if status >= "400":
                assert "application/problem+json" in answer["content"], f"{method} {path} {status}"
                assert "application/json" not in answer["content"], f"{method} {path} {status}"
        assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(answers["429"]["headers"]), f"{method} {path}"


def test_what_may_be_kept_has_a_validator_and_what_may_not_has_none(schema: dict[str, Any]) -> None:
    private = ("/preview/{token}/", "/drafts/{type}/{slug}/", "/drafts/{page_id}/", "/donations/{id}/")
    operations = {path: operation["responses"] for method, path, operation in _operations(schema) if method == "GET"}

    for path in ("/content/", "/content/{type}/{slug}/", "/search/", "/front/", "/changes/", "/types/"):
        assert {"ETag", "Cache-Tag", "Cache-Control"} <= set(operations[path]["200"]["headers"]), path
        assert "304" in operations[path], path
    for path in private:
        assert "304" not in operations[path] and "ETag" not in operations[path]["200"]["headers"], path


def test_every_content_type_has_a_detail_and_a_draft_of_its_own(schema: dict[str, Any]) -> None:
    schemas = schema["components"]["schemas"]

    for name in content_types():
        for union in ("Detail", "Draft"):
            shape = _followed(schema, {"$ref": schemas[union]["discriminator"]["mapping"][name]})
            assert shape["properties"]["type"]["const"] == name
    assert len(set(schemas["Detail"]["discriminator"]["mapping"].values())) == len(content_types())
    assert schemas["Block"]["discriminator"]["propertyName"] == "type"


def test_no_shape_that_is_known_is_left_open(schema: dict[str, Any]) -> None:
    assert list(_bare(schema["paths"], "paths")) == []
    assert list(_bare(schema["components"]["schemas"], "schemas")) == []


@pytest.mark.django_db
def test_the_json_schema_of_a_type_stands_alone_and_fits_real_documents(client: Client) -> None:
    examples = [json.loads(each.read_text()) for each in sorted(EXAMPLES.glob("*.json"))]
    for name in content_types():
        answer = client.get(f"/api/v1/types/{name}/")
        own: dict[str, Any] = json.loads(answer.content)

        assert answer["Content-Type"] == "application/schema+json"
        assert own["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert own["$id"].endswith(f"/api/v1/types/{name}/")
        Draft202012Validator.check_schema(own)
        assert all(reference.startswith("#/$defs/") for reference in _references(own)), "nothing to fetch"
        validator = Draft202012Validator(own, format_checker=FormatChecker())
        for document in (each for each in examples if each["type"] == name):
            if set(_block_types(document)) <= set(_block_types_of(own)):
                assert [error.message for error in validator.iter_errors(document)] == []
        assert list(validator.iter_errors({"type": name}))
        assert list(validator.iter_errors({**examples[0], "type": f"no-{name}"}))


def _operations(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path.removeprefix("/api/v1"), operation)
        for path, item in schema["paths"].items()
        for method, operation in item.items()
    ]


def _followed(schema: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in value:
        kind, name = value["$ref"].removeprefix("#/components/").split("/")
        value = schema["components"][kind][name]
    return value


def _bare(value: Any, place: str) -> list[str]:
    """Where an object may hold anything."""
    if isinstance(value, list):
        return [each for n, item in enumerate(value) for each in _bare(item, f"{place}/{n}")]
    if not isinstance(value, dict):
        return []
    found = [place] if value.get("type") == "object" and not {"properties", "allOf", "$ref"} & set(value) else []
    inside = (item for item in value.items() if item[0] not in ("example", "examples", "mapping"))
    return found + [each for key, item in inside for each in _bare(item, f"{place}/{key}")]


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [each for item in value for each in _references(item)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return own + [each for item in value.values() for each in _references(item)]


def _block_types(document: dict[str, Any]) -> list[str]:
    return [block["type"] for block in [*document["body"], *document.get("content", [])]]


def _block_types_of(schema: dict[str, Any]) -> list[str]:
    """With fewer plugins there are fewer blocks than in the examples."""
    shapes = schema["$defs"].values()
    return [
        shape["properties"]["type"]["const"]
        for shape in shapes
        if "const" in shape.get("properties", {}).get("type", {})
    ]
