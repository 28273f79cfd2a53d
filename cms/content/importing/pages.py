"""Pages written by the batch: a few statements for hundreds of pages, with all that Wagtail would have written.

``Page.add_child``, ``save_revision`` and ``publish`` take many statements for each page. Here the same rows go into
the same tables together: the tree, the three tables of a page, bylines and tags, revisions, the log, the search index
and the reference index. ``pages_changed`` then lets the read side do the same with publications.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from wagtail.blocks import StreamValue
from wagtail.models import Page, Revision
from wagtail.signals import page_slug_changed

from cms.content.importing import bulk, history
from cms.content.importing.extra import is_picture
from cms.content.importing.files import FileRef
from cms.content.importing.filing import Filing, FilingError
from cms.content.importing.indexes import index_for_search, index_references
from cms.content.importing.media import store_files
from cms.content.importing.preparing import Prepared
from cms.content.models import ContentByline, ContentPage, ContentTag
from cms.content.signals import pages_changed
from cms.content.slugs import slugify, unique_slug

# Translations find each other by a key that is made of the original's id, so their order in a file does not matter.
_TRANSLATIONS = uuid.UUID("1b0c4f43-6d2b-4f0e-8a43-5b7c1b0f6d52")

_Children = dict[int, dict[str, list[Model]]]


def translation_key(prepared: Prepared) -> uuid.UUID:
    """The key that an item shares with its translations."""
    return uuid.uuid5(_TRANSLATIONS, prepared.item.translation_of or prepared.item.id)


class Writer:
    """Writes one batch. Call it inside a transaction.

    ``references`` has the key of every page that an item's ``parent`` or ``target`` names, by import id.
    """

    def __init__(self, filing: Filing, references: dict[str, int]):
        self.filing = filing
        self.references = references
        self.now = timezone.now()
        self.made: dict[str, int] = {}

    def write(self, new: Sequence[Prepared], existing: Sequence[tuple[Prepared, ContentPage]]) -> None:
        """Create the pages of ``new``, and bring the given pages up to their items."""
        everything = [*new, *(prepared for prepared, _page in existing)]
        self.file_ids, self.made = store_files([ref for prepared in everything for ref in prepared.files])
        self.tags = self.filing.tags([prepared.item for prepared in everything])
        created = self._create(new)
        updated = self._update(existing)
        for pages, is_new in ((created, True), (updated, False)):
            if not pages:
                continue
            history.write_revisions(pages, self.now)
            history.write_log(pages, self.now)
            index_references(pages, new=is_new)
            for model, group in _by_model(pages).items():
                index_for_search(model, group)
        if pages := created + updated:
            pages_changed.send(sender=Writer, pages=pages + _above(pages))

    # --- new pages ---

    def _create(self, new: Sequence[Prepared]) -> list[ContentPage]:
        if not new:
            return []
        pages: list[ContentPage] = []
        inside: dict[int, list[ContentPage]] = defaultdict(list)
        ids = bulk.new_ids(Page, len(new))
        for pk, prepared in zip(ids, new, strict=True):
            item = prepared.item
            page = item.model()
            bulk.set_key(page, pk)
            page.import_id = item.id
            page.locale = self.filing.locale(item.locale)
            page.translation_key = translation_key(prepared)
            self._fill(page, prepared)
            pages.append(page)
            inside[self._place(page, prepared)].append(page)
        self._give_slugs(list(zip(pages, new, strict=True)))
        for parent_id, children in sorted(inside.items()):  # the order in which everybody locks rows
            try:
                bulk.place_last(parent_id, children)
            except Page.DoesNotExist:
                raise FilingError("parent", "was deleted while the import ran") from None
        self._number_revisions(pages)
        for model, group in _by_model(pages).items():
            bulk.insert(model, group)
        none: _Children = {page.pk: {name: [] for name in _relation_names(type(page))} for page in pages}
        self._write_children(zip(pages, new, strict=True), none)
        return pages

    def _place(self, page: ContentPage, prepared: Prepared) -> int:
        """The key of the page that a new page goes below: the one that its line names, or the folder of its year."""
        item = prepared.item
        if item.parent:
            return self.references[item.parent]
        return self.filing.folder(item.locale, timezone.localtime(page.published_at or self.now).year).pk

    def _give_slugs(self, pairs: list[tuple[ContentPage, Prepared]]) -> None:
        """A slug for each new page that no page of its language has: neither beside it nor of its type elsewhere."""
        wanted = {page.pk: made.item.slug or slugify(page.title, made.item.locale) for page, made in pairs}
        locales = {page.locale_id for page, _made in pairs}
        taken = set(
            Page.objects.filter(locale_id__in=locales, slug__in=set(wanted.values())).values_list("locale_id", "slug")
        )
        if taken:
            numbered = Q()
            for _locale, slug in taken:
                numbered |= Q(slug__startswith=f"{slug}-")
            taken |= set(Page.objects.filter(numbered, locale_id__in=locales).values_list("locale_id", "slug"))
        # Slugs that items ask for go first: they can't give way.
        for page, _made in sorted(pairs, key=lambda pair: not pair[1].item.slug):
            page.slug = unique_slug(wanted[page.pk], lambda slug, of=page.locale_id: (of, slug) in taken)
            taken.add((page.locale_id, page.slug))

    # --- pages that are there ---

    def _update(self, existing: Sequence[tuple[Prepared, ContentPage]]) -> list[ContentPage]:
        pages = [page for _prepared, page in existing]
        if not pages:
            return []
        renamed: list[tuple[ContentPage, ContentPage]] = []
        for prepared, page in existing:
            if prepared.item.slug and prepared.item.slug != page.slug:
                before = type(page)(**{field.attname: getattr(page, field.attname) for field in _columns(type(page))})
                page.slug = prepared.item.slug
                renamed.append((page, before))
            self._fill(page, prepared)
        for page, _before in sorted(renamed, key=lambda pair: pair[0].depth):
            _move_address(page, pages)
        self._number_revisions(pages)
        for model, group in _by_model(pages).items():
            bulk.update(model, group, _columns(model))
        kept = self._take_children(existing)
        self._write_children(((page, prepared) for prepared, page in existing), kept)
        for page, before in renamed:
            page_slug_changed.send(sender=type(page), instance=page, instance_before=before)
        return pages

    # --- both ---

    def _fill(self, page: ContentPage, prepared: Prepared) -> None:
        item = prepared.item
        was_live = page.live and page.live_revision_id is not None
        page.title = page.draft_title = item.headline
        page.lede = item.lede
        page.section = self.filing.section(item)
        page.source_name, page.source_url = item.source_name, item.source_url
        page.image_id = self.file_ids[prepared.image] if prepared.image else None
        page.body = StreamValue(page._meta.get_field("body").stream_block, self._with_files(prepared), is_lazy=True)
        page.import_fingerprint = prepared.fingerprint
        page.published_at = item.published_at or page.published_at or (self.now if item.live else None)
        page.live = item.live
        page.has_unpublished_changes = not item.live
        page.expired = False
        if item.live:
            page.first_published_at = page.published_at
            page.last_published_at = self.now if was_live else page.published_at
        page.latest_revision_created_at = self.now
        if hasattr(page, "target_page_id"):
            page.target_page_id = self.references[item.target] if item.target else None
            page.target_url = item.target_url
        for name, value in prepared.extra.values.items():
            setattr(page, name, self.file_ids[value] if isinstance(value, FileRef) else value)

    def _with_files(self, prepared: Prepared) -> list[dict[str, Any]]:
        """The blocks with database ids where they have files."""
        documents = {ref.token: str(self.file_ids[ref]) for ref in prepared.files if ref.kind == "document"}

        def resolve(value: Any) -> Any:
            if isinstance(value, dict):
                return {key: resolve(each) for key, each in value.items()}
            if isinstance(value, list):
                return [resolve(each) for each in value]
            if isinstance(value, str):
                for token, pk in documents.items():
                    value = value.replace(f'id="{token}"', f'id="{pk}"')
                return value
            return self.file_ids[value] if isinstance(value, FileRef) else value

        return resolve(prepared.blocks) if prepared.files else prepared.blocks

    def _number_revisions(self, pages: Sequence[ContentPage]) -> None:
        for pk, page in zip(bulk.new_ids(Revision, len(pages)), pages, strict=True):
            page.latest_revision_id = pk
            page.live_revision_id = pk if page.live else None

    def _write_children(self, pairs: Iterable[tuple[ContentPage, Prepared]], kept: _Children) -> None:
        """Rows of child tables, and on each page, so that its revision holds them without asking the database."""
        rows: dict[type[Model], list[Model]] = defaultdict(list)
        by_page: list[tuple[ContentPage, dict[str, list[Model]]]] = []
        for page, prepared in pairs:
            children = self._children(page, prepared)
            for group in children.values():
                for row in group:
                    rows[type(row)].append(row)
            by_page.append((page, {**kept[page.pk], **children}))
        for model, group in rows.items():
            bulk.insert(model, group)
        for page, children in by_page:
            page._cluster_related_objects = children

    def _children(self, page: ContentPage, prepared: Prepared) -> dict[str, list[Model]]:
        authors = self.filing.authors(prepared.item)
        tags = [self.tags[tag.casefold()] for tag in prepared.item.tags]
        children: dict[str, list[Model]] = {
            "bylines": [ContentByline(page=page, author=author, sort_order=n) for n, author in enumerate(authors)],
            "tag_items": [ContentTag(content_object=page, tag=tag) for tag in tags],
        }
        for relation in get_all_child_relations(type(page)):
            name = relation.get_accessor_name()
            if name in prepared.extra.children:
                children[name] = prepared.extra.children[name]
                for row in children[name]:
                    setattr(row, relation.field.name, page)
                    for column in [each for each in row._meta.concrete_fields if is_picture(row, each)]:
                        setattr(row, column.attname, self.file_ids[getattr(row, column.attname)])
        return children

    def _take_children(self, existing: Sequence[tuple[Prepared, ContentPage]]) -> _Children:
        """Delete the rows that an import writes anew, and return the others, by page and relation."""
        kept: _Children = defaultdict(dict)
        for model, group in _by_model([page for _prepared, page in existing]).items():
            pages = {page.pk: page for page in group}
            named = {name for prepared, page in existing if page.pk in pages for name in prepared.extra.children}
            for relation in get_all_child_relations(model):
                name = relation.get_accessor_name()
                rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": list(pages)})
                if name in {"bylines", "tag_items", *named}:
                    rows.delete()
                    continue
                for page in group:
                    kept[page.pk][name] = []
                for row in rows.order_by(*relation.related_model._meta.ordering, "pk"):
                    page = pages[getattr(row, relation.field.attname)]
                    setattr(row, relation.field.name, page)
                    kept[page.pk][name].append(row)
        return kept


def _move_address(page: ContentPage, others: Sequence[ContentPage]) -> None:
    """Give a page with a new slug its new address, and the pages below it theirs: all rows, and these ``others``."""
    old = page.url_path
    page.url_path = new = f"{old.rstrip('/').rpartition('/')[0]}/{page.slug}/"
    page._update_descendant_url_paths(old, new)
    for other in others:
        if other is not page and other.is_descendant_of(page):
            other.url_path = new + other.url_path.removeprefix(old)


def _above(pages: Sequence[ContentPage]) -> list[Page]:
    """The live pages that these stand below, except folders: what readers see of a page may list what is below it.

    Their rows are held from before they are read until the transaction ends, as whenever a publication is rewritten.
    """
    steps = {page.path[:end] for page in pages for end in range(Page.steplen, len(page.path), Page.steplen)}
    rows = ContentPage.objects.filter(path__in=steps, live=True).exclude(pk__in=[page.pk for page in pages])
    ids = list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    return list(Page.objects.filter(pk__in=ids).specific()) if ids else []


def _columns(model: type[ContentPage]) -> list[Any]:
    """The columns that an import writes: none of those that hold a page's place in the tree or its locks."""
    kept = {"path", "depth", "numchild", "translation_key", "locale", "content_type", "owner", "locked", "locked_at"}
    kept |= {"locked_by", "alias_of", "import_id"}
    return [
        column
        for column in model._meta.concrete_fields
        if column.name not in kept and not (column.remote_field and column.remote_field.parent_link)
    ]


def _relation_names(model: type[ContentPage]) -> list[str]:
    return [relation.get_accessor_name() for relation in get_all_child_relations(model)]


def _by_model(pages: Sequence[ContentPage]) -> dict[type[ContentPage], list[ContentPage]]:
    groups: dict[type[ContentPage], list[ContentPage]] = defaultdict(list)
    for page in pages:
        groups[type(page)].append(page)
    return groups
