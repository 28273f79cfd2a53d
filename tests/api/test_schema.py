"""The schema is part of the product: valid, and changed only on purpose."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

from cms.registry.discovery import bundled_labels

SNAPSHOTS = Path(__file__).resolve().parents[2] / "docs" / "api"
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
