"""What somebody asks for: their words made into what the index knows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from api.search import lexemes, words
from api.search.morphology import analysed, is_little

#: Words of a question that count; what comes after them is left out.
MOST_TERMS = 16
_CHUNK = re.compile(r'"([^"]*)"?|\S+')
_QUOTES = str.maketrans("“”„‟", '""""')
_EXCLUDES = re.compile(r"[-−](?=\w)")


@dataclass(frozen=True)
class Term:
    """One word of a question: as it was typed, in one spelling, and its dictionary forms.

    ``is_exact`` (it stood in quotes) means this form only; ``is_excluded`` (a minus before it) means pages without it;
    ``is_begun`` (a star behind it) means all words that begin so, and ``also`` what else it may mean.
    """

    written: str
    form: str
    lemmas: tuple[str, ...]
    is_exact: bool = False
    is_excluded: bool = False
    is_begun: bool = False
    also: tuple[str, ...] = ()

    @property
    def every_lemma(self) -> tuple[str, ...]:
        return (*self.lemmas, *self.also)


def terms_of(text: str, locales: Sequence[str]) -> list[Term]:
    """The words that a question consists of. What only holds words together is left out if there are others."""
    found: dict[tuple[str, bool, bool], Term] = {}
    for chunk in _CHUNK.finditer(text.translate(_QUOTES)):
        is_exact = chunk[1] is not None
        is_excluded = not is_exact and bool(_EXCLUDES.match(chunk[0]))
        is_begun = not is_exact and not is_excluded and chunk[0].endswith("*")
        for word in _words_of(chunk[1] if is_exact else chunk[0]):
            term = _term(word, locales, is_exact=is_exact, is_excluded=is_excluded)
            if term.form:
                found.setdefault((term.form, is_exact, is_excluded), term)
        if is_begun and found:
            last = list(found)[-1]
            found[last] = replace(found[last], is_begun=True)
    terms = list(found.values())
    return ([each for each in terms if each.is_exact or not is_little(each.form)] or terms)[:MOST_TERMS]


def _words_of(text: str) -> Iterable[str]:
    for compound in words.compounds_in(text):
        if words.is_numbered(compound[0]):
            yield words.without_hyphens(compound[0])
        else:
            yield from words.found_in(compound[0])


def _term(word: str, locales: Sequence[str], *, is_exact: bool, is_excluded: bool) -> Term:
    every = [analysed(word, locale) for locale in locales]
    lemmas = dict.fromkeys(lemma for _form, found in every for lemma in found)
    return Term(word, every[0][0], tuple(lemmas), is_exact=is_exact, is_excluded=is_excluded)


@dataclass(frozen=True)
class Queries:
    """The tsqueries of one question. Empty ones ask for nothing.

    ``every``: all words are somewhere in the page; ``strong``: in its headline or names. ``nearly``: all words but one.
    ``headed``: by its head, a page that is in ``every`` is in ``strong`` too. ``any``: what ranks are made by.
    """

    every: str
    strong: str
    headed: str
    nearly: str
    any: str


def queries_of(terms: Sequence[Term], filters: Sequence[str]) -> Queries:
    """What to ask the index. ``filters`` are tsqueries that hold besides."""
    wanted = [each for each in terms if not each.is_excluded]
    if not wanted:
        return Queries("", "", "", "", "")
    besides = [*filters, *(f"!{_grouped(each)}" for each in terms if each.is_excluded)]
    return Queries(
        every=lexemes.every([*map(_grouped, wanted), *besides]),
        strong=lexemes.every([*map(_strong, wanted), *besides]),
        headed=lexemes.every(lexemes.either(each.every_lemma, lexemes.HEADED) for each in wanted),
        nearly=lexemes.every([_all_but_one(wanted), *besides]) if len(wanted) > 1 else "",
        any=lexemes.either(lexeme for each in wanted for lexeme in (lexemes.exact(each.form), *each.every_lemma)),
    )


def _grouped(term: Term) -> str:
    return lexemes.quoted(lexemes.exact(term.form)) if term.is_exact else lexemes.either(term.every_lemma)


def _strong(term: Term) -> str:
    strong = lexemes.either(map(lexemes.strong, term.every_lemma))
    return f"{_grouped(term)} & {strong}" if term.is_exact else strong


def _all_but_one(terms: Sequence[Term]) -> str:
    """Each choice of words with one left out; of many words only the last few are ever left out."""
    choices = []
    for left_out in range(len(terms))[-4:]:
        rest = [*terms[:left_out], *terms[left_out + 1 :]]
        choices.append(f"({lexemes.every(map(_grouped, rest))})")
    return f"({' | '.join(choices)})"
