"""The dictionary forms of words: what is searched for in one form is found in another.

Ukrainian and Russian by pymorphy3 (https://pymorphy2.readthedocs.io/en/stable/user/guide.html), which knows the
dictionaries' words and guesses at others, names above all, by their endings; English by the Snowball stemmer that
PostgreSQL's ``english`` dictionary is too. A dictionary is loaded by the first word that needs it: about 0.3 s and 20
to 30 MB each, in the processes that write publications and in those that answer searches.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from api.search import words

#: Dictionary forms of one word at most; what is written alike may be several words.
MOST = 4
#: Letters of a beginning by which a word is looked for in a text.
SHORT = 5
_APOSTROPHE_AFTER = re.compile("(.*?[бвгджзклмнпрстфхцчшщ])[яюєїе]")
_RUSSIAN, _UKRAINIAN = re.compile("[ыэёъ]"), re.compile("[іїєґ']")
#: Words that say nothing of what a text is about. They are searched for only where nothing else is.
_LITTLE = frozenset(
    """
    а або але б без би бо в від для до е з за зі і із й її його їх коли на над не ні о об од під по при про та так також
    те ти то тому у це цей ця через чи що щоб як яка який які яке я ми ви він вона вони воно є був була було були
    и из к как ко либо ли мы на не но о об от по под при с со то ты тот у что чтобы эта это этот я он она они оно вы
    был была было были для до же за или его ее их если
    a an and are as at be by for from has have he her his in is it its of on or she that the their they this to was we
    were will with you
    """.split()  # noqa: SIM905  (a list of words reads as words)
)


#: English words of the news whose forms no rule of endings makes.
_IRREGULAR = {
    form: word
    for word, forms in {
        "calf": "calves", "child": "children", "foot": "feet", "half": "halves", "knife": "knives", "leaf": "leaves",
        "life": "lives", "loaf": "loaves", "man": "men", "mouse": "mice", "person": "people", "shelf": "shelves",
        "thief": "thieves", "tooth": "teeth", "wife": "wives", "wolf": "wolves", "woman": "women",
        "become": "became", "begin": "began begun", "break": "broke broken", "bring": "brought", "build": "built",
        "buy": "bought", "catch": "caught", "choose": "chose chosen", "fall": "fell fallen", "feel": "felt",
        "fight": "fought", "find": "found", "fly": "flew flown", "freeze": "froze frozen", "give": "gave given",
        "grow": "grew grown", "hide": "hid hidden", "hold": "held", "keep": "kept", "know": "knew known",
        "lead": "led", "leave": "left", "lose": "lost", "make": "made", "meet": "met", "pay": "paid",
        "rise": "rose risen", "run": "ran", "say": "said", "sell": "sold", "send": "sent", "shoot": "shot",
        "sink": "sank sunk", "speak": "spoke spoken", "steal": "stole stolen", "take": "took taken",
        "teach": "taught", "tell": "told", "think": "thought", "win": "won", "write": "wrote written",
    }.items()
    for form in forms.split()
}  # fmt: skip


def is_little(form: str) -> bool:
    """Whether this word only holds others together."""
    return form in _LITTLE


def language_of(word: str, locale: str) -> str:
    """The language of a word in a text of this locale: some letters leave no choice."""
    if words.is_latin(word):
        return "en"
    if not words.is_cyrillic(word):
        return ""
    if _RUSSIAN.search(word):
        return "ru"
    if _UKRAINIAN.search(word):
        return "uk"
    return "ru" if locale == "ru" else "uk"


@lru_cache(100_000)
def analysed(written: str, locale: str) -> tuple[str, tuple[str, ...]]:
    """A word as it is written, in one spelling, and its dictionary forms. It is its own where no dictionary knows.

    The spelling is empty if the word consists of marks alone.
    """
    word = words.spelled(written)
    form = words.folded(word)
    language = language_of(word, locale)
    found = _FINDERS[language](word) if language in _FINDERS else ()
    # A guess may be longer than the word, and have nothing but an apostrophe in it.
    lemmas = dict.fromkeys(words.folded(each)[: words.LONGEST] for each in found)
    return form, tuple(filter(None, lemmas)) or (form,)


@lru_cache(20_000)
def beginnings(lemma: str, locale: str) -> tuple[str, ...]:
    """What the forms of a word begin with, folded: where in a text it can stand at all. Short, and never too long."""
    language = language_of(lemma, locale)
    if language not in ("uk", "ru"):
        return (lemma[: max(3, min(SHORT, len(lemma) - 2))],)
    parses = _analyzer(language).parse(lemma)
    forms = {words.folded(form.word) for parse in parses if parse.normal_form == lemma for form in parse.lexeme}
    groups = groupby(sorted(forms | {lemma}), key=lambda form: form[:2])
    return tuple(dict.fromkeys(_before_apostrophe(_common(list(group)))[:SHORT] for _two, group in groups))


def _common(forms: list[str]) -> str:
    """The longest common beginning of sorted words."""
    first, last = forms[0], forms[-1]
    length = next((place for place, letter in enumerate(first) if last[place : place + 1] != letter), len(first))
    return first[:length]


def _before_apostrophe(beginning: str) -> str:
    """As far as the text may not have an apostrophe that a folded word has lost: ``п'ять``."""
    found = _APOSTROPHE_AFTER.match(beginning)
    return found[1] if found else beginning


@cache
def _analyzer(language: str) -> Any:
    # Imported here: the dictionaries are of no use to most processes, and to no start.
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang=language)


def _dictionary(language: str) -> Callable[[str], Iterable[str]]:
    return lambda word: _analyzer(language).normal_forms(word)[:MOST]


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def _stem(word: str) -> tuple[str, ...]:
    return (str(_stemmer().stemWord(_IRREGULAR.get(word, word))),)


_FINDERS: dict[str, Callable[[str], Iterable[str]]] = {
    "uk": _dictionary("uk"),
    "ru": _dictionary("ru"),
    "en": _stem,
}
