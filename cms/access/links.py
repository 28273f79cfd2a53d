"""Links to previews, for people without a login."""

from datetime import timedelta
from enum import Enum

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Page, Revision

from cms.access import secret
from cms.access.models import ShareLink

#: Tells a link's token from the editor's own, which live for minutes.
PREFIX = "share-"
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=30)
#: Links of one page that work at the same time.
MOST_OF_A_PAGE = 50
#: How long a link that has ended stays in the list.
REMEMBERED = timedelta(days=90)
_OPENING_NOTED_EVERY = timedelta(minutes=1)


class TooMany(Exception):  # noqa: N818  (named for what happened)
    """This page has as many links as one can keep an eye on."""


class Ended(Enum):
    """Why a link that once worked shows nothing."""

    REVOKED = "revoked"
    EXPIRED = "expired"


def share(
    page: Page, lasting: timedelta, by: AbstractBaseUser, *, revision: Revision | None = None, note: str = ""
) -> str:
    """Make a link to this page's latest draft, or to one revision of it; gives its token, once.

    Raises ValueError for a time that is too short or too long or a revision of another page, TooMany.
    """
    if not SHORTEST <= lasting <= LONGEST:
        raise ValueError(f"A link lives from {SHORTEST} to {LONGEST}, not {lasting}.")
    if revision is not None and str(revision.object_id) != str(page.pk):
        raise ValueError("This is a revision of something else.")
    moment = timezone.now()
    links = ShareLink.objects.filter(page_id=page.pk)
    links.filter(Q(expires_at__lt=moment - REMEMBERED) | Q(revoked_at__lt=moment - REMEMBERED)).delete()
    if links.filter(revoked_at=None, expires_at__gt=moment).count() >= MOST_OF_A_PAGE:
        raise TooMany
    token = secret.make(PREFIX)
    ShareLink.objects.create(
        page_id=page.pk,
        revision=revision,
        note=note,
        digest=secret.digest(token),
        created_by=by,
        created_at=moment,
        expires_at=moment + lasting,
    )
    return token


def is_one(token: str) -> bool:
    """Whether this is meant as the token of a link, right or wrong."""
    return token.startswith(PREFIX)


def open_link(token: str) -> Page | Ended | None:
    """The page as this link shows it; why it no longer does; None if there is no such link (its page may be gone)."""
    link = ShareLink.objects.filter(digest=secret.digest(token[:200])).select_related("page", "revision").first()
    if link is None:
        return None
    if not link.is_live:
        return Ended.REVOKED if link.revoked_at else Ended.EXPIRED
    _note_opening(link)
    return link.revision.as_object() if link.revision else link.page.get_latest_revision_as_object()


def links_of(page: Page) -> QuerySet[ShareLink]:
    """All links of this page that are remembered, the newest first, with what a list shows of them."""
    return ShareLink.objects.filter(page_id=page.pk).select_related("created_by", "revision__user")


def _note_opening(link: ShareLink) -> None:
    moment = timezone.now()
    unnoted = Q(last_opened_at__isnull=True) | Q(last_opened_at__lte=moment - _OPENING_NOTED_EVERY)
    ShareLink.objects.filter(unnoted, pk=link.pk).update(last_opened_at=moment)
