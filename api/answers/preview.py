"""Drafts as documents: what the public detail would be if the page were published as it stands."""

import logging
from typing import Any

from django.db import transaction
from wagtail.models import Page

from api.answers.front import front_preview
from api.publications import details
from api.publications.models import Publication
from api.publications.rendering import detail_document
from api.serializers.content import detail_serializer
from cms.content.models import ContentPage, FrontPage
from cms.registry.owners import owner_of

logger = logging.getLogger(__name__)
Document = dict[str, Any]


def draft_document(page: Page) -> Document | None:
    """The document of this draft, saved or not, in the shape of the public one; None for what readers never see."""
    if isinstance(page, FrontPage):
        return front_preview(page)
    if not isinstance(page, ContentPage):
        return None
    return {**details.filled_draft(_detail(page)), "translations": _translations(page)}


def _detail(page: ContentPage) -> Document:
    """The detail; the common part of it where the plugin of its type fails.

    A draft may be half-written. What a plugin makes of one is no fault that counts against it.
    """
    owner = owner_of(page)
    if not owner:
        return detail_document(page)
    try:
        with transaction.atomic():
            return detail_document(page)
    except Exception:
        logger.exception("Plugin %s can't show the draft of %s %s", owner, page.get_type_name(), page.slug)
        return dict(detail_serializer(ContentPage)().to_representation(page))


def _translations(page: ContentPage) -> list[Document]:
    others = Publication.objects.visible().filter(translation_key=page.translation_key, type=page.get_type_name())
    teasers = details.teasers(others.exclude(pk=page.pk or 0).values_list("pk", flat=True))
    shown = sorted(teasers.values(), key=lambda teaser: str(teaser["locale"]))
    return [details.translation(teaser) for teaser in shown]
