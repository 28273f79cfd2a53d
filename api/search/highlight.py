"""Marks what was found in the texts that are shown: HTML in which everything but ``<mark>`` is escaped."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from api.search import words
from api.search.morphology import analysed, beginnings
from api.search.question import Term

#: Characters of a body that are looked into, and of the piece of it that is shown.
LOOKED_INTO = 10_000
SHOWN = 240
_BEFORE = 60
#: Places of a body that the piece is chosen from.
_MOST_PLACES = 40


class Mark(NamedTuple):
    """A word that was found: from where to where, and which words of the question it answers."""

    begin: int
    end: int
    answers: frozenset[int]


class Highlighter:
    """Marks the words of one question."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = [each for each in terms if not each.is_excluded]
        self._readers: dict[str, _Reader] = {}

    def whole(self, text: str, locale: str) -> str:
        """All of this text."""
        return _marked(text, self._reader(locale).marks(text))

    def piece(self, text: str, locale: str) -> str | None:
        """The piece of this text that answers most of the question; None if none of it does."""
        marks = self._reader(locale).marks(text[:LOOKED_INTO])
        if not marks:
            return None
        best = max(marks[:_MOST_PLACES], key=lambda mark: (_answered_near(marks, mark), -mark.begin))
        begin = _word_before(text, max(0, best.begin - _BEFORE))
        end = _word_after(text, min(len(text), begin + SHOWN))
        shown = [Mark(b - begin, e - begin, answers) for b, e, answers in marks if begin <= b and e <= end]
        piece = " ".join(_marked(text[begin:end], shown).split())
        return f"{'… ' if begin else ''}{piece}{' …' if end < len(text) else ''}"

    def _reader(self, locale: str) -> "_Reader":
        if locale not in self._readers:
            self._readers[locale] = _Reader(self._terms, locale)
        return self._readers[locale]


class _Reader:
    """Finds the words of a question in texts of one language."""

    def __init__(self, terms: Sequence[Term], locale: str) -> None:
        self._locale = locale
        self._forms = [each.form for each in terms]
        self._lemmas = [frozenset(() if each.is_exact else each.every_lemma) for each in terms]
        self._numbered = [number for number, form in enumerate(self._forms) if words.is_numbered(form)]
        self._beginnings = sorted({beginning for term in terms for beginning in _beginnings_of(term, locale)})
        self._answers: dict[str, frozenset[int]] = {}

    def marks(self, text: str) -> list[Mark]:
        """The words of this text that answer the question, in their order."""
        lowered = _lowered(text)
        found: dict[int, Mark] = {}
        for beginning in self._beginnings:
            place = lowered.find(beginning)
            while place != -1:
                begins_a_word = place == 0 or not lowered[place - 1].isalnum()
                if begins_a_word and place not in found and (mark := self._mark(text, place)):
                    found[place] = mark
                place = lowered.find(beginning, place + 1)
        return [found[place] for place in sorted(found)]

    def _mark(self, text: str, place: int) -> Mark | None:
        """The word that begins here, if it answers one of the question's."""
        if (word := words.at(text, place)) is None:
            return None
        written = word[0]
        answers = self._answers.get(written)
        if answers is None:
            answers = self._answers[written] = self._answered_by(written)
        if answers:
            return Mark(place, place + len(written), answers)
        return self._joined_mark(text, place) if self._numbered else None

    def _answered_by(self, written: str) -> frozenset[int]:
        form, lemmas = analysed(written, self._locale)
        asked = zip(self._forms, self._lemmas, strict=True)
        return frozenset(
            number for number, (one, every) in enumerate(asked) if form == one or not every.isdisjoint(lemmas)
        )

    def _joined_mark(self, text: str, place: int) -> Mark | None:
        """``F-16`` where ``f16`` is asked for."""
        compound = next(words.compounds_in(text[place : place + words.LONGEST]), None)
        if compound is None or compound.start() != 0:
            return None
        form = words.folded(words.spelled(words.without_hyphens(compound[0])))
        answers = frozenset(number for number in self._numbered if form == self._forms[number])
        return Mark(place, place + len(compound[0]), answers) if answers else None


def _answered_near(marks: Sequence[Mark], first: Mark) -> int:
    """How many words of the question are answered in the piece that begins before this place."""
    end = first.begin + SHOWN - _BEFORE
    near = (each.answers for each in marks[:_MOST_PLACES] if first.begin <= each.begin < end)
    return len(frozenset().union(*near))


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
