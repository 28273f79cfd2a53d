"""Pages that go live or expire at a set time."""

import logging

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

logger = logging.getLogger(__name__)


def run_due() -> int:
    """Publish approved revisions whose time has come, and unpublish expired pages. Returns how many.

    Each page is a transaction of its own: one that can't be published holds up no other.
    """
    now = timezone.now()
    done = 0
    for page in Page.objects.live().filter(expire_at__lt=now).order_by("expire_at").specific().iterator(100):
        done += _attempt(
            page, lambda page=page: page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        )
    due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
    for revision in due.iterator(100):
        done += _attempt(
            revision.content_object,
            lambda revision=revision: revision.publish(log_action="wagtail.publish.scheduled"),
        )
    return done


def _attempt(page: Page, change) -> int:
    try:
        with transaction.atomic():
            change()
    except Exception:
        logger.exception("Page %s (%s) is due and could not be changed", page.pk, page)
        return 0
    return 1
