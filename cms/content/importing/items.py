"""One line of the import format, checked: what an item may say, and why it may not."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cms.content.importing.places import named, parent_types, stands_in_folder
from cms.content.models import ContentPage

COMMON_FIELDS = {
    "id", "type", "locale", "headline", "lede", "section", "authors", "published_at", "body_html", "source", "tags",
    "image", "slug", "live", "translation_of", "parent",
}  # fmt: skip
TEASER_FIELDS = {"target", "target_url"}

_SLUG = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*")
# RFC 3339; Python's own parser takes more forms than anybody means.
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(?P<offset>Z|z|[+-]\d\d:\d\d)?")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Named:
    """A section or an author: a name, a slug, or both."""

    name: str
    slug: str = ""


@dataclass(frozen=True)
class Picture:
    """The image of an item, by its path beside the file."""

    path: str
    alt: str = ""
    credit: str = ""


@dataclass
class Item:
    """A checked line. ``extra`` holds the fields of the type's own, as they stand in the file."""

    id: str
    model: type[ContentPage]
    locale: str
    headline: str
    lede: str = ""
    section: Named | None = None
    authors: list[Named] = field(default_factory=list)
    published_at: datetime | None = None
    body_html: str = ""
    source_name: str = ""
    source_url: str = ""
    tags: list[str] = field(default_factory=list)
    image: Picture | None = None
    slug: str = ""
    live: bool = True
    translation_of: str = ""
    parent: str = ""
    target: str = ""
    target_url: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def references(self) -> dict[str, str]:
        """The ids of the items that have to be there before this one, by field."""
        return {name: value for name, value in (("parent", self.parent), ("target", self.target)) if value}


@dataclass
class Checked:
    """The outcome of a check: an item if there are no problems, and the names of fields that mean nothing here."""

    item: Item | None
    #: (field, reason)
    problems: list[tuple[str, str]]
    unknown: list[str]
    id: str = ""


@dataclass(frozen=True)
class Newsroom:
    """What an item can refer to: types by name, language codes, and the language of items that name none."""

    types: dict[str, type[ContentPage]]
    locales: list[str]
    default_locale: str


def check(data: dict[str, Any], newsroom: Newsroom, *, now: datetime | None = None) -> Checked:
    """Check one object of the import format; every problem in it is found, not just the first."""
    return _Check(data, newsroom, now or datetime.now(UTC)).run()


class _Check:
    def __init__(self, data: dict[str, Any], newsroom: Newsroom, now: datetime):
        self.data = data
        self.newsroom = newsroom
        self.now = now
        self.problems: list[tuple[str, str]] = []

    def run(self) -> Checked:
        import_id = self.read_id()
        if unusable := _unusable_text(self.data):
            self.wrong(*unusable)
            return Checked(None, self.problems, [], import_id)
        model = self.read_type()
        item = Item(
            id=import_id,
            model=model or ContentPage,
            locale=self.read_locale(),
            headline=self.read_text("headline", 255, required=True),
            lede=self.read_text("lede", 2000, rows=True),
            section=self.read_section(),
            authors=self.read_authors(),
            live=self.read_live(),
            body_html=self.read_text("body_html", None, raw=True),
            tags=self.read_tags(),
            image=self.read_image(),
            slug=self.read_slug("slug", self.data.get("slug")),
            translation_of=self.read_reference("translation_of", import_id),
        )
        item.published_at = self.read_published_at(item.live)
        item.source_name, item.source_url = self.read_source()
        known = set(COMMON_FIELDS)
        if model is not None:
            item.parent = self.read_parent(model, import_id)
            names = {each.name for each in model._meta.get_fields()}
            if "target_page" in names and "target_url" in names:
                known |= TEASER_FIELDS
                item.target = self.read_reference("target", import_id)
                item.target_url = self.read_url("target_url", self.data.get("target_url"))
                if item.target and item.target_url:
                    self.wrong("target_url", "give either target or target_url, not both")
            known |= set(model.import_fields)
            item.extra = {name: self.data[name] for name in model.import_fields if name in self.data}
        unknown = sorted(str(name) for name in set(self.data) - known) if model is not None else []
        return Checked(None if self.problems else item, self.problems, unknown, import_id)

    def wrong(self, name: str, reason: str) -> None:
        self.problems.append((name, reason))

    # --- fields ---

    def read_id(self) -> str:
        value = self.data.get("id")
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is None or value == "":
            self.wrong("id", "is missing: it is what a second import knows the item by")
            return ""
        if not isinstance(value, str) or not value.strip():
            self.wrong("id", "must be text or a whole number")
            return ""
        if len(value) > 255:
            self.wrong("id", f"has {len(value)} characters; at most 255")
        return value.strip()[:255]

    def read_type(self) -> type[ContentPage] | None:
        name = self.data.get("type", "article")
        if isinstance(name, str) and name in self.newsroom.types:
            return self.newsroom.types[name]
        self.wrong("type", f"{_shown(name)} is none of {', '.join(self.newsroom.types)}")
        return None

    def read_locale(self) -> str:
        code = self.data.get("locale") or self.newsroom.default_locale
        if isinstance(code, str) and code in self.newsroom.locales:
            return code
        self.wrong("locale", f"{_shown(code)} is none of {', '.join(self.newsroom.locales)}")
        return self.newsroom.default_locale

    def read_text(
        self, name: str, limit: int | None, *, required: bool = False, rows: bool = False, raw: bool = False
    ) -> str:
        return self.clean_text(name, self.data.get(name), limit, required=required, rows=rows, raw=raw)

    def clean_text(
        self, name: str, value: Any, limit: int | None, *, required: bool = False, rows: bool = False, raw: bool = False
    ) -> str:
        if value is None:
            value = ""
        if not isinstance(value, str):
            self.wrong(name, f"must be text, not {_kind(value)}")
            return ""
        if raw:
            return value
        value = _CONTROL.sub("", value).strip()
        if not rows:
            value = _SPACE.sub(" ", value)
        if required and not value:
            self.wrong(name, "is missing")
        if limit is not None and len(value) > limit:
            self.wrong(name, f"has {len(value)} characters; at most {limit}")
        return value

    def read_slug(self, name: str, value: Any) -> str:
        if value in (None, ""):
            return ""
        if not isinstance(value, str) or not _SLUG.fullmatch(value) or len(value) > 200:
            self.wrong(name, f"{_shown(value)} is no slug: a-z, 0-9, hyphens between them, at most 200 characters")
            return ""
        return value

    def read_section(self) -> Named | None:
        value = self.data.get("section")
        if value in (None, ""):
            return None
        if isinstance(value, str):
            slug = self.read_slug("section", value)
            return Named("", slug) if slug else None
        return self.read_named("section", value, need_slug=True)

    def read_named(self, name: str, value: Any, *, need_slug: bool = False) -> Named | None:
        if isinstance(value, str) and not need_slug:
            value = {"name": value}
        if not isinstance(value, dict):
            self.wrong(name, f"must be {{slug, name}}, not {_kind(value)}")
            return None
        before = len(self.problems)
        text = self.clean_text(f"{name}.name", value.get("name"), 200, required=not need_slug)
        slug = self.read_slug(f"{name}.slug", value.get("slug"))
        if need_slug and not slug and len(self.problems) == before:
            self.wrong(f"{name}.slug", "is missing")
        return Named(text, slug) if len(self.problems) == before else None

    def read_authors(self) -> list[Named]:
        found: dict[str, Named] = {}
        for number, value in enumerate(self.entries("authors")):
            author = self.read_named(f"authors[{number}]", value)
            if author is not None:
                found.setdefault(author.name.casefold(), author)
        return list(found.values())

    def entries(self, name: str) -> list[Any]:
        value = self.data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(name, f"must be a list, not {_kind(value)}")
            return []
        if len(value) > 100:
            self.wrong(name, f"has {len(value)} entries; at most 100")
            return []
        return value

    def read_tags(self) -> list[str]:
        found: dict[str, str] = {}
        for number, value in enumerate(self.entries("tags")):
            if tag := self.clean_text(f"tags[{number}]", value, 100):
                found.setdefault(tag.casefold(), tag)
        return list(found.values())

    def read_published_at(self, live: bool) -> datetime | None:
        value = self.data.get("published_at")
        if value is None:
            return None
        match = _TIME.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            self.wrong("published_at", f"{_shown(value)} is no time such as 2026-01-14T16:30:00+02:00 (RFC 3339)")
            return None
        if match["offset"] is None:
            self.wrong("published_at", f"{_shown(value)} has no offset from UTC, such as +02:00 or Z")
            return None
        try:
            moment = datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            self.wrong("published_at", f"{_shown(value)}: {error}")
            return None
        if live and moment > self.now + timedelta(minutes=5):
            self.wrong("published_at", f'{value} is in the future: import it with "live": false and schedule it here')
        return moment

    def read_source(self) -> tuple[str, str]:
        value = self.data.get("source")
        if value in (None, "", {}):
            return "", ""
        if isinstance(value, str):
            value = {"name": value}
        if not isinstance(value, dict):
            self.wrong("source", f"must be {{name, url}}, not {_kind(value)}")
            return "", ""
        return self.clean_text("source.name", value.get("name"), 200), self.read_url("source.url", value.get("url"))

    def read_url(self, name: str, value: Any) -> str:
        text = self.clean_text(name, value, 1000)
        if not text:
            return ""
        try:
            parts = urlsplit(text)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
        except ValueError:
            usable = False
        if not usable:
            self.wrong(name, f"{_shown(text)} is no address such as https://example.org/page")
        return text

    def read_image(self) -> Picture | None:
        value = self.data.get("image")
        if value in (None, "", {}):
            return None
        if isinstance(value, str):
            value = {"path": value}
        if not isinstance(value, dict):
            self.wrong("image", f"must be {{path, alt, credit}}, not {_kind(value)}")
            return None
        return Picture(
            self.clean_text("image.path", value.get("path"), 1000, required=True),
            self.clean_text("image.alt", value.get("alt"), 255),
            self.clean_text("image.credit", value.get("credit"), 255),
        )

    def read_live(self) -> bool:
        value = self.data.get("live", True)
        if not isinstance(value, bool):
            self.wrong("live", f"must be true or false, not {_shown(value)}")
            return False
        return value

    def read_parent(self, model: type[ContentPage], own_id: str) -> str:
        """The id of the page that an item stands below. Without one it stands in the folder of its year."""
        value = self.data.get("parent")
        allowed = parent_types(model)
        if value in (None, ""):
            if not stands_in_folder(model):
                own = model.get_type_name()
                self.wrong("parent", f"is missing: give the id of the item that {own!r} stands below: {named(allowed)}")
            return ""
        if not allowed:
            self.wrong("parent", f"{model.get_type_name()!r} stands below no other item: leave it out")
            return ""
        return self.read_reference("parent", own_id)

    def read_reference(self, name: str, own_id: str) -> str:
        value = self.data.get(name)
        if value in (None, ""):
            return ""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or len(value) > 255:
            self.wrong(name, "must be the id of another item")
            return ""
        if value.strip() == own_id:
            self.wrong(name, "is the item's own id")
        return value.strip()


def _unusable_text(data: Any, name: str = "") -> tuple[str, str] | None:
    """Text that can't be stored at all: halves of characters (lone surrogates), which JSON can spell."""
    if isinstance(data, str):
        try:
            data.encode()
        except UnicodeEncodeError as error:
            return name, f"holds half a character (a lone surrogate) at position {error.start + 1}"
        return None
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        if isinstance(key, str) and (found := _unusable_text(key, name)):
            return found
        if found := _unusable_text(value, name or str(key)):
            return found
    return None


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return kinds.get(type(value), "null")
