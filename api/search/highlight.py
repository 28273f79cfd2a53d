"""Marks what was found in the texts that are shown: HTML in which everything but ``<mark>`` is escaped."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from api.search import words
from api.search.morphology import analysed, beginnings
from api.search.question import Term

#: Characters of a body that are looked into, and of the piece of it that is shown.
LOOKED_INTO = 10_000
SHOWN = 240
_BEFORE = 60


@dataclass(frozen=True, slots=True)
class Mark:
    """A word that was found: from where to where."""

    begin: int
    end: int


class Highlighter:
    """Marks the words of one question."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = [each for each in terms if not each.is_excluded]
        self._lemmas = [frozenset(() if each.is_exact else each.every_lemma) for each in self._terms]
        self._numbered = [words.is_numbered(each.form) for each in self._terms]
        self._starts: dict[str, dict[str, list[int]]] = {}

    def whole(self, text: str, locale: str) -> str:
        """All of this text."""
        return _marked(text, self._marks(text, locale))

    def piece(self, text: str, locale: str) -> str | None:
        """The piece of this text that answers most of the question; None if none of it does."""
        lowered = _lowered(text[:LOOKED_INTO])
        each = (self._first(text, lowered, number, locale) for number in range(len(self._terms)))
        firsts = [mark for mark in each if mark]
        if not firsts:
            return None
        best = max(firsts, key=lambda mark: (_near(firsts, mark), -mark.begin))
        begin = _word_before(text, max(0, best.begin - _BEFORE))
        end = _word_after(text, min(len(text), begin + SHOWN))
        piece = " ".join(_marked(text[begin:end], self._marks(text[begin:end], locale)).split())
        return f"{'… ' if begin else ''}{piece}{' …' if end < len(text) else ''}"

    def _beginnings(self, locale: str) -> dict[str, list[int]]:
        """With what a word may begin that answers which words of the question."""
        if locale not in self._starts:
            found: dict[str, list[int]] = {}
            for number, term in enumerate(self._terms):
                for beginning in _beginnings_of(term, locale):
                    found.setdefault(beginning, []).append(number)
            self._starts[locale] = found
        return self._starts[locale]

    def _first(self, text: str, lowered: str, number: int, locale: str) -> Mark | None:
        """The first place of a text that answers this word of the question."""
        found: Mark | None = None
        for beginning, numbers in self._beginnings(locale).items():
            if number not in numbers:
                continue
            for place in _word_starts(lowered, beginning, found.begin if found else len(lowered)):
                if mark := self._mark(text, place, (number,), locale):
                    found = mark
                    break
        return found

    def _marks(self, text: str, locale: str) -> list[Mark]:
        lowered = _lowered(text)
        found: dict[int, Mark] = {}
        for beginning, numbers in self._beginnings(locale).items():
            for place in _word_starts(lowered, beginning, len(lowered)):
                if place not in found and (mark := self._mark(text, place, numbers, locale)):
                    found[place] = mark
        return [found[place] for place in sorted(found)]

    def _mark(self, text: str, place: int, numbers: Iterable[int], locale: str) -> Mark | None:
        """The word that begins here, if it answers one of these words of the question."""
        if (word := words.at(text, place)) is None:
            return None
        form, lemmas = analysed(word[0], locale)
        for number in numbers:
            term = self._terms[number]
            if form == term.form or not self._lemmas[number].isdisjoint(lemmas):
                return Mark(place, word.end())
            joined = _joined(text, place) if self._numbered[number] else ""
            if joined and words.folded(words.spelled(words.without_hyphens(joined))) == term.form:
                return Mark(place, place + len(joined))
        return None


def _near(marks: Sequence[Mark], first: Mark) -> int:
    """How many of these stand in the piece that begins before this one."""
    return sum(first.begin <= each.begin < first.begin + SHOWN - _BEFORE for each in marks)


def _joined(text: str, place: int) -> str:
    compound = next(words.compounds_in(text[place : place + words.LONGEST]), None)
    return compound[0] if compound and compound.start() == 0 else ""


def _beginnings_of(term: Term, locale: str) -> set[str]:
    if term.is_exact:
        return {term.form[:1]}
    found = {beginning for lemma in term.every_lemma for beginning in beginnings(lemma, locale)}
    if words.is_numbered(term.form):
        found.add(term.form[:1])
    return {each for each in found if each}


def _lowered(text: str) -> str:
    """In small letters and folded, every letter at its place."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    return lowered.replace("ґ", "г").replace("ё", "е")


def _word_starts(text: str, beginning: str, end: int) -> Iterator[int]:
    place = text.find(beginning, 0, end)
    while place != -1:
        if place == 0 or not text[place - 1].isalnum():
            yield place
        place = text.find(beginning, place + 1, end)


def _marked(text: str, marks: Iterable[Mark]) -> str:
    parts = []
    begin = 0
    for mark in marks:
        if mark.begin < begin:
            continue  # within the one before it
        parts.append(f"{escape(text[begin : mark.begin])}<mark>{escape(text[mark.begin : mark.end])}</mark>")
        begin = mark.end
    parts.append(escape(text[begin:]))
    return "".join(parts)


def _word_before(text: str, place: int) -> int:
    """Where to begin, so that no word is cut."""
    if place == 0:
        return 0
    space = text.find(" ", place, place + _BEFORE)
    return space + 1 if space != -1 else place


def _word_after(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", place - _BEFORE, place)
    return space if space != -1 else place
