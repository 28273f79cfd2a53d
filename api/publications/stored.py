"""Publications as they are stored, each with what is public of all that it refers to: one statement, however much."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from api.publications.database import fetch
from api.publications.front import FRONT
from api.publications.visibility import VISIBLE, hidden_types

#: The newsroom's languages, its own first: in this order a slug is looked for where no language is asked for.
LOCALES = [settings.LANGUAGE_CODE, *(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]


@dataclass(frozen=True, slots=True)
class Translation:
    """The same content in another language; ``teaser`` is JSON text."""

    locale: str
    path: str
    teaser: str


@dataclass(frozen=True, slots=True)
class Stored:
    """One publication. ``detail`` is JSON text with references in it, ``referenced`` the public teasers of those.

    ``columns`` are what was asked for beside them.
    """

    page_id: int
    locale: str
    slug: str
    translation_key: UUID
    references: Sequence[int]
    detail: str
    referenced: dict[int, str]
    translations: list[Translation]
    columns: tuple[Any, ...]


#: What is public of the pages that ``p`` refers to.
_REFERENCED = f"""
        SELECT array_agg(ARRAY[r.page_id::text, r.teaser]) FROM api_publication r
        WHERE r.page_id = ANY(p."references") AND {VISIBLE.format("r")} AND r.type <> ALL(%(hidden)s::text[])
"""
#: Likewise, each in the language of ``p``, whichever it is referred to in. The key is in the page: that need not be
#: public itself.
_REFERENCED_IN_ITS_LANGUAGE = f"""
        SELECT array_agg(ARRAY[o.id::text, r.teaser]) FROM wagtailcore_page o
        JOIN api_publication r ON r.translation_key = o.translation_key AND r.locale = p.locale
        WHERE o.id = ANY(p."references") AND {VISIBLE.format("r")} AND r.type <> ALL(%(hidden)s::text[])
"""


def _select(source: str, columns: str = "", referenced: str = _REFERENCED) -> str:
    return f"""
SELECT p.page_id, p.locale, p.slug, p.translation_key, p."references", p.detail,
    CASE WHEN p."references" <> '{{}}' THEN ({referenced}) END,
    ARRAY(
        SELECT ARRAY[o.locale::text, o.path, o.teaser] FROM api_publication o
        WHERE o.translation_key = p.translation_key AND o.type = p.type AND o.page_id <> p.page_id
            AND {VISIBLE.format("o")} ORDER BY o.locale
    ){f", {columns}" if columns else ""}
FROM ({source}) p"""


_BY_SLUG = f"""
    SELECT * FROM api_publication n
    WHERE n.type = %(type)s AND n.slug = %(slug)s AND n.locale = ANY(%(locales)s::text[]) AND {VISIBLE.format("n")}
    ORDER BY array_position(%(locales)s::text[], n.locale::text) LIMIT 1
"""
_BY_TRANSLATION = f"""
    SELECT o.* FROM api_publication n
    JOIN api_publication o ON o.translation_key = n.translation_key AND o.type = n.type
    WHERE n.type = %(type)s AND n.slug = %(slug)s AND n.locale = ANY(%(all)s::text[]) AND {VISIBLE.format("n")}
        AND o.locale = ANY(%(locales)s::text[]) AND {VISIBLE.format("o")}
    ORDER BY array_position(%(locales)s::text[], o.locale::text), o.slug = n.slug DESC LIMIT 1
"""
_BY_ID = f"""
    SELECT * FROM api_publication n WHERE n.page_id = ANY(%(ids)s::bigint[]) AND {VISIBLE.format("n")}
        AND n.type <> ALL(%(hidden)s::text[]) AND n.type <> '{FRONT}'
"""
_FRONT_PAGE = f"""
    SELECT * FROM api_publication n
    WHERE n.type = '{FRONT}' AND n.locale = %(locale)s AND {VISIBLE.format("n")} ORDER BY n.page_id LIMIT 1
"""
_TEASERS = f"""
SELECT p.page_id, p.teaser FROM api_publication p
WHERE p.page_id = ANY(%(ids)s::bigint[]) AND {VISIBLE.format("p")} AND p.type <> ALL(%(hidden)s::text[])
"""
_TEASERS_IN = f"""
SELECT o.id, p.teaser FROM wagtailcore_page o
JOIN api_publication p ON p.translation_key = o.translation_key AND p.locale = %(locale)s
WHERE o.id = ANY(%(ids)s::bigint[]) AND {VISIBLE.format("p")} AND p.type <> ALL(%(hidden)s::text[])
"""


def by_slug(type: str, slug: str, locales: Sequence[str] = (), *, columns: str = "") -> Stored | None:
    """What has this slug, in the first of these languages where something has. Without languages any will do.

    ``columns`` are SQL on ``p``, here and below.
    """
    if _is_hidden(type):
        return None
    return _first(_BY_SLUG, {"type": type, "slug": slug, "locales": list(locales or LOCALES)}, columns)


def by_translation(type: str, slug: str, locales: Sequence[str]) -> Stored | None:
    """The translation of what has this slug in any language, into the first of these languages that has one."""
    if _is_hidden(type):
        return None
    return _first(_BY_TRANSLATION, {"type": type, "slug": slug, "locales": list(locales), "all": LOCALES})


def by_id(page_ids: Sequence[int], *, columns: str = "") -> list[Stored]:
    """Those of these pages that are public, but for front pages, in no order."""
    return _read(_BY_ID, {"ids": list(page_ids)}, columns) if page_ids else []


def newest(
    type: str, *, page_ids: Iterable[int] | None = None, locale: str | None = None, most: int, columns: str = ""
) -> list[Stored]:
    """What is public of this type, the newest first; of these pages and this language only, where they are named."""
    if _is_hidden(type):
        return []
    asked = {"type": type, "ids": list(page_ids or ()), "locale": locale, "most": most}
    source = f"""
    SELECT * FROM api_publication n
    WHERE n.type = %(type)s AND {VISIBLE.format("n")}
        {"AND n.page_id = ANY(%(ids)s::bigint[])" if page_ids is not None else ""}
        {"AND n.locale = %(locale)s" if locale else ""}
    ORDER BY n.published_at DESC, n.page_id DESC LIMIT %(most)s::int
    """
    return _read(source, asked, columns, order=" ORDER BY p.published_at DESC, p.page_id DESC")


def front_page(locale: str, *, columns: str = "") -> Stored | None:
    """The front page of this language, as its editors published it; None if they have not.

    What it refers to in another language is ``referenced`` by that page's id, with the teaser of its translation.
    """
    found = _read(_FRONT_PAGE, {"locale": locale}, columns, referenced=_REFERENCED_IN_ITS_LANGUAGE)
    return found[0] if found else None


def teasers(page_ids: Iterable[int], *, with_fronts: bool = False) -> dict[int, str]:
    """The teasers of those of these pages that are public, as JSON text by page id. One statement.

    Of a front page there is no more than what a link to it needs; it is left out unless it is asked for.
    """
    ids = list(page_ids)
    hidden = [*hidden_types(), *(() if with_fronts else (FRONT,))]
    return dict(fetch(_TEASERS, {"ids": ids, "hidden": hidden}, walks=True)) if ids else {}


def teasers_in(locale: str, page_ids: Iterable[int]) -> dict[int, str]:
    """The teasers of what these pages are in this language, where it is public; by the ids asked for. One statement."""
    ids = list(page_ids)
    asked = {"locale": locale, "ids": ids, "hidden": [*hidden_types(), FRONT]}
    return dict(fetch(_TEASERS_IN, asked, walks=True)) if ids else {}


def _is_hidden(type: str) -> bool:
    return type == FRONT or type in hidden_types()


def _first(source: str, asked: dict[str, Any], columns: str = "") -> Stored | None:
    found = _read(source, asked, columns)
    return found[0] if found else None


def _read(
    source: str, asked: dict[str, Any], columns: str = "", order: str = "", referenced: str = _REFERENCED
) -> list[Stored]:
    rows = fetch(_select(source, columns, referenced) + order, {**asked, "hidden": hidden_types()}, walks=True)
    return [_stored(*row) for row in rows]


def _stored(
    page_id: int,
    locale: str,
    slug: str,
    translation_key: UUID,
    references: Sequence[int],
    detail: str,
    referenced: list[list[str]] | None,
    translations: list[list[str]],
    *columns: Any,
) -> Stored:
    return Stored(
        page_id,
        locale,
        slug,
        translation_key,
        references,
        detail,
        {int(pk): teaser for pk, teaser in referenced or ()},
        [Translation(*each) for each in translations],
        columns,
    )
