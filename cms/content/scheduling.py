"""Pages that go live or expire at a set time."""

import logging
from collections.abc import Callable
from functools import cache

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

from cms.registry.faults import note
from cms.registry.owners import owner_of
from cms.registry.states import is_running

logger = logging.getLogger(__name__)


def run_due() -> int:
    """Publish approved revisions whose time has come, and unpublish expired pages. Returns how many.

    Each page is a transaction of its own: one that can't be published holds up no other. What belongs to a plugin that
    isn't loaded, is switched off or rests stays due until its plugin is back; readers don't see an expired page anyway.
    """
    now = timezone.now()
    done = 0
    for page in Page.objects.live().filter(expire_at__lt=now).order_by("expire_at").iterator(100):
        done += _attempt(
            page.content_type_id,
            page.pk,
            lambda page=page: page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled"),
        )
    due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
    for revision in due.iterator(100):
        done += _attempt(
            revision.content_type_id,
            revision.object_id,
            lambda revision=revision: revision.publish(log_action="wagtail.publish.scheduled"),
        )
    return done


def _attempt(type_id: int, key: int | str, change: Callable[[], object]) -> int:
    kind = ContentType.objects.get_for_id(type_id)
    model = kind.model_class()
    if model is None:
        _say_once(f"{kind.app_label}.{kind.model}")
        return 0
    owner = owner_of(model)
    if not is_running(owner):
        return 0
    try:
        with transaction.atomic():
            change()
    except Exception as error:
        note(owner, f"scheduled change of {model._meta.label} {key}", error)
        return 0
    return 1


@cache
def _say_once(kind: str) -> None:
    """Once in the life of a process: this is asked every few seconds."""
    logger.warning("Something of the type %s is due; it waits for the plugin of this type, which is not loaded", kind)
