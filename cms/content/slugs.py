"""Slugs: the part of a page's address made of its headline.

Ukrainian follows resolution 55 of the Cabinet of Ministers of 27 January 2010
(https://zakon.rada.gov.ua/laws/show/55-2010-п): ``проєкт`` is ``proiekt``, ``Єгор`` is ``yehor``. Russian follows
BGN/PCGN 1947 without its apostrophes, with ``е`` and ``ё`` always ``e``: print leaves the dots of ``ё`` out as often
as not, and one word should have one address. Other scripts lose their accents (NFKD); what then still is not a Latin
letter or a digit separates words.

The admin's slug field does the same in the browser, with these very tables: ``slug_hooks`` hands them to
``static/content/slugs.js``, and the browser tests compare the two case by case.
"""

import unicodedata
from collections.abc import Callable

MAX_LENGTH = 80
FALLBACK = "page"

# Written inside words in Ukrainian (and O'Brien), or as accents: dropped, and no boundary between words.
APOSTROPHES = "'’ʼ‘‛`´ʹ′＇"

_COMMON = {
    "а": "a", "б": "b", "в": "v", "д": "d", "е": "e", "ж": "zh", "з": "z", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ъ": "", "ы": "y", "э": "e", "і": "i", "ґ": "g", "ў": "u",
}  # fmt: skip

# letters: everywhere; initial: at the beginning of a word; pairs: two letters that have one spelling together.
TABLES: dict[str, dict[str, dict[str, str]]] = {
    "uk": {
        "letters": {
            **_COMMON,
            "г": "h",
            "и": "y",
            "є": "ie",
            "ї": "i",
            "й": "i",
            "ю": "iu",
            "я": "ia",
            "ё": "io",
        },
        "initial": {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya", "ё": "yo"},
        "pairs": {"зг": "zgh"},
    },
    "ru": {
        "letters": {
            **_COMMON,
            "г": "g",
            "и": "i",
            "є": "ye",
            "ї": "yi",
            "й": "y",
            "ю": "yu",
            "я": "ya",
            "ё": "e",
        },
        "initial": {},
        "pairs": {},
    },
}

# Letters that NFKD does not take apart.
LATIN = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h",
    "ŋ": "ng", "ſ": "s", "ə": "e",
}  # fmt: skip

# Letters that Russian has and Ukrainian has not: they choose the table for text in a third language's page.
ONLY_RUSSIAN = "ёъыэ"


def slugify(text: str, locale: str = "uk", *, max_length: int = MAX_LENGTH, fallback: str = FALLBACK) -> str:
    """The slug of ``text`` as it is written in ``locale`` (a language code such as ``uk`` or ``en-gb``).

    Only ``a-z``, ``0-9`` and single hyphens, at most ``max_length`` characters cut between words where that is
    possible, and never empty: ``fallback`` stands in for text without any letter or digit that can be written so.
    """
    romanised = _romanise(unicodedata.normalize("NFC", text).lower(), locale)
    slug = "-".join(part for part in romanised.split("-") if part)
    return _cut(slug, max_length) or fallback


def unique_slug(slug: str, is_taken: Callable[[str], bool]) -> str:
    """``slug``, or the first of ``slug-2``, ``slug-3``, ... that is not taken."""
    candidate, number = slug, 1
    while is_taken(candidate):
        number += 1
        candidate = f"{slug}-{number}"
    return candidate


def _table(text: str, locale: str) -> dict[str, dict[str, str]]:
    language = locale.lower().split("-")[0]
    if language not in TABLES:
        language = "ru" if any(letter in ONLY_RUSSIAN for letter in text) else "uk"
    return TABLES[language]


def _romanise(text: str, locale: str) -> str:
    table = _table(text, locale)
    letters, initial, pairs = table["letters"], table["initial"], table["pairs"]
    written = ""
    position = 0
    while position < len(text):
        pair = pairs.get(text[position : position + 2])
        if pair is not None:
            written += pair
            position += 2
            continue
        character = text[position]
        position += 1
        if character in APOSTROPHES:
            continue
        at_start = not written or written.endswith("-")
        if at_start and character in initial:
            written += initial[character]
        elif character in letters:
            written += letters[character]
        else:
            written += _latin(character, letters)
    return written


def _latin(character: str, letters: dict[str, str]) -> str:
    if ("a" <= character <= "z") or ("0" <= character <= "9"):
        return character
    written = ""
    for part in unicodedata.normalize("NFKD", character).lower():
        if ("a" <= part <= "z") or ("0" <= part <= "9"):
            written += part
        elif part in LATIN or part in letters:
            written += LATIN.get(part) or letters.get(part, "")
        elif not unicodedata.category(part).startswith("M"):
            written += "-"
    return written


def _cut(slug: str, max_length: int) -> str:
    if len(slug) <= max_length:
        return slug
    # One character more than fits: a hyphen there means that the last word fits whole.
    boundary = slug.rfind("-", 0, max_length + 1)
    return slug[:boundary] if boundary > 0 else slug[:max_length]
