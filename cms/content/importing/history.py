"""The history that an editor finds on an imported page: a revision, a line in the log, and who wrote last."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, PageLogEntry, Revision

from cms.content.importing import bulk

#: The action under which imports stand in the log of a page.
ACTION = "content.import"


def write_revisions(pages: Sequence[Page], now: datetime) -> None:
    """One revision for each of these specific pages, under the id that ``latest_revision_id`` already names."""
    base = ContentType.objects.get_for_model(Page, for_concrete_model=False)
    rows = [
        Revision(
            id=page.latest_revision_id,
            content_type=ContentType.objects.get_for_model(page, for_concrete_model=False),
            base_content_type=base,
            object_id=str(page.pk),
            created_at=now,
            object_str=str(page),
            content=page.serializable_data(),
        )
        for page in pages
    ]
    bulk.insert(Revision, rows)


def write_log(pages: Sequence[Page], now: datetime) -> None:
    """A line in each page's log that says what was imported."""
    rows = [
        PageLogEntry(
            content_type=ContentType.objects.get_for_model(page, for_concrete_model=False),
            page_id=page.pk,
            label=str(page),
            action=ACTION,
            timestamp=now,
            revision_id=page.latest_revision_id,
            content_changed=True,
            data={"import_id": page.import_id, "live": page.live},
        )
        for page in pages
    ]
    bulk.insert(PageLogEntry, rows)


def edited_here(pages: Iterable[Page]) -> set[int]:
    """Ids of those of these imported pages that somebody has changed, withdrawn or locked since the last import."""
    pages = list(pages)
    last: dict[int, PageLogEntry] = {}
    entries = PageLogEntry.objects.filter(page_id__in=[page.pk for page in pages], action=ACTION)
    for entry in entries.order_by("timestamp", "pk"):
        last[entry.page_id] = entry
    return {
        page.pk
        for page in pages
        if page.locked
        or page.pk not in last
        or page.latest_revision_id != last[page.pk].revision_id
        or page.live != last[page.pk].data.get("live")
    }
