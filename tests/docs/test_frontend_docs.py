"""The page for frontend developers names everything that lists and details can be asked for, and its real limits."""

import re
from pathlib import Path
from typing import Any

import pytest

from api import parameters
from api.answers.content import MOST_EXPANDED
from api.answers.filtering import plugin_parameters
from api.answers.resolving import LONGEST_PATH, MOST_HOPS
from api.publications.cursor import Order
from api.publications.features import FEATURES
from api.publications.statements import MOST_SHELVES
from api.views.taxonomy import MOST_TAGS
from ostriv.testing.schemas import document

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "frontend.md").read_text()


def parameters_at(path: str) -> list[str]:
    operation: Any = document()["paths"][f"/api/v1{path}"]["get"]
    return [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/content/", "/content/{type}/{slug}/", "/resolve/", "/sections/", "/newsletters/{slug}/editions/"]
)
def test_every_parameter_of_the_core_is_explained(path: str) -> None:
    plugins = plugin_parameters()

    missing = [name for name in parameters_at(path) if name not in plugins and f"`{name}`" not in PAGE]

    assert [name for name in missing if f"?{name}=" not in PAGE] == []


def test_every_value_that_can_be_chosen_is_named() -> None:
    assert [name for name in [*FEATURES, *Order] if f"`{name}`" not in PAGE] == []


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("at most {}", parameters.LARGEST_PAGE),
        ("| {}, at most", parameters.PAGE_SIZE),
        ("{} values each", parameters.MOST_VALUES),
        ("{} values |", parameters.MOST_IDS),
        ("{} characters |", parameters.LONGEST_QUERY),
        ("to at most {}", MOST_SHELVES),
        ("{} of each", MOST_EXPANDED),
        ("the first {} of", MOST_EXPANDED),
        ("up to {} steps", MOST_HOPS),
        ("the {} most used", MOST_TAGS),
        ("at most {:,} characters", LONGEST_PATH),
    ],
)
def test_limits_are_those_of_the_code(words: str, limit: int) -> None:
    assert words.format(limit) in PAGE


def test_pages_that_are_linked_exist() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", PAGE)

    assert linked
    assert [name for name in linked if not (DOCS / name).exists()] == []
