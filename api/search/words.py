"""Takes text apart into words, and gives each one spelling: the one under which it is found.

What people write in several ways and mean the same by is made one: capitals, the signs of the apostrophe (and none),
``ґ`` and ``ё``, stress marks, soft hyphens, and Latin letters in a Cyrillic word that only look like its own.
"""

import re
import unicodedata
from collections.abc import Iterator

#: Characters of a word that are kept: longer ones are no words, and lexemes have a limit.
LONGEST = 60
_APOSTROPHES = "'’ʼ‘`´ʹ′＇"
_HYPHENS = "-‐‑‒–"
# Marks that stand within a word and are not of it: combining ones, the soft hyphen, zero-width ones.
_LETTER = "(?:[^\\W_]|[\u0300-\u036f\u00ad\u200b-\u200d\u2060])"
_WORD = re.compile(f"{_LETTER}+(?:[{_APOSTROPHES}]{_LETTER}+)*")
_COMPOUND = re.compile(f"{_WORD.pattern}(?:[{_HYPHENS}]{_WORD.pattern})*")
_PLAIN = re.compile(r"[a-zа-яєіїґ0-9]+")
_MARKS = re.compile("[\u0300-\u0305\u0307\u0309-\u036f\u00ad\u200b-\u200d\u2060]")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_HYPHEN = re.compile(f"[{_HYPHENS}]")
_DIGIT = re.compile(r"\d")
_LATIN, _CYRILLIC = re.compile("[a-z]"), re.compile("[\u0400-\u04ff]")
# Letters that look alike on both keyboards.
_TO_CYRILLIC = str.maketrans("aceiopxykmtbh", "асеіорхукмтвн")
_TO_LATIN = str.maketrans("асеіорхукмтвн", "aceiopxykmtbh")
_FOLDED = str.maketrans({"ґ": "г", "ё": "е", "'": None})
# Russian letters as Ukrainian ones, and what is silent or easily confused: for finding what is mistyped.
_SKELETON = str.maketrans(
    {"ы": "и", "і": "и", "ї": "и", "й": "и", "э": "е", "є": "е", "ё": "е", "ґ": "г", "ь": None, "ъ": None, "'": None}
)
_QWERTY = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_KEYBOARDS = {
    "uk": str.maketrans(_QWERTY, "'йцукенгшщзхїфівапролджєячсмитьбю"),
    "ru": str.maketrans(_QWERTY, "ёйцукенгшщзхъфывапролджэячсмитьбю"),
}


def found_in(text: str) -> list[str]:
    """The words of a text as they are written there; parts of a hyphenated word are words."""
    return _WORD.findall(text)


def compounds_in(text: str) -> Iterator[re.Match[str]]:
    """The words of a text with their places; a hyphenated one is one word."""
    return _COMPOUND.finditer(text)


def at(text: str, place: int) -> re.Match[str] | None:
    """The word that begins at this place."""
    return _WORD.match(text, place)


def joined_numbers(text: str) -> list[str]:
    """What is written with and without a hyphen, without it: ``F-16`` is also ``f16``."""
    if not _HYPHEN.search(text):
        return []
    return [
        spelled(_HYPHEN.sub("", match[0]))
        for match in _COMPOUND.finditer(text)
        if _HYPHEN.search(match[0]) and is_numbered(match[0])
    ]


def without_hyphens(word: str) -> str:
    return _HYPHEN.sub("", word)


def is_numbered(word: str) -> bool:
    """Whether there is a digit in it."""
    return bool(_DIGIT.search(word))


def spelled(word: str) -> str:
    """The word as dictionaries have it: small letters, one kind of apostrophe, one alphabet."""
    word = word.lower()
    if not _PLAIN.fullmatch(word):
        word = _MARKS.sub("", unicodedata.normalize("NFKD", word))
        word = _APOSTROPHE.sub("'", unicodedata.normalize("NFC", word))
    if _LATIN.search(word) and _CYRILLIC.search(word):
        word = _in_one_alphabet(word)
    return word[:LONGEST]


def folded(word: str) -> str:
    """A spelled word as the index has it: what people leave out or replace is left out or replaced."""
    return word.translate(_FOLDED)


def skeleton(word: str) -> str:
    """A spelled word as it sounds, roughly, in Ukrainian and Russian alike: two that differ little may be one."""
    return word.translate(_SKELETON)


def typed_on(word: str, language: str) -> str:
    """What the keys of this word write on the keyboard of another language; nothing if that has none of its own."""
    table = _KEYBOARDS.get(language)
    return word.lower().translate(table) if table else ""


def is_latin(word: str) -> bool:
    return bool(_LATIN.search(word)) and not _CYRILLIC.search(word)


def is_cyrillic(word: str) -> bool:
    return bool(_CYRILLIC.search(word))


def _in_one_alphabet(word: str) -> str:
    """A word in two alphabets as one in the alphabet of most of its letters, if all the others look alike in it."""
    for table, foreign in ((_TO_CYRILLIC, _LATIN), (_TO_LATIN, _CYRILLIC)):
        changed = word.translate(table)
        if not foreign.search(changed) and len(foreign.findall(word)) <= len(word) / 2:
            return changed
    return word
