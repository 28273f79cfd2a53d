"""Marks what was found in the texts that are shown: HTML in which everything but ``<mark>`` is escaped."""

from collections.abc import Sequence
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


class Texts(NamedTuple):
    """What is shown of one result, and what a piece of it is taken from."""

    headline: str
    lede: str
    body: str


class Highlights(NamedTuple):
    """Headline and lede with what was found in them; the piece of the body that answers most, None if none does."""

    headline: str
    lede: str
    body: str | None


#: A word that was found: from where to where, and which words of the question it answers, a bit for each.
Mark = tuple[int, int, int]


def highlighted(terms: Sequence[Term], every: Sequence[Texts], locale: str) -> list[Highlights]:
    """The words of a question marked in these texts, which are all in one language."""
    pieces = [text for texts in every for text in (texts.headline, texts.lede, texts.body[:LOOKED_INTO])]
    marks = iter(_Reader([each for each in terms if not each.is_excluded], locale).marks_of(pieces))
    return [
        Highlights(_marked(texts.headline, next(marks)), _marked(texts.lede, next(marks)), _piece(texts, next(marks)))
        for texts in every
    ]


class _Reader:
    """Finds the words of a question in texts of one language."""

    def __init__(self, terms: Sequence[Term], locale: str) -> None:
        self._locale = locale
        self._forms: dict[str, int] = {}
        self._lemmas: dict[str, int] = {}
        for place, term in enumerate(terms):
            self._forms[term.form] = self._forms.get(term.form, 0) | 1 << place
            for lemma in () if term.is_exact else term.every_lemma:
                self._lemmas[lemma] = self._lemmas.get(lemma, 0) | 1 << place
        self._is_numbered = any(words.is_numbered(form) for form in self._forms)
        self._beginnings = {beginning for term in terms for beginning in _beginnings_of(term, locale)}
        self._answers: dict[str, int] = {}

    def marks_of(self, texts: Sequence[str]) -> list[list[Mark]]:
        """Of each of these texts the words that answer the question, in their order."""
        # All at once: to look for something in one long text takes far less than in many short ones. No word goes on
        # behind the end of a line.
        joined = "\n".join(texts)
        found: list[list[Mark]] = []
        begin, end = 0, -1
        for place in sorted(self._places(_lowered(joined))):
            while place > end:
                begin, end = end + 1, end + 1 + len(texts[len(found)])
                found.append([])
            if mark := self._mark(joined, place):
                found[-1].append((mark[0] - begin, mark[1] - begin, mark[2]))
        return found + [[] for _text in texts[len(found) :]]

    def _mark(self, text: str, place: int) -> Mark | None:
        """The word that begins here, if it answers one of the question's."""
        if (word := words.at(text, place)) is None:
            return None
        written = word[0]
        answers = self._answers.get(written)
        if answers is None:
            answers = self._answers[written] = self._answered_by(written)
        if answers:
            return place, place + len(written), answers
        return self._joined_mark(text, place) if self._is_numbered else None

    def _places(self, lowered: str) -> set[int]:
        """Where something stands that may be a form of one of the words."""
        found = set()
        for beginning in self._beginnings:
            place = lowered.find(beginning)
            while place != -1:
                if place == 0 or not lowered[place - 1].isalnum():
                    found.add(place)
                place = lowered.find(beginning, place + 1)
        return found

    def _answered_by(self, written: str) -> int:
        form, lemmas = analysed(written, self._locale)
        answers = self._forms.get(form, 0)
        for lemma in lemmas:
            answers |= self._lemmas.get(lemma, 0)
        return answers

    def _joined_mark(self, text: str, place: int) -> Mark | None:
        """``F-16`` where ``f16`` is asked for."""
        compound = next(words.compounds_in(text[place : place + words.LONGEST]), None)
        if compound is None or compound.start() != 0:
            return None
        form = words.folded(words.spelled(words.without_hyphens(compound[0])))
        answers = self._forms.get(form, 0) if words.is_numbered(form) else 0
        return (place, place + len(compound[0]), answers) if answers else None


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
        lowered = text.replace("İ", "I").lower()  # the only letter that becomes two
    return lowered.replace("ґ", "г").replace("ё", "е")


def _piece(texts: Texts, marks: Sequence[Mark]) -> str | None:
    """The piece of this body that answers most of the question."""
    if not marks:
        return None
    text = texts.body[:LOOKED_INTO]
    begin = _word_before(text, max(0, _best(marks[:_MOST_PLACES]) - _BEFORE))
    end = _word_after(text, min(len(text), begin + SHOWN))
    shown = [(b - begin, e - begin, answers) for b, e, answers in marks if begin <= b and e <= end]
    piece = " ".join(_marked(text[begin:end], shown).split())
    return f"{'… ' if begin else ''}{piece}{' …' if end < len(text) else ''}"


def _best(marks: Sequence[Mark]) -> int:
    """Where the first of those stands behind which, as far as a piece goes, most of the question is answered."""
    every = 0
    for _begin, _end, answers in marks:
        every |= answers
    best, most = 0, 0
    for number, (first, _end, _answers) in enumerate(marks):
        near = 0
        for begin, _end, answers in marks[number:]:
            if begin >= first + SHOWN - _BEFORE or near == every:
                break
            near |= answers
        if near.bit_count() > most:
            best, most = first, near.bit_count()
        if near == every:
            break
    return best


def _marked(text: str, marks: Sequence[Mark]) -> str:
    if not marks:
        return escape(text)
    parts = []
    behind = 0
    for begin, end, _answers in marks:
        if begin < behind:
            continue  # within the one before it
        parts.append(f"{escape(text[behind:begin])}<mark>{escape(text[begin:end])}</mark>")
        behind = end
    parts.append(escape(text[behind:]))
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
