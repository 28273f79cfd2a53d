"""The closed register of plugins' names, and their typed settings."""

from dataclasses import dataclass

import pytest

from cms.registry import claims
from cms.registry.discovery import PluginError
from cms.registry.typed_settings import read, setting


@pytest.fixture(autouse=True)
def _own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "_claims", {})


def test_a_name_taken_twice_is_an_error_that_names_both() -> None:
    claims.claim("block", "recipe", "cooking", by="RecipeBlock")

    both = r"block 'recipe' is declared by plugin 'cooking' \(RecipeBlock\) and by plugin 'kitchen' \(Dish\)"
    with pytest.raises(PluginError, match=both):
        claims.claim("block", "recipe", "kitchen", by="Dish")


def test_a_name_of_the_core_is_taken_too() -> None:
    claims.claim("filter", "section", "")

    with pytest.raises(PluginError, match=r"Ostriv itself and by plugin 'cooking'"):
        claims.claim("filter", "section", "cooking")


def test_the_same_declaration_may_be_read_twice_and_other_kinds_have_names_of_their_own() -> None:
    claims.claim("block", "recipe", "cooking", by="RecipeBlock")
    claims.claim("block", "recipe", "cooking", by="RecipeBlock")
    claims.claim("filter", "recipe", "kitchen")

    assert claims.claims_of("cooking") == {"block": ["recipe"]}
    assert claims.claimed("filter") == {"recipe": "kitchen"}


@dataclass(frozen=True)
class Kitchen:
    seats: int = setting(12, label="Seats", minimum=1)
    open: bool = setting(True, label="Open")
    style: str = setting("home", label="Style", choices=[("home", "Home"), ("grand", "Grand")])
    cook: str = setting("", label="Cook", maximum=10)

    def __post_init__(self) -> None:
        if self.style == "grand" and self.seats < 20:
            raise ValueError("Too small to be grand.")


def test_settings_are_the_defaults_and_what_staff_have_set() -> None:
    assert read(Kitchen, {}) == Kitchen(seats=12, open=True, style="home", cook="")
    assert read(Kitchen, {"seats": 40, "style": "grand"}) == Kitchen(seats=40, open=True, style="grand")


@pytest.mark.parametrize(
    "stored", [{"seats": "40"}, {"seats": True}, {"style": "fast"}, {"gone": 1}, {"open": 0}, {"seats": 0}]
)
def test_what_no_longer_fits_counts_as_not_set(stored: dict[str, object]) -> None:
    assert read(Kitchen, stored) == Kitchen()


def test_a_text_longer_than_it_may_be_now_counts_as_not_set() -> None:
    assert read(Kitchen, {"cook": "Олександра Петрівна"}) == Kitchen()
    assert read(Kitchen, {"cook": "Олександра"}) == Kitchen(cook="Олександра")


def test_what_the_dataclass_refuses_is_noted_and_the_defaults_count(caplog: pytest.LogCaptureFixture) -> None:
    for _time in range(3):
        assert read(Kitchen, {"style": "grand", "seats": 5}) == Kitchen()

    assert [record.getMessage() for record in caplog.records] == ["Fault in stored settings"]
