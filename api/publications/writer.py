"""Writes and removes publications, always inside the transaction that changes the page.

A worker that read a page before an editor took it away, and writes it after, would bring it back. So a rewrite holds
the rows of its pages from before it reads them until it commits; and because privacy is not in those rows, whoever
writes shares a lock that a change of privacy takes alone. A rewrite takes it before the rows, an editor who publishes
after the row of the page: so a change of privacy takes no page's row at all.
"""

from collections.abc import Iterable
from typing import Any

from django.db import DataError, connection, transaction
from django.db.models import F, Q, QuerySet, prefetch_related_objects
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from api.publications.filters import block_key
from api.publications.models import Publication
from api.publications.rendering import render
from api.search import index as search_index
from api.serializers import publishers
from cms.content.models import ContentPage, FrontPage, TeaserPage
from cms.registry.faults import contained
from cms.registry.owners import owner_of
from cms.registry.states import is_running

#: Pages rendered in one go while a request waits; what is left is the worker's.
AT_ONCE = 200
#: Pages whose rows one rewrite holds: an editor who saves one of them waits for it.
PORTION = 50
#: Names the lock of the tree among PostgreSQL's advisory locks.
_TREE_LOCK = 0x0571_0001
_COLUMNS = [field.name for field in Publication._meta.local_concrete_fields if field.name != "page"]


@transaction.atomic
def write(pages: Iterable[Page], *, changed: bool = True) -> None:
    """Make the publications of these specific pages what the pages are: written if public, removed if not.

    A plugin's page that can't be rendered, because its plugin fails or rests, is the only one missing: what readers
    had is out of date. Only if nothing of the page itself has ``changed`` do they keep it, marked as stale.
    """
    pages = list(pages)
    _lock_tree("shared")
    private = private_paths()
    public = [page for page in pages if isinstance(page, ContentPage | FrontPage) and _is_public(page, private)]
    public_ids = {page.pk for page in public}
    _delete([page.pk for page in pages if page.pk not in public_ids])
    with publishers.remembered():
        # Teasers last: they show the address of what they open only if that is published.
        _save([page for page in public if not isinstance(page, TeaserPage)], changed)
        _save([page for page in public if isinstance(page, TeaserPage)], changed)
        _rewrite_teasers_of([page.pk for page in pages])


def rewrite(page_ids: Iterable[int]) -> None:
    """Read these pages anew and write their publications, in portions."""
    ids = sorted(set(page_ids))
    for start in range(0, len(ids), PORTION):
        _rewrite_portion(ids[start : start + PORTION])


@transaction.atomic
def _rewrite_portion(page_ids: list[int]) -> None:
    _lock_tree("shared")
    # In the order of their ids, as every rewrite does: two of them can't hold what the other waits for.
    list(Page.objects.select_for_update(no_key=True).filter(pk__in=page_ids).order_by("pk").values_list("pk"))
    write(load(page_ids), changed=False)


@transaction.atomic
def withdraw(page_ids: Iterable[int]) -> None:
    """Take these pages out of the public tables."""
    ids = list(page_ids)
    _delete(ids)
    _rewrite_teasers_of(ids)


@transaction.atomic
def tree_changed(page: Page) -> None:
    """A page was moved or renamed, with all below it.

    What is private now is gone at once, however much it is. What is public gets its new documents at once up to
    ``AT_ONCE`` pages; ``unfinished`` names the others for the worker.
    """
    if _is_private(page):
        _withdraw_tree(page)
    else:
        rewrite(unfinished(page)[:AT_ONCE])


@transaction.atomic
def privacy_changed(page: Page) -> None:
    """A page was made private or public, with all below it.

    What is private now is gone at once. What is public is the worker's, which ``unfinished`` names it for: to write it
    takes the rows of its pages, and an editor who publishes one has that row and waits for the lock that is taken here.
    """
    _lock_tree("exclusive")
    if _is_private(page):
        _withdraw_tree(page)


def unfinished(page: Page) -> list[int]:
    """Ids of public pages at or below this one whose publication is missing or has another path."""
    below = Page.objects.filter(public(), path__startswith=page.path).filter(
        Q(publication__isnull=True) | ~Q(publication__path=F("url_path"))
    )
    public_types = ContentPage.objects.filter(path__startswith=page.path).values("pk")
    return list(
        below.filter(Q(pk__in=public_types) | Q(pk__in=_front_ids())).order_by("path").values_list("pk", flat=True)
    )


def published_ids(most: int, *, before: int | None = None, **filters: Any) -> list[int]:
    """Ids of published content pages that match these filters on ContentPage: the ``most`` last, ``before`` one."""
    pages = ContentPage.objects.filter(publication__isnull=False, **filters)
    if before is not None:
        pages = pages.filter(pk__lt=before)
    return list(pages.order_by("-pk").values_list("pk", flat=True).distinct()[:most])


def ids_with_block(name: str) -> list[int]:
    """Ids of published pages that have a block of this type, shown or left out."""
    rows = Publication.objects.filter(keys__contains=[block_key(name)])
    return list(rows.order_by("-published_at", "-pk").values_list("pk", flat=True))


def unwritten_ids(models: Iterable[type[ContentPage]]) -> list[int]:
    """Ids of the public pages of these types whose publication is missing or old."""
    ids: list[int] = []
    for model in models:
        pages = model.objects.filter(public()).filter(Q(publication__isnull=True) | Q(publication__stale=True))
        ids += pages.order_by("pk").values_list("pk", flat=True)
    return ids


@transaction.atomic
def mark_stale(page_ids: Iterable[int]) -> None:
    """Say of these publications that what they show is old. Whoever writes them anew takes the mark away."""
    fresh = Publication.objects.filter(pk__in=list(page_ids), stale=False)
    # In the order of their ids, as everybody who takes many of them.
    held = fresh.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    Publication.objects.filter(pk__in=list(held)).update(stale=True)


def public() -> Q:
    """The pages that readers may see, as a condition: what ``_is_public`` says of one page."""
    condition = Q(live=True, alias_of__isnull=True) & (Q(expire_at__isnull=True) | Q(expire_at__gt=timezone.now()))
    for path in private_paths():
        condition &= ~Q(path__startswith=path)
    return condition


def private_paths() -> list[str]:
    """Tree paths at and below which nothing is public."""
    return list(PageViewRestriction.objects.values_list("page__path", flat=True))


def load(page_ids: Iterable[int]) -> list[Page]:
    """Specific pages with what their documents need, in few queries."""
    pages = list(Page.objects.filter(pk__in=list(page_ids)).specific())
    prefetch_related_objects(pages, "locale")
    content = [page for page in pages if isinstance(page, ContentPage)]
    prefetch_related_objects(
        content, "section", "image__renditions", "bylines__author", "tag_items__tag", "related_items", "corrections"
    )
    return pages


def _lock_tree(mode: str) -> None:
    """Until the transaction ends: ``shared`` by all who write, ``exclusive`` for who hides or shows a part of it."""
    suffix = "_shared" if mode == "shared" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{suffix}(%s)", [_TREE_LOCK])


def _is_private(page: Page) -> bool:
    return any(page.path.startswith(path) for path in private_paths())


def _withdraw_tree(page: Page) -> None:
    withdraw(Publication.objects.filter(page__path__startswith=page.path).values_list("page_id", flat=True))


def _is_public(page: Page, private: list[str]) -> bool:
    expired = page.expire_at is not None and page.expire_at <= timezone.now()
    return page.live and not expired and not page.alias_of_id and not any(page.path.startswith(p) for p in private)


def _save(pages: list[Page], changed: bool) -> None:
    rows = {page.pk: _rendered(page, changed) for page in pages}
    failed = [pk for pk, row in rows.items() if row is None]
    failed += _store([row for row in rows.values() if row], {page.pk: owner_of(page) for page in pages})
    if changed:
        _delete(failed)
    elif failed:
        mark_stale(failed)


def _store(rows: list[Publication], owners: dict[int, str]) -> list[int]:
    """Write these rows. Returns the ids of plugins' pages whose row the database refuses; the others are written."""
    if not any(owners.values()):
        _insert(rows)
        return []
    try:
        with transaction.atomic():
            _insert(rows)
    except DataError:
        refused = []
        for row in rows:
            owner = owners[row.pk]
            if not owner:
                _insert([row])
                continue
            refused.append(row.pk)
            with contained(f"publication of {row.type} {row.slug}", owner):
                _insert([row])
                refused.remove(row.pk)
        return refused
    return []


def _insert(rows: list[Publication]) -> None:
    if rows:
        Publication.objects.bulk_create(rows, update_conflicts=True, unique_fields=["page"], update_fields=_COLUMNS)
        search_index.write(rows)


def _rendered(page: Page, changed: bool) -> Publication | None:
    """The page's publication; None if its plugin doesn't run or fails."""
    owner = owner_of(page)
    if changed and not owner:
        return render(page)  # a fault of the core ends the change that the editor is making: nothing is half done
    if is_running(owner):
        with contained(f"publication of {page._meta.model_name} {page.slug}", owner):
            return render(page)
    return None


def _delete(page_ids: list[int]) -> None:
    if page_ids:
        Publication.objects.filter(pk__in=page_ids).delete()


def _rewrite_teasers_of(page_ids: list[int]) -> None:
    """Teasers show the address of the page that they open: they follow it."""
    teasers = TeaserPage.objects.filter(target_page_id__in=page_ids, live=True).exclude(pk__in=page_ids)
    if teasers:
        private = private_paths()
        _save([teaser for teaser in teasers if _is_public(teaser, private)], changed=False)


def _front_ids() -> "QuerySet[FrontPage, dict[str, Any]]":
    return FrontPage.objects.values("pk")
