"""What plugins' code answers is made sure of before it is stored."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import gettext_lazy

from api.publications.sealing import sealed, sealed_teaser

COMMON = {
    "id": 7,
    "type": "recipe",
    "locale": "uk",
    "slug": "borshch",
    "path": "/uk/borshch/",
    "url": "https://news.example/uk/borshch/",
    "headline": "Борщ",
    "lede": "",
    "section": {"slug": "kukhnia", "name": "Кухня"},
    "authors": [],
    "published_at": "2026-01-14T14:30:00Z",
    "updated_at": None,
    "image": None,
    "tags": [],
    "source": None,
}
RENDITION = {"url": "https://news.example/a.webp", "width": 320, "height": 200}
IMAGE = {
    "alt": "",
    "credit": "",
    "width": 800,
    "height": 600,
    "renditions": {"small": RENDITION, "medium": RENDITION, "large": RENDITION},
}


def test_plain_values_stay_as_they_are() -> None:
    value = {"a": [1, 2.5, None, True, "ґ"], "b": {"$ref": 5, "as": "teaser"}}

    assert sealed(value) == value


def test_words_become_words() -> None:
    assert sealed({"name": gettext_lazy("Yes")})["name"]
    assert sealed("a\x00b") == "ab"
    assert sealed("\ud800x") == "?x"
    assert sealed(("a", "b")) == ["a", "b"]


@pytest.mark.parametrize(
    "value",
    [
        Decimal("1.5"),
        float("nan"),
        float("inf"),
        {1, 2},
        object(),
        b"bytes",
        {1: "number as a key"},
        {"$ref": "#/definitions"},
        {"$ref": 5},
        {"$ref": True, "as": "teaser"},
    ],
)
def test_what_no_reader_could_take_is_the_plugins_fault(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        sealed([{"deep": value}])


def test_a_teaser_has_words_of_its_own_and_is_filed_by_the_core() -> None:
    own = {**COMMON, "id": 99, "section": None, "slug": "x", "headline": "Борщ дня", "image": IMAGE, "servings": 4}

    teaser = sealed_teaser(own, COMMON)

    assert teaser == {**COMMON, "headline": "Борщ дня", "image": IMAGE, "servings": 4}


def test_what_a_teaser_leaves_out_is_the_cores() -> None:
    assert sealed_teaser({"servings": 4}, COMMON) == {**COMMON, "servings": 4}


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": None},
        {"headline": 5},
        {"lede": None},
        {"image": {"alt": ""}},
        {"image": {**IMAGE, "renditions": {**IMAGE["renditions"], "large": {"url": "x"}}}},
        {"image": {**IMAGE, "renditions": None}},
        {"source": {"name": "Агенція"}},
        {"source": "Агенція"},
    ],
)
def test_a_teaser_that_readers_could_not_take_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        sealed_teaser({**COMMON, **wrong}, COMMON)
