"""Where an item is filed: sections, authors and tags, made as needed, and the folder of its year."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from wagtail.models import Locale, Page

from cms.content.importing.items import Item, Named
from cms.content.models import Author, FolderPage, FrontPage, Section, Tag
from cms.content.slugs import slugify, unique_slug

#: How many names of each kind are remembered; sections and authors of a newsroom are far fewer, tags may not be.
_REMEMBERED = 20_000


class FilingError(Exception):
    """An item can't be filed: ``field`` and the reason."""

    def __init__(self, field: str, reason: str):
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass
class Filing:
    """Finds and makes what items are filed under, and remembers it for the length of an import."""

    made: Counter[str] = field(default_factory=Counter)
    named_by_slug: list[str] = field(default_factory=list)
    _locales: dict[str, Locale] = field(default_factory=dict)
    _known: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    _folders: dict[tuple[str, int], Page] = field(default_factory=dict)

    def forget(self) -> None:
        """Forget all that was found or made: the transaction that made it was rolled back."""
        self._known.clear()
        self._folders.clear()
        self.made.clear()
        self.named_by_slug.clear()

    def locale(self, code: str) -> Locale:
        if code not in self._locales:
            self._locales[code] = Locale.objects.get(language_code=code)
        return self._locales[code]

    def section(self, item: Item) -> Section | None:
        """The item's section, made if there is none with its slug."""
        wanted = item.section
        if wanted is None:
            return None
        key = ("section", item.locale, wanted.slug)
        if key not in self._known:
            locale = self.locale(item.locale)
            section = Section.objects.filter(locale=locale, slug=wanted.slug).first()
            if section is None:
                name = wanted.name or wanted.slug.replace("-", " ").replace("_", " ").capitalize()
                section = Section.objects.create(locale=locale, slug=wanted.slug, name=name)
                self.made["sections"] += 1
                if not wanted.name:
                    self.named_by_slug.append(f"{wanted.slug} ({item.locale})")
            self._remember(key, section)
        return self._known[key]

    def authors(self, item: Item) -> list[Author]:
        """The item's authors in their order, each made if there is none of that name or slug."""
        return list(dict.fromkeys(self._author(item.locale, wanted) for wanted in item.authors))

    def _author(self, code: str, wanted: Named) -> Author:
        key = ("author", code, wanted.slug or wanted.name)
        if key not in self._known:
            locale = self.locale(code)
            same = Q(slug=wanted.slug) if wanted.slug else Q(name__iexact=wanted.name)
            authors = Author.objects.filter(locale=locale)
            author = authors.filter(same).order_by("pk").first()
            if author is None:
                slug = wanted.slug or unique_slug(
                    slugify(wanted.name, code), lambda slug: authors.filter(slug=slug).exists()
                )
                author = Author.objects.create(locale=locale, slug=slug, name=wanted.name)
                self.made["authors"] += 1
            self._remember(key, author)
        return self._known[key]

    def tags(self, items: list[Item]) -> dict[str, Tag]:
        """All tags of these items, by name in lower case."""
        names = {tag.casefold(): tag for item in items for tag in item.tags}
        if len(self._known) + len(names) > _REMEMBERED:
            self._known.clear()
        unknown = {low: name for low, name in names.items() if ("tag", "", low) not in self._known}
        if unknown:
            found = Tag.objects.annotate(low=Lower("name")).filter(low__in=[name.lower() for name in unknown.values()])
            for tag in found:
                self._remember(("tag", "", tag.name.casefold()), tag)
            for low, name in unknown.items():
                if ("tag", "", low) not in self._known:
                    slug = unique_slug(slugify(name, "uk"), lambda slug: Tag.objects.filter(slug=slug).exists())
                    self._remember(("tag", "", low), Tag.objects.create(name=name, slug=slug))
                    self.made["tags"] += 1
        return {low: self._known["tag", "", low] for low in names}

    def folder(self, code: str, year: int) -> Page:
        """The folder of a year under the front page of a language. Raises FilingError if there is no front page."""
        key = (code, year)
        if key not in self._folders:
            locale = self.locale(code)
            front = FrontPage.objects.filter(locale=locale).order_by("depth", "path").first()
            if front is None:
                raise FilingError("locale", f"there is no front page in {code!r} to put it under")
            folder = Page.objects.child_of(front).filter(slug=str(year)).first()
            if folder is None:
                folder = FolderPage(title=str(year), slug=str(year), locale=locale)
                front.add_child(instance=folder)
                self.made["year folders"] += 1
            self._folders[key] = folder
        return self._folders[key]

    def _remember(self, key: tuple[str, str, str], found: Any) -> None:
        self._known[key] = found
