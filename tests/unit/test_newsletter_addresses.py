"""Addresses, tokens and texts."""

from datetime import timedelta
from string import Formatter

import pytest
from django.utils import timezone

from cms.newsletters import tokens
from cms.newsletters.addresses import InvalidAddress, masked, normalise_address
from cms.newsletters.texts import LANGUAGES, texts


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("reader@example.org", "reader@example.org"),
        ("  Reader@Example.ORG ", "Reader@example.org"),
        ("a.b+tag@sub.example.org", "a.b+tag@sub.example.org"),
        ("reader@пошта.укр", "reader@xn--80a1acn3a.xn--j1amh"),
        ("reader@example.org.", "reader@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        (f"{'x' * 64}@example.org", f"{'x' * 64}@example.org"),
    ],
)
def test_an_address_has_one_spelling(typed: str, kept: str) -> None:
    assert normalise_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "@", "reader", "reader@", "@example.org", "reader@@example.org", "reader@localhost",
        "reader@example", "reader@exa mple.org", "rea der@example.org", "reader@example.org\r\nBcc: a@example.org",
        "reader@exam\nple.org", "reader\u200b@example.org", "reader\x00@example.org", "читач@example.org",
        "a@b.org,c@d.org", "<a@b.org>", f"{'x' * 65}@example.org",
        f"x@{'y' * 60}.{'y' * 60}.{'y' * 60}.{'y' * 60}.{'y' * 60}.org", "a@-b.org", "a@b..org", f"a@{'y' * 64}.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(InvalidAddress, match=r"\.$|\w"):
        normalise_address(typed)


def test_a_masked_address_shows_no_name() -> None:
    assert masked("olena@example.org") == "o•••@example.org"


def test_tokens_carry_their_ids_and_nothing_else_opens_them() -> None:
    assert tokens.read_confirmation_token(tokens.confirmation_token(7)) == 7
    assert tokens.read_unsubscribe_token(tokens.unsubscribe_token(7, 9)) == tokens.Ending(7, 9)
    forged = tokens.unsubscribe_token(7, 9).replace("7.9", "8.9")
    for read in (tokens.read_confirmation_token, tokens.read_unsubscribe_token):
        for bad in ("", "x", "7~x", forged, "~~~", "7.9"):
            with pytest.raises(tokens.BadToken):
                read(bad)
    with pytest.raises(tokens.BadToken):
        tokens.read_unsubscribe_token(tokens.confirmation_token(7))
    with pytest.raises(tokens.BadToken):
        tokens.read_confirmation_token(tokens.unsubscribe_token(7))


def test_a_confirmation_token_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    token = tokens.confirmation_token(7)
    later = (timezone.now() + timedelta(days=8)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    with pytest.raises(tokens.ExpiredToken):
        tokens.read_confirmation_token(token)


def test_every_language_has_every_text_with_the_same_blanks() -> None:
    def blanks(words: dict[str, str]) -> dict[str, set[str | None]]:
        return {
            key: {name for _text, name, _spec, _conv in Formatter().parse(text) if name} for key, text in words.items()
        }

    reference = blanks(vars(texts("uk")))
    assert set(LANGUAGES) == {"uk", "ru", "en"}
    for language in LANGUAGES:
        assert blanks(vars(texts(language))) == reference
        assert all(vars(texts(language)).values())
    assert texts("fr").unsubscribe == texts("uk").unsubscribe
