"""The lexemes of an entry, and how they are asked for. One place says how they are written.

A dictionary form stands as it is; ``^`` before one says that it is in the headline or a name, ``=`` before a word
that it is written just so. ``:`` begins what is no word: ``:l:uk``, ``:s:sport``, and the time, ``:t:uk:2026-11``.
Words hold letters and digits only, so nobody can ask for one of these by typing it.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

#: Characters of one lexeme; PostgreSQL takes 2,046 bytes, and a character has up to four.
_LONGEST = 500
#: Bytes of all lexemes of one tsvector; PostgreSQL takes 1,048,575, positions included.
_MOST_BYTES = 900_000
#: The weights of an entry's head that headline and names have, as a tsquery asks for them.
HEADED = ":AC"
#: What needs no quotes: letters that no locale of a database takes for a space.
_WORD = re.compile(r"[\^=]?[a-zа-яєії0-9]+")


def strong(lemma: str) -> str:
    return f"^{lemma}"


def exact(form: str) -> str:
    return f"={form}"


def filed(kind: str, value: str) -> str:
    """A key that pages are filtered by: a section, an author, a tag, a type, a language."""
    return f":{kind}:{value}"[:_LONGEST]


def year(locale: str, number: int) -> str:
    return f":t:{locale}:{number}"


def month(locale: str, year: int, number: int) -> str:
    return f":t:{locale}:{year}-{number:02}"


def day(locale: str, moment: datetime) -> str:
    return f":t:{locale}:{moment:%Y-%m-%d}"


def times(locale: str, moment: datetime) -> tuple[str, str, str]:
    """Year, month and day of a publication, in UTC."""
    moment = moment.astimezone(UTC)
    return year(locale, moment.year), month(locale, moment.year, moment.month), day(locale, moment)


def quoted(lexeme: str) -> str:
    """One lexeme as PostgreSQL reads it in a tsvector or a tsquery."""
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def plain(lexeme: str) -> str:
    """A word's lexeme as PostgreSQL reads it in a tsvector, where it needs no quotes."""
    return lexeme if _WORD.fullmatch(lexeme) else quoted(lexeme)


def vector(lexemes: Iterable[str]) -> str:
    """A tsvector without positions: of the first lexemes, so many of them as it may hold."""
    return " ".join(map(plain, _fitting(lexemes)))


def _fitting(lexemes: Iterable[str]) -> Iterator[str]:
    room = _MOST_BYTES
    for lexeme in lexemes:
        room -= len(lexeme.encode())
        if room < 0:
            return
        yield lexeme


def either(lexemes: Iterable[str], weights: str = "") -> str:
    """A tsquery for any of these, where they have these weights; empty for none."""
    distinct = list(dict.fromkeys(lexemes))
    joined = " | ".join(f"{quoted(each)}{weights}" for each in distinct)
    return f"({joined})" if len(distinct) > 1 else joined


def every(queries: Iterable[str]) -> str:
    """A tsquery for all of these; those that ask for nothing are left out."""
    return " & ".join(query for query in queries if query)


def array(values: Iterable[str]) -> str:
    """An array as PostgreSQL reads it: of tsqueries, times or names."""
    quoted_values = (each.replace("\\", "\\\\").replace('"', '\\"') for each in values)
    return "{" + ",".join(f'"{each}"' for each in quoted_values) + "}"
