"""What stands at a path of the public site: a page, a front page, a redirect, or what may have been meant."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import QueryDict
from rest_framework.exceptions import NotFound, ValidationError

from api import parameters
from api.http import Answer
from api.json_text import dump
from api.publications.database import fetch
from api.publications.front import FRONT
from api.publications.stored import LOCALES
from api.publications.visibility import VISIBLE, hidden_types
from cms.content.types import content_types

Document = dict[str, Any]
LONGEST_PATH = 2000
#: Redirects that lead to another redirect, at most.
MOST_HOPS = 8
#: How like the last part of a path must be to that of the nearest, from 0 to 1; and how many are looked at each side.
_LIKE_ENOUGH, _NEIGHBOURS = 0.6, 20
#: Characters that are compared; and what the likeness of whole paths adds: of equals, the one closer by is meant.
_COMPARED, _CLOSER_BY = 100, 0.01

_COLUMNS = "p.page_id, p.type, p.slug, p.locale, p.path, p.translation_key"
_AT_PATH = f"""
SELECT {_COLUMNS} FROM api_publication p
WHERE p.path = %(path)s::text AND {VISIBLE.format("p")} AND p.type <> ALL(%(hidden)s::text[]) LIMIT 1
"""
_REDIRECT = f"""
SELECT r.is_permanent, r.redirect_link, p.path, r.redirect_page_id FROM wagtailredirects_redirect r
LEFT JOIN api_publication p
    ON p.page_id = r.redirect_page_id AND {VISIBLE.format("p")} AND p.type <> ALL(%(hidden)s::text[])
WHERE r.old_path = %(path)s::text ORDER BY r.site_id NULLS LAST LIMIT 1
"""
_NEAR = f"""
SELECT {_COLUMNS}, p.teaser::json ->> 'url', p.teaser::json ->> 'headline' FROM (
    (SELECT page_id FROM api_publication
     WHERE type = ANY(%(types)s::text[]) AND locale = ANY(%(locales)s::text[]) AND slug = %(slug)s::text LIMIT 20)
    UNION (SELECT page_id FROM api_publication
           WHERE path ~<~ %(path)s::text ORDER BY path USING ~>~ LIMIT {_NEIGHBOURS})
    UNION (SELECT page_id FROM api_publication
           WHERE path ~>=~ %(path)s::text ORDER BY path USING ~<~ LIMIT {_NEIGHBOURS})
) near JOIN api_publication p USING (page_id)
WHERE {VISIBLE.format("p")} AND p.type <> ALL(%(hidden)s::text[]) AND p.type <> '{FRONT}'
"""


class NothingThere(NotFound):
    """Nothing stands at a path, and no redirect leads away from it. ``members`` join the problem document."""

    def __init__(self, path: str, nearest: Document | None) -> None:
        super().__init__(f"There is nothing published at {path[:200]}")
        self.members = {"nearest": nearest}


@dataclass(frozen=True)
class _Found:
    page_id: int
    type: str
    slug: str
    locale: str
    path: str
    translation_key: Any

    @property
    def document(self) -> Document:
        kind = FRONT if self.type == FRONT else "page"
        return {
            "kind": kind,
            "id": self.page_id,
            "type": self.type,
            "slug": self.slug,
            "locale": self.locale,
            "path": self.path,
        }


def resolve(query: QueryDict) -> Answer:
    """What stands at ``path=``. Few statements, none of them longer for more content.

    Raises ValidationError; NothingThere with the nearest match.
    """
    parameters.only(query, {"path"})
    path = normal_path(parameters.once(query, "path") or "")
    if found := _at(path):
        return Answer(dump(found.document).encode(), (f"page-{found.page_id}",))
    location, permanent, pages = _redirected(path)
    if location is None:
        raise NothingThere(path, _nearest(path))
    document = {"kind": "redirect", "location": location, "status": 301 if permanent else 302}
    # Whatever is published at this path one day stands before the redirect.
    return Answer(dump(document).encode(), ("redirects", "content", *(f"page-{page_id}" for page_id in pages)))


def normal_path(path: str) -> str:
    """A path as publications have it: with a slash at its end, without a query. Raises ValidationError."""
    if not path.startswith("/") or len(path) > LONGEST_PATH or "\x00" in path:
        raise ValidationError({"path": f"A path that starts with a slash, of at most {LONGEST_PATH:,} characters."})
    return path.split("?")[0].split("#")[0].rstrip("/") + "/"


def _at(path: str) -> _Found | None:
    rows = fetch(_AT_PATH, {"path": path, "hidden": hidden_types()})
    return _Found(*rows[0]) if rows else None


def _redirected(path: str) -> tuple[str | None, bool, list[int]]:
    """Where the redirects from a path lead in the end, whether all of them for good, and the pages on the way.

    Nowhere, if that is not public or if they lead in a circle.
    """
    seen, permanent = {path}, True
    location: str | None = None
    pages: list[int] = []
    for _hop in range(MOST_HOPS):
        rows = fetch(_REDIRECT, {"path": path.rstrip("/") or "/", "hidden": hidden_types()})
        if not rows:
            return location, permanent, pages  # none at all, or a page that the frontend itself has
        for_good, location, page_path, page_id = rows[0]
        permanent = permanent and for_good
        if page_id is not None:
            return page_path, permanent, [*pages, page_id]
        own = _own(location)
        if own is None:
            return location or None, permanent, pages
        path, behind = own
        if found := _at(path):
            return f"{found.path}{behind}", permanent, [*pages, found.page_id]
        if path in seen:
            return None, permanent, pages
        seen.add(path)
    return None, permanent, pages


def _own(link: str) -> tuple[str, str] | None:
    """The path of this newsroom's site that a link leads to, and what stands behind it; None for one elsewhere."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    own = {"", *(urlsplit(address).netloc for address in (settings.FRONTEND_URL, settings.BASE_URL))}
    if parts.netloc not in own or not parts.path.startswith("/"):
        return None
    query, fragment = (parts.query and f"?{parts.query}"), (parts.fragment and f"#{parts.fragment}")
    return parts.path.rstrip("/") + "/", f"{query}{fragment}"


def _nearest(path: str) -> Document | None:
    """What is published whose path is most like this one, if any is like it at all."""
    slug = path.rstrip("/").rpartition("/")[2][:255]
    if not slug:
        return None
    asked = {
        "path": path,
        "slug": slug,
        "types": list(content_types()),
        "locales": LOCALES,
        "hidden": hidden_types(),
    }
    best, likeness = None, _LIKE_ENOUGH
    for *columns, url, headline in fetch(_NEAR, asked):
        found = _Found(*columns)
        like = _likeness(path, slug, found, least=likeness)
        if like > likeness:
            best, likeness = {**found.document, "url": url, "headline": headline}, like
    if best:
        del best["kind"]
    return best


def _likeness(path: str, slug: str, found: _Found, *, least: float) -> float:
    """How like what was found is to what was asked for; 0 if no more than ``least``.

    A ratio costs the square of its characters, and a stranger chooses them: it is taken only where the bounds that
    cost little leave room for it.
    """
    least -= _CLOSER_BY
    words = SequenceMatcher(None, slug[:_COMPARED], found.slug[:_COMPARED])
    if min(words.real_quick_ratio(), words.quick_ratio()) <= least or (like := words.ratio()) <= least:
        return 0
    return like + _CLOSER_BY * SequenceMatcher(None, path[:_COMPARED], found.path[:_COMPARED]).ratio()
