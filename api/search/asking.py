"""From the parameters of a request to what is looked for: the words, mended and completed, and the filters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from api import parameters
from api.answers.filtering import known_types
from api.search import lexemes, words
from api.search.morphology import analysed
from api.search.question import Term, terms_of
from api.search.vocabulary import Asked, look_up, mended


@dataclass(frozen=True)
class Correction:
    """The question as it was probably meant. ``applied``: pages that have the corrected words are among the results."""

    query: str
    applied: bool


@dataclass(frozen=True)
class Understood:
    """The words of a question with all that they may mean, and how much its languages published when, as JSON."""

    terms: list[Term]
    correction: Correction | None
    completions: list[str]
    spans: tuple[str, ...]


def understood(text: str, locales: Sequence[str], *, last_is_begun: bool = False) -> Understood:
    """Look the words of a question up. One statement."""
    terms = terms_of(text, locales)
    if last_is_begun and terms and text[-1:].isalnum():
        terms[-1] = replace(terms[-1], is_begun=True)
    asked = [_asked(each) for each in terms]
    known, spans = look_up(asked, locales)
    corrected, applied = text, False
    for place, (term, ask, found) in enumerate(zip(terms, asked, known, strict=True)):
        if term.is_begun:
            terms[place] = replace(term, also=_lemmas(found.completions, locales))
            continue
        if meant := mended(ask, found):
            corrected = _replaced(corrected, term.written, meant)
            if not found.is_known:
                applied = True
                terms[place] = replace(term, also=_lemmas([meant], locales))
    correction = Correction(corrected, applied) if corrected != text else None
    completions = known[-1].completions if last_is_begun and known else []
    return Understood(terms, correction, completions, tuple(spans))


def _asked(term: Term) -> Asked:
    mendable = not (term.is_exact or term.is_excluded or term.is_begun or words.is_numbered(term.form))
    return Asked(term.form, (term.form, *term.lemmas), term.is_begun, mendable)


def _lemmas(forms: Sequence[str], locales: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lemma for form in forms for locale in locales for lemma in analysed(form, locale)[1]))


def _replaced(text: str, written: str, meant: str) -> str:
    """The question with another word in the place of this one; a capital stays one."""
    meant = meant.capitalize() if written[:1].isupper() and not written.isupper() else meant
    return text.replace(written, meant, 1)


# --- filters ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """What narrows a search: tsqueries, and the times between which pages are published."""

    locales: list[str]
    queries: list[str]
    unlisted: bool
    after: datetime | None
    before: datetime | None


def filters_of(query: QueryDict) -> Filters:
    """The filters that a query names. Raises ValidationError."""
    types = known_types(query, "type")
    locales = parameters.locales(query) or [parameters.DEFAULT_LOCALE]
    named = {"k": types, **{kind: parameters.words(query, name) for kind, name in _NAMES.items()}}
    return Filters(
        locales=locales,
        queries=[
            lexemes.either(lexemes.filed(kind, each) for each in values) for kind, values in named.items() if values
        ],
        unlisted=bool(types),
        after=parameters.moment(query, "published_after"),
        before=parameters.moment(query, "published_before"),
    )


_NAMES = {"s": "section", "a": "author", "g": "tag"}


def text_of(query: QueryDict) -> str:
    """The question itself. Raises ValidationError."""
    if not (text := parameters.text(query, "q")):
        raise ValidationError({"q": "Say what to look for: q=word."})
    return text
