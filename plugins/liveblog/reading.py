"""What readers get of a coverage: documents of entries and of changes, with links to other content filled in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from api.contract import ImageShape, RichTextRepresentation, filled, parameters, published_teasers, utc
from plugins.liveblog.models import Coverage, LiveBlogPage, LiveEntry, entries_for_readers

Document = dict[str, Any]
_rich_text = RichTextRepresentation()
_image = ImageShape()


@dataclass(frozen=True)
class Change:
    """The latest change of one entry: its number, and what readers get of it."""

    page_id: int
    number: int
    document: Document

    @property
    def withdrawn(self) -> bool:
        return bool(self.document.get("withdrawn"))


def public_page(slug: str, locale: str | None) -> int | None:
    """The id of the published live blog of this slug; without a locale the newsroom's first language is preferred."""
    pages = LiveBlogPage.objects.filter(slug=slug)
    if locale:
        pages = pages.filter(locale__language_code=locale)
    found = published_teasers(pages.values_list("pk", flat=True))
    by_language = sorted(found.items(), key=lambda item: item[1]["locale"] != parameters.DEFAULT_LOCALE)
    return by_language[0][0] if by_language else None


def entry_document(entry: LiveEntry) -> Document:
    """One visible entry. Links to pages are still references."""
    return {
        "id": str(entry.pk),
        "change": entry.change,
        "time": utc(entry.shown_at),
        "updated_at": utc(entry.updated_at),
        "author": {"slug": entry.author.slug, "name": entry.author.name} if entry.author else None,
        "headline": entry.headline,
        "text": rich_text(entry.text),
        "image": _image_document(entry),
        "pinned": entry.pinned,
        "key": entry.key,
    }


def coverage_document(coverage: Coverage) -> Document:
    """Where a coverage stands. Links to pages are still references."""
    return {
        "state": coverage.state,
        "started_at": moment(coverage.started_at),
        "ended_at": moment(coverage.ended_at),
        "summary": rich_text(coverage.summary),
    }


def rich_text(stored: str) -> str:
    """Stored rich text as HTML for readers. Links to pages are still references."""
    return str(_rich_text.to_representation(stored))


def moment(time: datetime | None) -> str | None:
    """A time as the API writes it."""
    return utc(time) if time else None


def changes(page_id: int, since: int, limit: int) -> list[Change]:
    """The oldest ``limit`` changes of one page after the number ``since``, in their order."""
    return _changes(Q(page=page_id, change__gt=since), limit)


def changes_of_many(since: dict[int, int], limit: int) -> list[Change]:
    """The oldest ``limit`` changes of several pages, each after its own number, those of a page in their order."""
    wanted = Q(pk__in=[])
    for page_id, number in since.items():
        wanted |= Q(page=page_id, change__gt=number)
    return _changes(wanted, limit)


def fill(documents: Iterable[Document]) -> list[Document]:
    """Put the addresses of published pages into these documents; links to others leave their words."""
    whole: Document = filled({"documents": list(documents)})
    return list(whole["documents"])


def _changes(wanted: Q, limit: int) -> list[Change]:
    rows = entries_for_readers().filter(wanted).order_by("change")[:limit]
    plain = [(entry.page_id, entry.change, _change_document(entry)) for entry in rows]
    documents = fill(document for _page, _number, document in plain)
    return [Change(page_id, number, document) for (page_id, number, _), document in zip(plain, documents, strict=True)]


def _change_document(entry: LiveEntry) -> Document:
    if entry.withdrawn:
        return {"id": str(entry.pk), "change": entry.change, "withdrawn": True}
    return entry_document(entry)


def _image_document(entry: LiveEntry) -> Document | None:
    if entry.image is None:
        return None
    document = _image.to_representation(entry.image)
    if document and entry.image_credit:
        document["credit"] = entry.image_credit
    return document
