"""Compares live pages with publications, and makes them agree.

Publications are written where pages change; this is for what went past that: a change made in the database, a
restored backup, a fault.
"""

import logging
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q

from api.publications import shelves, writer
from api.publications.models import Publication
from cms.content.models import ContentPage, FrontPage
from cms.content.types import content_types
from cms.registry.owners import owner_of
from cms.registry.states import is_running

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Difference:
    """Ids of pages that are public and have no publication, an old one, or a publication and are not public."""

    missing: list[int]
    stale: list[int]
    surplus: list[int]

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.surplus)


def compare() -> Difference:
    """What differs now. A publication is stale if its page went live again after it, or moved, or if it is marked."""
    missing: list[int] = []
    stale: list[int] = []
    public = writer.public()
    for model in (ContentPage, FrontPage):
        pages = model.objects.filter(public).exclude(content_type__in=_not_running())
        missing += pages.filter(publication__isnull=True).values_list("pk", flat=True)
        stale += (
            pages.filter(publication__isnull=False)
            .filter(
                Q(publication__updated_at__lt=F("last_published_at"))
                | ~Q(publication__path=F("url_path"))
                | Q(publication__stale=True)
            )
            .values_list("pk", flat=True)
        )
    public_pages = [model.objects.filter(public).values("pk") for model in (ContentPage, FrontPage)]
    surplus = Publication.objects.exclude(Q(page__in=public_pages[0]) | Q(page__in=public_pages[1]))
    return Difference(missing, stale, list(surplus.values_list("pk", flat=True)))


def _not_running() -> list[ContentType]:
    """The types of plugins that are off or rest: nothing can be written of them now, and nothing is wrong with that."""
    models = [model for model in content_types().values() if not is_running(owner_of(model))]
    return list(ContentType.objects.get_for_models(*models).values())


def reconcile() -> Difference:
    """Repair what differs, and return what it was. Also adds up how much stands on the shelves of lists."""
    shelves.settle()
    difference = compare()
    if difference:
        logger.warning(
            "Publications differed from live pages: %d missing, %d stale, %d surplus; repaired",
            len(difference.missing),
            len(difference.stale),
            len(difference.surplus),
        )
        # All by the same way: what has become public or private since it was compared is seen again.
        writer.rewrite([*difference.missing, *difference.stale, *difference.surplus])
    return difference
